import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  actingTogether,
  allows,
  documentsOf,
  matches,
  ownStatements,
  permits,
  rolesOf,
} from '../../../lib/checks/policy-holder';
import { statementsIn } from '../../../lib/template/policy-statements';
import { allow, inventoryOf, type Literals, ref, resourceIn, role } from './literal-fixture';

it.each([
  ['s3:Get*', 's3:GetObject', true],
  ['s3:Get*', 's3:Get', true],
  ['s3:Get*', 's3:PutObject', false],
  ['s3:get*', 'S3:GETOBJECT', true],
  ['s3:Get?', 's3:Gets', true],
  ['s3:Get?', 's3:Get', false],
  ['s3:Get?', 's3:Getss', false],
  ['*', '', true],
  ['s3:Get', 's3:GetObject', false],
  ['Get', 's3:Get', false],
  ['a.b', 'axb', false],
  ['a*c', 'a\nc', true],
])('%s matches %s: %s', (pattern, text, matching) => {
  expect(matches(pattern, text)).toBe(matching);
});

it('matches itself, whatever it holds', () => {
  fc.assert(fc.property(fc.string(), (text) => matches(text, text)));
  const plain = fc.stringMatching(/^[.+^${}()|[\]\\a-z]+$/);
  fc.assert(
    fc.property(plain, plain, (one, other) => matches(one, other) === (one.toLowerCase() === other.toLowerCase())),
  );
});

it('tells what is allowed, with everything and without', () => {
  const statement = (action: string, Effect = 'Allow') =>
    statementsIn({ Statement: { ...allow(['a:B', action]), Effect } })[0];
  const says = (action: string, effect?: string) => {
    const found = statement(action, effect) ?? expect.fail();
    return [allows(found, 's3:GetObject'), permits(found, 's3:GetObject')];
  };
  expect(says('s3:GetObject')).toEqual([true, true]);
  expect(says('s3:*')).toEqual([true, true]);
  expect(says('*')).toEqual([false, true]);
  expect(says('s3:PutObject')).toEqual([false, false]);
  expect(says('s3:GetObject', 'Deny')).toEqual([false, false]);
});

it.each([
  ['all but what it lists', 'Allow', ['iam:*', 'a:B'], true],
  ['not what it lists', 'Allow', 's3:Get*', false],
  ['nothing that it denies', 'Deny', 'iam:*', false],
])('tells that NotAction allows %s', (_, Effect, NotAction, permitted) => {
  const [statement = expect.fail()] = statementsIn({ Statement: { Effect, NotAction, Resource: '*' } });
  expect([allows(statement, 's3:GetObject'), permits(statement, 's3:GetObject')]).toEqual([false, permitted]);
});

const all: Literals = {
  Role: role(allow('a:Role')),
  Policy: [
    'AWS::IAM::Policy',
    { Roles: [ref('Role'), 'theirs', ref('User')], PolicyDocument: { Statement: allow('a:Policy') } },
  ],
  Alone: ['AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: [allow('a:Alone'), allow('a:More')] } }],
  User: ['AWS::IAM::User', {}],
};
const inventory = inventoryOf(all);
const actions = (id: string) => ownStatements(resourceIn(inventory, id)).flatMap(({ actions: own }) => own);

it('reads what a role or a policy holds itself', () => {
  expect([actions('Role'), actions('Policy'), actions('Alone')]).toEqual([
    ['a:Role'],
    ['a:Policy'],
    ['a:Alone', 'a:More'],
  ]);
  expect(documentsOf(resourceIn(inventory, 'Role'))).toEqual([{ Statement: [allow('a:Role')] }]);
});

it('knows whom a policy acts on, and what beside it', () => {
  const of = (id: string) => rolesOf(resourceIn(inventory, id), inventory).map(({ logicalId }) => logicalId);
  expect([of('Role'), of('Policy'), of('Alone')]).toEqual([['Role'], ['Role'], []]);
  const beside = (id: string) =>
    actingTogether(resourceIn(inventory, id), inventory).map((set) => set.flatMap(({ actions: own }) => own));
  expect(beside('Policy')).toEqual([['a:Role', 'a:Policy']]);
  expect(beside('Role')).toEqual([['a:Role', 'a:Policy']]);
  expect(beside('Alone')).toEqual([['a:Alone', 'a:More']]);
});
