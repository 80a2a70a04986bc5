import { expect, it } from 'vitest';
import { allows, listOf, statementsIn } from '../../../lib/template/policy-statements';
import { allow, PARAMETER } from '../checks/literal-fixture';

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

it('passes over what is no statement', () => {
  expect(statementsIn({ Statement: [null, 'x', allow('a:B')] }).map(({ actions }) => actions)).toEqual([['a:B']]);
});

it.each([
  [allow('s3:PutObject'), true],
  [allow(['s3:GetObject', 's3:Put*']), true],
  [allow('S3:PUTOBJECT'), true],
  [allow('s3:?utObject'), true],
  [allow('*'), true],
  [allow('s3:PutObjectAcl'), false],
  [allow('s3:PutObjec'), false],
  [allow('s3.PutObject'), false],
  [allow('s3:P(ut)Object'), false],
  [allow(PARAMETER), false],
  [allow(undefined), false],
  [{ Effect: 'Deny', Action: '*' }, false],
  [{ Effect: 'Allow', NotAction: 'iam:*' }, true],
  [{ Effect: 'Allow', NotAction: 's3:Put*' }, false],
])('%j allows s3:PutObject: %s', (statement, yes) => {
  expect(statementsIn({ Statement: statement }).map((each) => allows(each, 's3:PutObject'))).toEqual([yes]);
});
