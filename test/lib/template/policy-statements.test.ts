import { expect, it } from 'vitest';
import { listOf, statementsIn } from '../../../lib/template/policy-statements';
import { PARAMETER } from '../checks/literal-fixture';

it('reads statements, one or many', () => {
  expect(statementsIn(undefined)).toEqual([]);
  expect(
    statementsIn({
      Statement: { Effect: 'Deny', Action: ['a:B', PARAMETER], NotResource: 'c', Condition: { Bool: {} } },
    }),
  ).toEqual([
    {
      effect: 'Deny',
      actions: ['a:B', ''],
      resources: [],
      exceptedActions: [],
      inverted: ['NotResource'],
      hasCondition: true,
      condition: { Bool: {} },
    },
  ]);
  expect(statementsIn({ Statement: [{ Effect: 'Allow', NotAction: 'a:B', Resource: ['c', 'd'] }] })).toEqual([
    {
      effect: 'Allow',
      actions: [],
      resources: ['c', 'd'],
      exceptedActions: ['a:B'],
      inverted: ['NotAction'],
      hasCondition: false,
      condition: {},
    },
  ]);
  expect([listOf(undefined), listOf('a'), listOf(['a', 'b'])]).toEqual([[], ['a'], ['a', 'b']]);
});
