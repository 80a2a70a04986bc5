import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Checked, checkTemplates } from '../../../lib/checks/check-templates';
import { notJudged } from '../../../lib/checks/not-judged';
import { circularReferences } from '../../../lib/template/circular-references';
import { NotATemplate, parseTemplate } from '../../../lib/template/parse-template';
import type { TemplateSet } from '../../../lib/template/read-templates';
import { mutatedTemplate } from './mutated-template-fixture';

/** Templates of each run. */
const RUNS = 3000;

function setOf(text: string): TemplateSet | undefined {
  try {
    const files = {
      stackNames: new Map(),
      nested: new Map(),
      artifacts: new Map(),
      files: new Map(),
      regions: new Map(),
    };
    return { templates: { Mine: parseTemplate(text) }, ...files };
  } catch (error) {
    // A place that CloudFormation does not take, and that the reader refuses in a line.
    if (!(error instanceof NotATemplate)) throw error;
    return undefined;
  }
}

function judged(text: string): Checked | undefined {
  const set = setOf(text);
  if (set === undefined) return undefined;
  const checked = checkTemplates(set);
  notJudged(checked.inventory, checked.resources);
  circularReferences(checked.inventory);
  return checked;
}

describe('templates with any value in any place', () => {
  it('end no run and fail no rule', () => {
    let read = 0;
    fc.assert(
      fc.property(mutatedTemplate, (text) => {
        const checked = judged(text);
        if (checked !== undefined) read += 1;
        const failed = (checked?.findings ?? []).filter(({ verdict }) => verdict.kind === 'failed');
        expect(failed.map(({ id, verdict }) => [id, verdict])).toEqual([]);
      }),
      // The same templates each time: a fault that is found by chance is found by whoever changed the code.
      { numRuns: RUNS, seed: 2026 },
    );
    // Nearly all of them are templates to the reader: else nothing is tried.
    expect(read).toBeGreaterThan(RUNS / 2);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'may be called %s, as resources, parameters, conditions, outputs and properties',
    (name) => {
      const own = `{"${name}": `;
      const text = `{
        "Parameters": ${own}{"Type": "String", "AllowedValues": ["a", "b"]}},
        "Conditions": ${own}{"Fn::Equals": [{"Ref": "${name}"}, "a"]}},
        "Mappings": ${own}${own}${own}1}}},
        "Resources": ${own}{"Type": "AWS::SQS::Queue", "Condition": "${name}",
          "Metadata": {"groundplan": {"acknowledge": ${own}{"reason": "x"}}}},
          "Properties": {"${name}": {"Ref": "${name}"}, "Tags": [${own}{"Fn::FindInMap": ["${name}", "${name}", "${name}"]}}]}}},
        "Outputs": ${own}{"Value": {"Fn::GetAtt": ["${name}", "Arn"]}, "Export": {"Name": "${name}"}}}
      }`;
      const [finding] = (judged(text)?.findings ?? []).filter(({ id }) => id === 'sqs-dlq-required');
      expect([finding?.resource.logicalId, finding?.verdict.kind]).toEqual([name, 'violation']);
      expect(finding?.when).toEqual([`${name} is a`]);
    },
  );
});
