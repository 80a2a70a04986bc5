import { decidedTemplates } from '../template/decided-template';
import { TemplateIndex, type TemplateIndexOptions } from '../template/template-index';
import type { TemplateDocument } from '../template/template-resource';
import { rehearseCreate } from './create';
import { rehearseDelete } from './delete';
import { Dependencies } from './dependencies';
import type { Finding, Weight } from './finding';
import { rehearseFirstUse } from './first-use';
import { rehearseReferences } from './late-bound';
import { rehearseSecondCopy } from './second-copy';
import { type Teardown, teardownOf } from './teardown';
import { rehearseUnjudged } from './unjudged';
import { rehearseUpdate } from './update';

/** Templates by the names of their stacks. */
export type Templates = Readonly<Record<string, TemplateDocument>>;

/** What a rehearsal needs beside the templates. */
export interface RehearsalOptions extends TemplateIndexOptions {
  /** What is deployed today: the update from it is rehearsed, too. @default - no update */
  readonly from?: Templates;
  /** What is nested in it, and what its stacks are called. @default - as in the new templates */
  readonly fromStacks?: TemplateIndexOptions;
}

const WORST_FIRST: readonly Weight[] = ['fault', 'cannot-tell', 'notice'];

/**
 * Plays the life of stacks: created, created again, once more beside, updated, deleted. Conditions are decided by the defaults of the
 * parameters, where they can be.
 *
 * @returns what was found, worst first
 */
export function rehearse(
  templates: Templates,
  { from, fromStacks, ...options }: RehearsalOptions = {},
): readonly Finding[] {
  const index = indexOf(templates, options);
  const before = from === undefined ? undefined : indexOf(from, fromStacks ?? options);
  const dependencies = new Dependencies(index);
  const found = [
    ...rehearseCreate(index, dependencies),
    ...rehearseFirstUse(index, before),
    ...rehearseSecondCopy(index),
    ...rehearseReferences(index),
    ...(before === undefined ? [] : rehearseUpdate(before, index)),
    ...rehearseDelete(index, dependencies),
    ...rehearseUnjudged(index),
  ];
  return found.sort((a, b) => WORST_FIRST.indexOf(a.weight) - WORST_FIRST.indexOf(b.weight));
}

/** What the deletion of stacks leaves behind. Conditions are decided as in {@link rehearse}. */
export function teardown(templates: Templates, options: TemplateIndexOptions = {}): Teardown {
  return teardownOf(indexOf(templates, options));
}

function indexOf(templates: Templates, options: TemplateIndexOptions): TemplateIndex {
  return new TemplateIndex(
    decidedTemplates(templates, options.nested === undefined ? {} : { nested: options.nested }),
    options,
  );
}
