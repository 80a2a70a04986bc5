import { describe, expect, it } from 'vitest';
import { type CheckOptions, checkTemplates } from '../../../lib/checks/check-templates';
import type { Rule } from '../../../lib/checks/rule';
import { RULES } from '../../../lib/checks/rules';
import type { TemplateSet } from '../../../lib/template/read-templates';
import type { TemplateDocument } from '../../../lib/template/template-resource';
import { NO_VALUE, ref } from './literal-fixture';

const set = (template: object, more: Partial<TemplateSet> = {}): TemplateSet => ({
  templates: { Mine: template as TemplateDocument },
  stackNames: new Map(),
  nested: new Map(),
  artifacts: new Map(),
  files: new Map(),
  regions: new Map(),
  ...more,
});
const rule = (id: string): Rule => {
  const found = RULES.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no rule ${id}`);
  return found;
};
const rules = [rule('sqs-long-polling')];
const wait = (seconds: unknown) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { ReceiveMessageWaitTimeSeconds: seconds },
});
/** What is said of the first resource. */
function said(template: object, options: CheckOptions = {}) {
  const [finding] = checkTemplates(set(template), { rules, ...options }).findings;
  const { verdict, when } = finding ?? {};
  return verdict === undefined
    ? 'nothing'
    : verdict.kind === 'violation'
      ? [verdict.kind, ...(when ?? [])]
      : verdict.kind;
}

describe('a checked template', () => {
  const Stage = { Type: 'String', AllowedValues: ['dev', 'qa', 'prod'] };
  const Conditions = {
    IsProd: { 'Fn::Equals': [ref('Stage'), 'prod'] },
    HasName: { 'Fn::Not': [{ 'Fn::Equals': [ref('Name'), ''] }] },
  };
  const shop = (Jobs: object) => ({ Parameters: { Stage, Name: { Type: 'String' } }, Conditions, Resources: { Jobs } });
  const ifProd = (yes: unknown, no: unknown) => wait({ 'Fn::If': ['IsProd', yes, no] });
  const ifNamed = (yes: unknown, no: unknown) => wait({ 'Fn::If': ['HasName', yes, no] });

  it.each([
    ['the same in each way', wait(20), 'compliant'],
    ['wrong in each way', wait(1), ['violation']],
    ['wrong with one value', ifProd(1, 20), ['violation', 'Stage is prod']],
    ['wrong with two values', ifProd(20, NO_VALUE), ['violation', 'Stage is dev', 'Stage is qa']],
    ['right by what nothing lists', ifNamed(20, 20), 'compliant'],
    ['wrong by what nothing lists', ifNamed(1, 2), ['violation']],
    ['wrong by one of what nothing lists', ifNamed(20, NO_VALUE), 'cannot-tell'],
    ['wrong, if it is deployed', { ...wait(1), Condition: 'HasName' }, 'cannot-tell'],
    ['right, if it is deployed', { ...wait(20), Condition: 'HasName' }, 'compliant'],
    ['wrong where it is deployed with a value', { ...wait(1), Condition: 'IsProd' }, ['violation', 'Stage is prod']],
    ['left to deployment', wait(ref('Elsewhere')), 'cannot-tell'],
    ['never deployed', { ...wait(1), Condition: 'Never' }, 'nothing'],
  ])('is %s', (_what, jobs, expected) => {
    const template = shop(jobs);
    const Never = { 'Fn::Equals': ['a', 'b'] };
    expect(said({ ...template, Conditions: { ...Conditions, Never } })).toEqual(expected);
  });

  it('says what it depends on, where it cannot tell', () => {
    const [finding] = checkTemplates(set(shop(ifNamed(20, 1))), { rules }).findings;
    expect(finding?.verdict).toEqual({
      kind: 'cannot-tell',
      why: 'where HasName does not hold: ReceiveMessageWaitTimeSeconds is 1; allowed: 20',
    });
  });

  it('has a resource that depends on too many ways as it is, and says that it cannot tell', () => {
    const Parameters = { A: { Type: 'String', AllowedValues: [...'abcdefgh'] }, ...shop({}).Parameters };
    expect(said({ ...shop({ ...wait(1), Condition: 'HasName' }), Parameters })).toBe('cannot-tell');
    expect(said({ ...shop({ ...wait(20), Condition: 'HasName' }), Parameters })).toBe('compliant');
  });

  it('has the values of parameters, given or by default', () => {
    const template = { Parameters: { Wait: { Type: 'Number', Default: 1 } }, Resources: { Jobs: wait(ref('Wait')) } };
    expect(said(template)).toEqual(['violation']);
    expect(said(template, { parameters: { Wait: '20' } })).toBe('compliant');
  });

  it('has the region of the app before the one that is given', () => {
    const IsHere = { 'Fn::Equals': [ref('AWS::Region'), 'eu-west-1'] };
    const template = { Conditions: { IsHere }, Resources: { Jobs: { ...wait(1), Condition: 'IsHere' } } };
    expect(said(template, { region: 'eu-west-1' })).toEqual(['violation']);
    const regions = new Map([['Mine', 'us-east-1']]);
    expect(checkTemplates(set(template, { regions }), { rules, region: 'eu-west-1' }).findings).toEqual([]);
  });

  it('goes on after a rule that fails, and says so of the resource', () => {
    const failing: Rule = {
      ...rule('sqs-dlq-required'),
      check: () => {
        throw new TypeError('x is not iterable');
      },
    };
    const { findings } = checkTemplates(set({ Resources: { Jobs: wait(1) } }), { rules: [failing, ...rules] });
    expect(findings.map(({ verdict }) => verdict)).toEqual([
      { kind: 'failed', why: 'x is not iterable' },
      { kind: 'violation', findings: [expect.stringContaining('is 1')] },
    ]);
  });

  it('lists every resource that is there in some way', () => {
    const template = shop({ ...wait(1), Condition: 'IsProd' });
    expect(checkTemplates(set(template), { rules }).resources.map(({ logicalId }) => logicalId)).toEqual(['Jobs']);
  });
});
