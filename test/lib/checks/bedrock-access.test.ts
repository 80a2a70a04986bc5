import { describe, expect, it } from 'vitest';
import {
  copiedBy,
  invocationsIn,
  isBedrocksOwn,
  isUnknown,
  mayAsk,
  modelArn,
  runningRole,
  variablesOf,
  writes,
} from '../../../lib/checks/bedrock-access';
import { CannotTell } from '../../../lib/template/template-resource';
import { allow, att, inventoryOf, join, type Literals, PARAMETER, ref, resourceIn, role } from './literal-fixture';

const model = (id: string) => `arn:aws:bedrock:eu-west-1::foundation-model/${id}`;
const NOVA = model('amazon.nova-lite-v1:0');
const EMBED = model('amazon.titan-embed-text-v2:0');

it.each([
  [NOVA, ['eu-west-1', 'foundation-model', 'amazon.nova-lite-v1:0']],
  ['arn:aws-cn:bedrock:*:1:inference-profile/eu.a/b', ['*', 'inference-profile', 'eu.a/b']],
  ['arn:aws:bedrock:::foundation-model/a', ['', 'foundation-model', 'a']],
  [join('arn:', PARAMETER, ':bedrock:eu-west-1::foundation-model/a'), ['eu-west-1', 'foundation-model', 'a']],
  ['arn:aws:s3:eu-west-1::foundation-model/a', undefined],
  ['x-arn:aws:bedrock:eu-west-1::foundation-model/a', undefined],
  ['*', undefined],
  [PARAMETER, undefined],
])('the ARN %j says %j', (arn, says) => {
  const { region, kind, id } = modelArn(arn) ?? {};
  expect(says === undefined ? modelArn(arn) : [region, kind, id]).toEqual(says);
});

const asks = (Resource: unknown, action: unknown = 'bedrock:InvokeModel') => role(allow(action, Resource));
const profile = (CopyFrom: unknown) =>
  ['AWS::Bedrock::ApplicationInferenceProfile', { ModelSource: { CopyFrom } }] as const;
const read = (more: Literals) => {
  const inventory = inventoryOf(more);
  const it = resourceIn(inventory, 'Role');
  return { inventory, it, found: invocationsIn(it, inventory.statementsOf(it), inventory) };
};

describe('who may ask a model', () => {
  it.each(['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream', 'bedrock:Invoke*', 'bedrock:*'])(
    'may by %s',
    (action) => {
      expect(read({ Role: asks([NOVA, EMBED], action) }).found.map(({ arn }) => arn?.id)).toEqual([
        'amazon.nova-lite-v1:0',
        'amazon.titan-embed-text-v2:0',
      ]);
    },
  );
  it.each(['*', 'bedrock:GetFoundationModel', 's3:*'])('may not by %s', (action) => {
    expect(read({ Role: asks(NOVA, action) }).found).toEqual([]);
  });
  it('may not by a deny', () => {
    expect(read({ Role: role({ ...allow('bedrock:*'), Effect: 'Deny' }) }).found).toEqual([]);
  });
  it('may by a profile of the template', () => {
    const { found, inventory } = read({
      Role: asks([ref('Mine'), ref('Other'), PARAMETER, '*']),
      Mine: profile(NOVA),
      Other: ['X', {}],
    });
    expect(found.map((each) => each.profile?.logicalId)).toEqual(['Mine', undefined, undefined, undefined]);
    expect(found.map(isUnknown)).toEqual([false, true, true, false]);
    expect(copiedBy(resourceIn(inventory, 'Mine'))?.id).toBe('amazon.nova-lite-v1:0');
  });
});

describe('a model that writes', () => {
  const first = (Resource: unknown) =>
    read({ Role: asks(Resource), Mine: profile(NOVA), Numbers: profile(EMBED) }).found[0] ?? expect.fail();
  it.each([NOVA, '*', ref('Mine')])('is %j', (resource) => {
    expect(writes(first(resource))).toBe(true);
  });
  it.each([EMBED, model('cohere.rerank-v3-5:0'), ref('Numbers')])('is not %j', (resource) => {
    expect(writes(first(resource))).toBe(false);
  });
  it.each([PARAMETER, join('arn:aws:bedrock:eu-west-1::foundation-model/', PARAMETER)])(
    'cannot be told: %j',
    (resource) => {
      expect(() => writes(first(resource))).toThrow(new CannotTell('the model is known only at deployment'));
    },
  );
  it('may be asked by a role, unless Bedrock itself takes it on', () => {
    const may = (literals: Literals) => {
      const { inventory, it } = read(literals);
      return [isBedrocksOwn(it), mayAsk(it, inventory)];
    };
    const own = (Service: string) => ({ Statement: [{ Principal: { Service } }] });
    const [type, properties] = asks(NOVA);
    expect(may({ Role: asks(NOVA) })).toEqual([false, true]);
    expect(may({ Role: asks([EMBED, NOVA]) })).toEqual([false, true]);
    expect(may({ Role: asks(EMBED) })).toEqual([false, false]);
    expect(may({ Role: role() })).toEqual([false, false]);
    expect(may({ Role: [type, { ...properties, AssumeRolePolicyDocument: own('bedrock.amazonaws.com') }] })).toEqual([
      true,
      false,
    ]);
    expect(may({ Role: [type, { ...properties, AssumeRolePolicyDocument: own('lambda.amazonaws.com') }] })).toEqual([
      false,
      true,
    ]);
  });
});

it('knows the variables and the role of what runs', () => {
  const inventory = inventoryOf({
    Fn: ['AWS::Lambda::Function', { Role: att('Role'), Environment: { Variables: { A: PARAMETER } } }],
    Bare: ['AWS::Lambda::Function', { Role: 'theirs' }],
    Task: [
      'AWS::ECS::TaskDefinition',
      { TaskRoleArn: att('Role'), ContainerDefinitions: [{}, { Environment: [{ Name: 'B', Value: 'c' }] }] },
    ],
    Odd: ['AWS::Lambda::Function', { Role: ref('Fn') }],
    Role: role(),
  });
  const of = (id: string) => resourceIn(inventory, id);
  expect([variablesOf(of('Fn')), variablesOf(of('Bare')), variablesOf(of('Task'))]).toEqual([
    [['A', PARAMETER]],
    [],
    [['B', 'c']],
  ]);
  expect(['Fn', 'Task', 'Bare', 'Odd'].map((id) => runningRole(of(id), inventory)?.logicalId)).toEqual([
    'Role',
    'Role',
    undefined,
    undefined,
  ]);
});
