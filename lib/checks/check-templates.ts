import { alternativesOf } from '../template/alternatives';
import type { TemplateSet } from '../template/read-templates';
import type { TemplateResource } from '../template/template-resource';
import { Inventory, type InventoryOptions } from './inventory';
import type { Rule } from './rule';
import { type Finding, findingsIn } from './run-rules';

/** How templates are checked. */
export interface CheckOptions extends Pick<InventoryOptions, 'strict' | 'accountConcurrency'> {
  /** @default - all */
  readonly rules?: readonly Rule[];
  /** Values of parameters, by name, for each stack that has the parameter. @default - their defaults */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Region of the stacks whose app does not say it. @default - known at deployment only */
  readonly region?: string | undefined;
}

/** What one rule says of one resource, in whatever way its stack is deployed. */
export interface CheckedFinding extends Finding {
  /** With which values of parameters, where it is not with all of them: such as `Stage is prod`. */
  readonly when: readonly string[];
}

/** Templates, judged. */
export interface Checked {
  readonly findings: readonly CheckedFinding[];
  /** Every resource that is deployed, in some way at least. */
  readonly resources: readonly TemplateResource[];
  /** Who refers to whom, when the stacks are deployed in the first of the ways. */
  readonly inventory: Inventory;
}

/** What is said of one resource by one rule in each of the ways. */
interface Said {
  readonly finding: Finding;
  readonly parameters: string;
  readonly conditions: string;
}

/**
 * Judges templates as a deployment has them: conditions, mappings and parameters are decided once, before a rule sees them. What depends on
 * a parameter without a value is judged for each value that it allows, where they are few.
 */
export function checkTemplates(set: TemplateSet, options: CheckOptions = {}): Checked {
  const { rules, parameters = {}, region, ...more } = options;
  const known = (stack: string) => ({ parameters, region: set.regions.get(rootOf(set, stack)) ?? region });
  const ways = alternativesOf(set.templates, { nested: set.nested, known, substitutes: true });
  const inventories = ways.map(
    ({ templates }) => new Inventory(templates, { nested: set.nested, stackNames: set.stackNames, ...more }),
  );
  const said = new Map<string, Said[]>();
  for (const [index, inventory] of inventories.entries()) {
    const way = ways[index];
    const [values, conditions] = [way?.parameters.join(' and ') ?? '', way?.conditions.join(' and ') ?? ''];
    for (const finding of findingsIn(inventory, rules)) {
      const key = `${finding.id} ${finding.resource.stack}/${finding.resource.logicalId}`;
      const entry = { finding, parameters: values, conditions };
      said.set(key, [...(said.get(key) ?? []), entry]);
    }
  }
  const conditions = new Set(ways.map((way) => way.conditions.join(' and ')));
  const resources = new Map<string, TemplateResource>();
  for (const each of inventories.flatMap((inventory) => inventory.resources)) {
    const key = `${each.stack}/${each.logicalId}`;
    if (!resources.has(key)) resources.set(key, each);
  }
  return {
    findings: [...said.values()].map((each) => together(each, conditions, ways.length)),
    resources: [...resources.values()],
    inventory: inventories[0] ?? new Inventory({}),
  };
}

/** What is said in any of the ways: the worst of it, where nothing but a listed value leads there. */
function together(said: readonly Said[], conditions: ReadonlySet<string>, ways: number): CheckedFinding {
  const of = (kind: Finding['verdict']['kind']) => said.filter(({ finding }) => finding.verdict.kind === kind);
  const [failed] = of('failed');
  if (failed !== undefined) return { ...failed.finding, when: [] };
  const violations = of('violation');
  const [worst] = violations;
  if (worst === undefined) {
    const [first] = [...of('cannot-tell'), ...of('compliant')];
    if (first === undefined) throw new Error('A finding has a verdict');
    return { ...first.finding, when: [] };
  }
  const { verdict, resource } = worst.finding;
  const isSure = [...conditions].every((each) => violations.some((violation) => violation.conditions === each));
  if (isSure && resource.condition === undefined) {
    const when = violations.length === ways ? [] : [...new Set(violations.map((each) => each.parameters))];
    return { ...worst.finding, when: when.filter((each) => each !== '') };
  }
  const findings = verdict.kind === 'violation' ? verdict.findings.join('; ') : '';
  const where = isSure ? `where ${resource.condition} holds` : `where ${worst.conditions}`;
  return { ...worst.finding, verdict: { kind: 'cannot-tell', why: `${where}: ${findings}` }, when: [] };
}

function rootOf({ nested }: TemplateSet, stack: string): string {
  const seen = new Set<string>();
  let root = stack;
  for (let place = nested.get(root); place !== undefined && !seen.has(root); place = nested.get(root)) {
    seen.add(root);
    root = place.parent;
  }
  return root;
}
