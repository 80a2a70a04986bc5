// @project unit
import { describe, expect, it } from 'vitest';
import { RULES } from '../../../../lib/checks/rules';
import { readCheckOptions, tierOf } from '../../../../lib/operations/check/options';

const rules = (...args: readonly string[]) => readCheckOptions(args).rules.map(({ id }) => id);

describe('the options of groundplan check', () => {
  it('have defaults', () => {
    expect(readCheckOptions([])).toEqual({
      paths: ['cdk.out'],
      parameters: {},
      region: undefined,
      format: 'text',
      severity: 'error',
      rules: RULES,
      baseline: undefined,
      writeBaseline: undefined,
      explain: undefined,
      list: false,
    });
  });

  it('choose rules by profile, tier and id, in lists and again and again', () => {
    const of = (want: (rule: (typeof RULES)[number]) => boolean) => RULES.filter(want).map(({ id }) => id);
    expect(rules('--profile', 'cost,security')).toEqual(of(({ profile }) => ['cost', 'security'].includes(profile)));
    expect(rules('--tier', '1', '--tier', '3')).toEqual(of(({ id }) => tierOf(id) !== 2));
    expect(rules('--only', 'sqs-dlq-required, kms-rotation')).toEqual(['kms-rotation', 'sqs-dlq-required']);
    expect(rules('--skip', 'kms-rotation')).toEqual(of(({ id }) => id !== 'kms-rotation'));
  });

  it.each([
    [['--format', 'xml'], '--format is xml; allowed: text, json, sarif, junit, markdown'],
    [['--severity', 'high'], '--severity is high; allowed: error, warning, advice'],
    [['--profile', 'cost,'], '--profile is ; allowed: correctness, security, operations, cost'],
    [['--tier', '4'], '--tier is 4; allowed: 1, 2, 3'],
    [['--only', 'nope'], '--only is nope; allowed: a rule; groundplan check --list prints all of them'],
    [['--skip', 'toString'], '--skip is toString; allowed: a rule; groundplan check --list prints all of them'],
    [['--region', 'Ireland'], '--region is Ireland; allowed: a region such as eu-west-1'],
    [
      ['--only', 'kms-rotation', '--skip', 'kms-rotation'],
      'No rule is left: --profile, --tier, --only and --skip leave out all of them',
    ],
    [['--unknown'], /^Unknown option '--unknown'/],
  ])('refuse %j', (args, message) => {
    expect(() => readCheckOptions(args)).toThrow(expect.objectContaining({ exitCode: 2 }));
    expect(() => readCheckOptions(args)).toThrow(message);
  });
});
