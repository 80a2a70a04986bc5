import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../../cdk.json';
import { type CatalogueId, Inventory, RULES, type TemplateDocument, type Verdict } from '../../../lib/checks';
import { judge } from '../../../lib/checks/rule';
import { MutableTemplate } from '../../../local/weaken/mutable-template';

type Change = (template: MutableTemplate) => void;

/** What a rule should say of a changed template. */
export interface Case {
  readonly verdict: Verdict['kind'];
  readonly when: string;
  /** @default - the template as it is */
  readonly change?: Change | readonly Change[];
  /** @default true */
  readonly strict?: boolean;
  /** Part of the logical id of the resource in question. @default - the first of its type */
  readonly subject?: string;
  /** What a finding says. */
  readonly says?: RegExp;
}

/** The template of a stack, with the project's feature flags. */
export function template(build: (stack: Stack) => void): TemplateDocument {
  const app = new App({ context: { ...cdkJson.context }, builtinCloudFormationValidation: false });
  build(new Stack(app, 'Mine'));
  return app.synth().getStackByName('Mine').template as TemplateDocument;
}

/** A template of plain resources. */
export function resources(
  types: Readonly<Record<string, readonly [type: string, properties: object]>>,
): TemplateDocument {
  const all = Object.entries(types).map(([id, [Type, Properties]]) => [id, { Type, Properties }]);
  return { Resources: Object.fromEntries(all) as NonNullable<TemplateDocument['Resources']> };
}

/** What a rule says of one resource. */
function verdictOf(id: CatalogueId, type: string, document: TemplateDocument, options: Partial<Case> = {}): Verdict {
  const rule = RULES.find((each) => each.id === id);
  const changed = new MutableTemplate(document);
  for (const change of [options.change ?? []].flat()) change(changed);
  const [logicalId = ''] = changed.all(type, options.subject).map(([name]) => name);
  const inventory = new Inventory({ Mine: changed.document }, { strict: options.strict ?? true });
  const resource = inventory.find('Mine', logicalId);
  if (rule === undefined || resource === undefined) throw new Error(`no rule ${id}, or no ${type}`);
  // Rules are run on the types that they name, and on no others.
  return rule.types.includes(type) ? judge(rule, resource, inventory) : { kind: 'not-applicable' };
}

/** What a rule says of a resource of a template, case by case. Every rule must be seen to object. */
export function table(id: CatalogueId, type: string, base: TemplateDocument, cases: readonly Case[]): void {
  describe(`${id} on ${type}`, () => {
    it.each(cases.map((each) => [each.verdict, each.when, each] as const))('is %s: %s', (kind, _when, each) => {
      const verdict = verdictOf(id, type, base, each);
      expect(verdict).toMatchObject({ kind });
      if (each.says !== undefined) expect(JSON.stringify(verdict)).toMatch(each.says);
    });

    it('has a case in which it objects', () => {
      expect(cases.map(({ verdict }) => verdict)).toContain('violation');
    });
  });
}

/** Known only at deployment. */
export const PARAMETER = { Ref: 'Parameter' };
