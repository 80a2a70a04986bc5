import type { ResourceDocument, TemplateDocument } from '../template/template-resource';

/** Templates that keep a rule and that break it, with both sides of a bound where it has one. */
export interface RuleExample {
  /** Resources by logical id that keep the rule; at the bound, where there is one. */
  readonly fixed: Readonly<Record<string, ResourceDocument>>;
  /** Changes that break it, each by itself; just beyond the bound, where there is one. */
  readonly broken: readonly ExampleChange[];
}

/** New values by path, such as `Queue.Properties.VisibilityTimeout`; `null` takes out what is there. A logical id alone is a resource. */
export type ExampleChange = Readonly<Record<string, unknown>>;

/** The template that keeps the rule. */
export function fixedTemplate({ fixed }: RuleExample): TemplateDocument {
  return { Resources: structuredClone(fixed) };
}

/** The templates that break it, in the order of their changes. @throws Error for a change of what is not there */
export function brokenTemplates({ fixed, broken }: RuleExample): TemplateDocument[] {
  return broken.map((change) => {
    const Resources: Record<string, unknown> = structuredClone(fixed);
    for (const [path, value] of Object.entries(change)) put(Resources, path.split('.'), value);
    return { Resources: Resources as Record<string, ResourceDocument> };
  });
}

function put(resources: Record<string, unknown>, steps: readonly string[], value: unknown): void {
  let holder = resources;
  for (const step of steps.slice(0, -1)) {
    const next = holder[step];
    if (typeof next !== 'object' || next === null) throw new Error(`There is nothing at ${steps.join('.')}`);
    holder = next as Record<string, unknown>;
  }
  const last = steps.at(-1) ?? '';
  if (value === null) delete holder[last];
  else holder[last] = structuredClone(value);
}
