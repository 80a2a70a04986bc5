import { describe, expect, it } from 'vitest';
import { allowedGuardrails, demandedGuardrails, isNumbered } from '../../../lib/checks/guardrail-version';
import { statementsIn } from '../../../lib/template/policy-statements';
import { CannotTell } from '../../../lib/template/template-resource';
import { att, inventoryOf, join, PARAMETER, ref, resourceIn } from './literal-fixture';

const inventory = inventoryOf({
  It: ['X', {}],
  Guard: ['AWS::Bedrock::Guardrail', {}],
  Version: ['AWS::Bedrock::GuardrailVersion', {}],
});
const numbered = (value: unknown) => isNumbered(resourceIn(inventory, 'It'), value, inventory);
const ARN = 'arn:aws:bedrock:eu-west-1:111111111111:guardrail/abc';

describe('a version', () => {
  it.each(['1', '12', '?', '????', 'abc:1', `${ARN}:1`, `${ARN}:*`, `${ARN}:??`])('is numbered: %s', (value) => {
    expect(numbered(value)).toBe(true);
  });
  it.each(['', '*', 'DRAFT', ARN, `${ARN}:DRAFT`, '?????', '1a', 'a1', `${ARN}:1x`])('is not: %s', (value) => {
    expect(numbered(value)).toBe(false);
  });
  it('is numbered by a version of the template, and not by its guardrail', () => {
    expect([
      numbered(att('Version', 'Version')),
      numbered(join(att('Guard', 'GuardrailArn'), ':', att('Version', 'Version'))),
    ]).toEqual([true, true]);
    expect([numbered(att('Guard', 'Version')), numbered(ref('Guard')), numbered(join(ARN, att('Guard')))]).toEqual([
      false,
      false,
      false,
    ]);
    expect(numbered(join(att('Guard', 'GuardrailArn'), ':1'))).toBe(true);
    expect(numbered(join(att('Guard', 'GuardrailArn'), ':DRAFT'))).toBe(false);
  });
  it.each([PARAMETER, ref('Version'), att('Version', 'GuardrailId'), join(ARN, ':', PARAMETER)])(
    'cannot be told: %j',
    (value) => {
      expect(() => numbered(value)).toThrow(new CannotTell("the guardrail's version is known only at deployment"));
    },
  );
});

describe('a condition', () => {
  const KEY = 'bedrock:GuardrailIdentifier';
  const of = (operator: string, key = KEY, value: unknown = ['a', 'b']) => {
    const [statement] = statementsIn({ Statement: { Effect: 'Allow', Condition: { [operator]: { [key]: value } } } });
    return [allowedGuardrails(statement ?? expect.fail()), demandedGuardrails(statement ?? expect.fail())];
  };
  it.each(['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike'])('of %s allows', (operator) => {
    expect(of(operator)).toEqual([['a', 'b'], []]);
  });
  it.each([
    'StringNotEquals',
    'StringNotLike',
    'ArnNotEquals',
    'ArnNotLike',
    'StringNotEqualsIfExists',
    'ArnNotLikeIfExists',
  ])('of %s demands', (operator) => {
    expect(of(operator)).toEqual([[], ['a', 'b']]);
  });
  it.each([
    'StringEqualsIfExists',
    'ForAnyValue:StringEquals',
    'ForAnyValue:StringNotEquals',
    'StringNotEqualsIgnoreCase',
    'StringEqualsIgnoreCase',
    'Null',
  ])('of %s does neither', (operator) => {
    expect(of(operator)).toEqual([[], []]);
  });
  it('is of the key, in any case, with one value or many', () => {
    expect(of('StringEquals', KEY.toLowerCase(), 'a')).toEqual([['a'], []]);
    expect(of('StringEquals', 'aws:SourceAccount')).toEqual([[], []]);
  });
});
