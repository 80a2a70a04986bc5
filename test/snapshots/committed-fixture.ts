import { join } from 'node:path';
import { expect } from 'vitest';
import { isObject, type Json, type JsonObject, normalized, printed } from './readable-template';
import { applied, differenceOf, type Sides } from './template-difference';

/** The file of a pattern's stage or variant: `event-driven.prod`. */
export const fileOf = (name: string): string => join(__dirname, `${name}.json`);

/** Expects a template, or the templates of several stacks by the stacks' names, to be as committed. */
export async function expectCommitted(name: string, template: JsonObject): Promise<void> {
  const text = printed('Resources' in template ? normalized(template) : ofStacks(template, normalized));
  await expect(text).toMatchFileSnapshot(fileOf(name));
}

/**
 * Expects what a stage or a variant changes to be as committed; and that this is all there is: done to the template that it starts
 * from, the text gives the other one.
 */
export async function expectCommittedDifference(
  name: string,
  [before, after]: readonly [before: JsonObject, after: JsonObject],
  sides: Sides,
): Promise<void> {
  const text = printed(
    'Resources' in after
      ? toldAndTried(before, after, sides)
      : ofStacks({ ...before, ...after }, (_, stack) =>
          toldAndTried(partOf(before, stack), partOf(after, stack), sides),
        ),
  );
  await expect(text).toMatchFileSnapshot(fileOf(name));
}

/** What differs between two templates, after a look whether the way back leads to the other one. */
function toldAndTried(before: JsonObject, after: JsonObject, sides: Sides): JsonObject {
  const [was, is] = [normalized(before), normalized(after)];
  const difference = differenceOf(was, is, sides);
  expect(applied(was, JSON.parse(printed(difference)))).toEqual(is);
  return difference;
}

function ofStacks(templates: JsonObject, make: (template: JsonObject, stack: string) => JsonObject): JsonObject {
  const stacks = Object.keys(templates).map((stack): [string, Json] => [stack, make(partOf(templates, stack), stack)]);
  return Object.fromEntries(stacks);
}

/** The template of a stack; an empty one of a stack that is not there. */
function partOf(templates: JsonObject, stack: string): JsonObject {
  const template = templates[stack];
  return isObject(template) ? template : {};
}
