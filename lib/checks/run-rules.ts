import type { Stage } from 'aws-cdk-lib';
import type { CatalogueId } from './catalogue';
import { Inventory, type InventoryOptions } from './inventory';
import type { Verdict } from './rule';
import { RULES } from './rules';
import { CannotTell, type TemplateDocument, type TemplateResource } from './template-resource';

/** What one rule says of one resource that it applies to. */
export interface Finding {
  readonly id: CatalogueId;
  readonly resource: TemplateResource;
  readonly verdict: Exclude<Verdict, { kind: 'not-applicable' }>;
}

/** Judges one resource by one rule; what is known only at deployment becomes "cannot tell". */
export function judge(rule: (typeof RULES)[number], resource: TemplateResource, inventory: Inventory): Verdict {
  try {
    return rule.check(resource, inventory);
  } catch (error) {
    if (!(error instanceof CannotTell)) throw error;
    return { kind: 'cannot-tell', why: error.message };
  }
}

/** Runs every rule on templates, by stack name. Needs no CDK: use it on what `cdk synth` wrote, or on any template. */
export function runRulesOnTemplates(
  templates: Readonly<Record<string, TemplateDocument>>,
  options: InventoryOptions = {},
): Finding[] {
  const inventory = new Inventory(templates, options);
  return inventory.resources.flatMap((resource) =>
    RULES.filter(({ types }) => types.includes(resource.type)).flatMap((rule) => {
      const verdict = judge(rule, resource, inventory);
      return verdict.kind === 'not-applicable' ? [] : [{ id: rule.id, resource, verdict }];
    }),
  );
}

/** Synthesizes an app, or a stage of one, and runs every rule on all of its stacks. */
export function runRules(app: Stage, options: InventoryOptions = {}): Finding[] {
  const { stacksRecursively } = app.synth();
  const templates = stacksRecursively.map(({ stackName, template }) => [stackName, template as TemplateDocument]);
  return runRulesOnTemplates(Object.fromEntries(templates) as Record<string, TemplateDocument>, options);
}
