import type { CatalogueId } from '../catalogue/catalogue';
import type { TemplateDocument, TemplateResource } from '../template/template-resource';
import { Inventory, type InventoryOptions } from './inventory';
import { judge, type Rule, type Verdict } from './rule';
import { RULES } from './rules';

/** What one rule says of one resource that it applies to. */
export interface Finding {
  readonly id: CatalogueId;
  readonly resource: TemplateResource;
  readonly verdict: Exclude<Verdict, { kind: 'not-applicable' }>;
}

/** Runs every rule on templates, by stack name. Use it on what `cdk synth` wrote, or on any template. */
export function runRulesOnTemplates(
  templates: Readonly<Record<string, TemplateDocument>>,
  options: InventoryOptions = {},
): Finding[] {
  return findingsIn(new Inventory(templates, options));
}

/** What rules say of the resources that they apply to. */
export function findingsIn(inventory: Inventory, rules: readonly Rule[] = RULES): Finding[] {
  const byType = new Map<string, Rule[]>();
  for (const rule of rules) for (const type of rule.types) byType.set(type, [...(byType.get(type) ?? []), rule]);
  return inventory.resources.flatMap((resource) =>
    (byType.get(resource.type) ?? []).flatMap((rule) => {
      const verdict = judge(rule, resource, inventory);
      return verdict.kind === 'not-applicable' ? [] : [{ id: rule.id, resource, verdict }];
    }),
  );
}
