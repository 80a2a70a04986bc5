import { describe, expect, it } from 'vitest';
import { rehearseCreate } from '../../../lib/lifecycle/create';
import { Dependencies } from '../../../lib/lifecycle/dependencies';
import type { Finding } from '../../../lib/lifecycle/finding';
import { TemplateIndex } from '../../../lib/template/template-index';
import { att, join, placeholders, ref } from '../checks/literal-fixture';
import {
  byCheck,
  either,
  found,
  indexOf,
  NO_VALUE,
  RETAINED,
  type Resources,
  resource,
  shop,
} from './rehearsal-fixture';

const EXCEPT_ON_CREATE = { DeletionPolicy: 'RetainExceptOnCreate' };
const CLUSTER = 'AWS::RDS::DBCluster';
/** What may fail after anything. */
const Queue = resource('AWS::SQS::Queue');

function create(resources: Resources): readonly Finding[] {
  const index = indexOf(resources);
  return rehearseCreate(index, new Dependencies(index));
}
const checks = (resources: Resources) => byCheck(create(resources));
const reasons = (resources: Resources) => create(resources).map(({ reason }) => reason);

describe('a first deployment that fails, with what is retained (K1)', () => {
  it.each([
    ['a fixed name', { DBClusterIdentifier: 'data' }, RETAINED, { 'retry-collides': ['It'] }],
    ['a name of the stack', { DBClusterIdentifier: ref('AWS::StackName') }, RETAINED, { 'retry-collides': ['It'] }],
    [
      'a name of the stack by Fn::Sub',
      { DBClusterIdentifier: { 'Fn::Sub': placeholders('#{AWS::StackName}-data') } },
      RETAINED,
      { 'retry-collides': ['It'] },
    ],
    ['a fixed name, kept only by updates', { DBClusterIdentifier: 'data' }, EXCEPT_ON_CREATE, {}],
    ['a fixed name, deleted', { DBClusterIdentifier: 'data' }, {}, {}],
    [
      "the stack's id",
      { DBClusterIdentifier: { 'Fn::Sub': placeholders('x-#{AWS::StackId}') } },
      RETAINED,
      { 'left-by-rollback': ['It'] },
    ],
    ['no name', {}, RETAINED, { 'left-by-rollback': ['It'] }],
    ['no name, kept only by updates', {}, EXCEPT_ON_CREATE, {}],
    ['a parameter', { DBClusterIdentifier: ref('Name') }, RETAINED, { 'cannot-tell-retry': ['It'] }],
    ['a condition', { DBClusterIdentifier: either('data', NO_VALUE) }, RETAINED, { 'cannot-tell-retry': ['It'] }],
    ['an import', { DBClusterIdentifier: { 'Fn::ImportValue': 'x' } }, RETAINED, { 'cannot-tell-retry': ['It'] }],
    // Deletion protection stops a rollback, too.
    [
      'a fixed name and protection',
      { DBClusterIdentifier: 'data', DeletionProtection: 'true' },
      EXCEPT_ON_CREATE,
      { 'retry-collides': ['It'] },
    ],
    ['protection', { DeletionProtection: true }, EXCEPT_ON_CREATE, { 'protected-from-rollback': ['It'] }],
    ['no protection', { DBClusterIdentifier: 'data', DeletionProtection: 'false' }, EXCEPT_ON_CREATE, {}],
    ['a protection of a parameter', { DeletionProtection: ref('P') }, {}, { 'cannot-tell-rollback': ['It'] }],
    ['a policy of a parameter', {}, { DeletionPolicy: ref('P') }, { 'cannot-tell-rollback': ['It'] }],
    ['a policy of a condition', {}, { DeletionPolicy: either('Retain', 'Delete') }, { 'cannot-tell-rollback': ['It'] }],
  ])('by %s', (_, properties, attributes, expected) => {
    expect(checks({ It: resource(CLUSTER, properties, attributes), Queue })).toEqual(expected);
  });

  it('leaves nothing behind that is made last', () => {
    const It = resource(CLUSTER, { DBClusterIdentifier: 'data' }, { ...RETAINED, DependsOn: ['Queue'] });
    expect(checks({ It, Queue })).toEqual({});
    expect(checks({ It, Queue, Beside: Queue })).toEqual({ 'retry-collides': ['It'] });
    expect(checks({ It, Queue, After: resource('AWS::SQS::Queue', {}, { DependsOn: 'It' }) })).toEqual({
      'retry-collides': ['It'],
    });
  });

  it('does not fail at what no service makes', () => {
    const It = resource(CLUSTER, { DBClusterIdentifier: 'data' }, { ...RETAINED, DependsOn: ['Queue'] });
    const CDKMetadata = resource('AWS::CDK::Metadata');
    expect(checks({ It, Queue, CDKMetadata, Handle: resource('AWS::CloudFormation::WaitConditionHandle') })).toEqual(
      {},
    );
  });

  it('says at how many resources it fails, of the one that is there first', () => {
    const named = (DBClusterIdentifier: string, DependsOn: readonly string[]) =>
      resource(CLUSTER, { DBClusterIdentifier }, { ...RETAINED, DependsOn });
    const all: Resources = { Late: named('late', ['Queue', 'A']), A: Queue, Early: named('early', ['A']), Queue };
    expect(reasons(all)).toEqual([
      'A first deployment that fails (of Shop: at any of 2 of its 4 resources) leaves them behind with names that the next try asks for: "already exists"',
    ]);
  });

  it('says what costs money, and not what does not', () => {
    const [[key], [role]] = [
      reasons({ It: resource('AWS::KMS::Key', {}, RETAINED), Queue }),
      reasons({ It: resource('AWS::IAM::Role', {}, RETAINED), Queue }),
    ];
    expect(key).toContain(
      'leaves it behind, and each further try leaves another, which is billed by the month until it is deleted: 1 AWS::KMS::Key ($1.00 a key',
    );
    expect(role).toMatch(/leaves it behind, and each further try leaves another$/);
  });

  it('takes a nested stack as part of its stack, with a name of its own each time', () => {
    const nested = new Map([['Shop/Data', { parent: 'Shop', logicalId: 'Data' }]]);
    const templates = (Name: unknown, DependsOn: readonly string[]) => ({
      Shop: { Resources: { Data: resource('AWS::CloudFormation::Stack', {}, { DependsOn }), Queue } },
      'Shop/Data': { Resources: { It: resource(CLUSTER, { DBClusterIdentifier: Name }, RETAINED) } },
    });
    const result = (Name: unknown, DependsOn: readonly string[] = []) => {
      const index = new TemplateIndex(templates(Name, DependsOn), { nested });
      return byCheck(rehearseCreate(index, new Dependencies(index)));
    };
    expect(result('data')).toEqual({ 'retry-collides': ['Shop/Data/It'] });
    expect(result(ref('AWS::StackName'))).toEqual({ 'left-by-rollback': ['Shop/Data/It'] });
    // All else is there before the nested stack is made.
    expect(result('data', ['Queue'])).toEqual({});
  });
});

