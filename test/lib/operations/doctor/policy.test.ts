import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../../../lib/operations/doctor/aws/operations';
import { policy } from '../../../../lib/operations/doctor/policy';

describe('the policy', () => {
  it('allows each action once, and reads alone', () => {
    const { Statement } = policy() as { readonly Statement: readonly { readonly Action: readonly string[] }[] };
    const actions = Statement.flatMap(({ Action }) => Action);
    expect(actions).toEqual(Object.keys(OPERATIONS).sort());
    expect(actions.filter((action) => !/:(Get|List|Describe)|^apigateway:GET$/.test(action))).toEqual([]);
  });
});