describe("the account's log-delivery policy (K12)", () => {
  const stage = (DestinationArn: unknown) =>
    resource('AWS::ApiGatewayV2::Stage', { AccessLogSettings: { DestinationArn } });
  const group = (LogGroupName?: unknown) =>
    resource('AWS::Logs::LogGroup', LogGroupName === undefined ? {} : { LogGroupName });
  const VENDED = '/aws/vendedlogs/shop';
  it.each([
    ['a group without a name', group(), { 'log-delivery-policy': ['Group'] }],
    ['a group of another name', group('/shop/api'), { 'log-delivery-policy': ['Group'] }],
    ['a group of nearly the name', group('/aws/vendedlogs'), { 'log-delivery-policy': ['Group'] }],
    ['a vended group', group(VENDED), {}],
    ['a vended group by Fn::Join', group(join(VENDED, ref('AWS::StackId'))), {}],
    ['a vended group by Fn::Sub', group({ 'Fn::Sub': placeholders('/aws/vendedlogs/#{AWS::StackName}') }), {}],
    [
      'a vended group by Fn::Sub with variables',
      group({ 'Fn::Sub': [placeholders('/aws/vendedlogs/#{X}'), { X: 1 }] }),
      {},
    ],
    ['a parameter', group(ref('Name')), { 'cannot-tell-log-delivery': ['Group'] }],
    ['a parameter before the name', group(join(ref('Prefix'), VENDED)), { 'cannot-tell-log-delivery': ['Group'] }],
    ['a condition', group(either(VENDED, '/x')), { 'cannot-tell-log-delivery': ['Group'] }],
  ])('with %s', (_, Group, expected) => {
    expect(checks({ Group, Stage: stage(att('Group')) })).toEqual(expected);
  });

  it.each([
    [
      'a workflow, by a list',
      'AWS::StepFunctions::StateMachine',
      { LoggingConfiguration: { Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: att('Group') } }] } },
    ],
    [
      'a pipe',
      'AWS::Pipes::Pipe',
      { LogConfiguration: { CloudwatchLogsLogDestination: { LogGroupArn: att('Group') } } },
    ],
    [
      'a branch of a condition',
      'AWS::ApiGatewayV2::Stage',
      { AccessLogSettings: either({ DestinationArn: att('Group') }, NO_VALUE) },
    ],
    [
      'an ARN without its star',
      'AWS::ApiGatewayV2::Stage',
      { AccessLogSettings: { DestinationArn: { 'Fn::Sub': placeholders('arn:#{Group}') } } },
    ],
  ])('by %s', (_, type, properties) => {
    expect(checks({ Group: group(), It: resource(type, properties) })).toEqual({ 'log-delivery-policy': ['Group'] });
  });

  it('is not used by what delivers by a role, to no group, or not at all', () => {
    const rest = resource('AWS::ApiGateway::Stage', { AccessLogSetting: { DestinationArn: att('Group') } });
    const bucket = resource('AWS::S3::Bucket', {}, EXCEPT_ON_CREATE);
    expect(checks({ Group: group(), Rest: rest, Bucket: bucket, Stage: stage(att('Bucket')) })).toEqual({});
    expect(
      checks({ Group: group(), Stage: resource('AWS::ApiGatewayV2::Stage', { AccessLogSettings: null }) }),
    ).toEqual({});
  });

  it('is not used by what names a group elsewhere', () => {
    const It = resource('AWS::StepFunctions::StateMachine', { DefinitionSubstitutions: { Group: att('Group') } });
    expect(checks({ Group: group(), It })).toEqual({});
  });

  it('names who adds to it, once', () => {
    const [reason] = reasons({ Group: group(), A: stage(att('Group')), B: stage(att('Group')) });
    expect(reason).toMatch(/^AWS::ApiGatewayV2::Stage adds the log group to the account's log-delivery policy, /);
  });
});

it('says what each try leaves to be billed, by type', () => {
  const kept = (type: string) => resource(type, {}, RETAINED);
  const [Key, One, Other, Vpc] = ['KMS::Key', 'S3::Bucket', 'S3::Bucket', 'EC2::VPC'].map((type) =>
    kept(`AWS::${type}`),
  );
  const [reason] = reasons({ Key, One, Other, Vpc, Queue } as Resources);
  expect(reason).toContain('1 AWS::KMS::Key ($1.00 a key, and');
  expect(reason).toContain('2 AWS::S3::Bucket ($0.023 a GB)');
  expect(reason).not.toContain('AWS::EC2::VPC');
});

it('is part of a rehearsal', () => {
  expect(found(shop({ It: resource('AWS::KMS::Key', {}, RETAINED), Queue }))).toEqual({ 'left-by-rollback': ['It'] });
});
