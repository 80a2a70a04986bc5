import { describe, expect, it, vi } from 'vitest';
import { BucketAccess } from '../../../lib/lifecycle/bucket-writers';
import { allow, att, join, NO_VALUE, placeholders, ref } from '../checks/literal-fixture';
import { either, ids, indexOf, type Resources, resource } from './rehearsal-fixture';

const BUCKET = 'AWS::S3::Bucket';
const objects = join(att('Bucket'), '/*');

function writers(resources: Resources, bucket = resource(BUCKET)) {
  const index = indexOf({ Bucket: bucket, ...resources });
  const { sure, possible } = new BucketAccess(index).writersOf(index.find('Shop', 'Bucket') ?? expect.fail());
  return { sure: ids(sure), possible: ids(possible) };
}

describe('a service that writes into a bucket', () => {
  it.each([
    [
      'AWS::CloudFront::Distribution',
      { DistributionConfig: { Logging: { Bucket: att('Bucket', 'RegionalDomainName') } } },
    ],
    ['AWS::CloudFront::Distribution', { DistributionConfig: { Logging: either({ Bucket: att('Bucket') }, NO_VALUE) } }],
    ['AWS::KinesisFirehose::DeliveryStream', { ExtendedS3DestinationConfiguration: { BucketARN: att('Bucket') } }],
    [
      'AWS::KinesisFirehose::DeliveryStream',
      { RedshiftDestinationConfiguration: { S3Configuration: { BucketARN: att('Bucket') } } },
    ],
    [
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
      { LoadBalancerAttributes: [{ Key: 'x' }, { Key: 'access_logs.s3.bucket', Value: ref('Bucket') }] },
    ],
    ['AWS::Lambda::EventSourceMapping', { DestinationConfig: { OnFailure: { Destination: att('Bucket') } } }],
    ['AWS::S3::Bucket', { LoggingConfiguration: { DestinationBucketName: ref('Bucket') } }],
    ['AWS::EC2::FlowLog', { LogDestination: { 'Fn::Sub': placeholders('arn:aws:s3:::#{Bucket}/x') } }],
  ])('%s by %j', (type, properties) => {
    expect(writers({ It: resource(type, properties) })).toEqual({ sure: ['It'], possible: [] });
  });

  it.each([
    ['AWS::CloudFront::Distribution', { DistributionConfig: { Origins: [{ DomainName: att('Bucket') }] } }],
    [
      'AWS::KinesisFirehose::DeliveryStream',
      { ExtendedS3DestinationConfiguration: { BucketARN: 'arn:aws:s3:::other' } },
    ],
    ['AWS::SQS::Queue', { Bucket: ref('Bucket') }],
    ['constructor', { Bucket: ref('Bucket') }],
  ])('not %s by %j', (type, properties) => {
    expect(writers({ It: resource(type, properties) })).toEqual({ sure: [], possible: [] });
  });

  it('is not the bucket itself', () => {
    expect(writers({}, resource(BUCKET, { InventoryConfigurations: [{ X: att('Bucket') }] })).sure).toEqual([]);
  });
});

/** A function of a role, and a rule that starts it. */
const worker: Resources = {
  Role: resource('AWS::IAM::Role'),
  Fn: resource('AWS::Lambda::Function', { Role: att('Role') }),
  Rule: resource('AWS::Events::Rule', { Targets: [{ Arn: att('Fn') }] }),
};
const policy = (...Statement: readonly unknown[]) =>
  resource('AWS::IAM::Policy', { Roles: [ref('Role')], PolicyDocument: { Statement } });
const PUT = allow('s3:PutObject', objects);

describe('a function that writes into a bucket', () => {
  it.each([
    ['s3:PutObject', PUT],
    ['in small letters', allow('s3:putobject', objects)],
    ['s3:Put*', allow(['s3:GetObject', 's3:Put*'], [objects])],
    ['s3:*', allow('s3:*', objects)],
    ['*', allow('*', objects)],
    ['s3:*Object', allow('s3:*Object', objects)],
    ['s3:P?tObject', allow('s3:P?tObject', objects)],
    ['all but others', { Effect: 'Allow', NotAction: 'iam:*', Resource: objects }],
    ['a statement of a condition', either(PUT, NO_VALUE)],
    ['by Fn::Sub', allow('s3:PutObject', { 'Fn::Sub': placeholders('#{Bucket.Arn}/x/*') })],
  ])('by %s', (_, statement) => {
    expect(writers({ ...worker, Policy: policy(statement) })).toEqual({ sure: ['Rule'], possible: [] });
  });

  it.each([
    ['reading', allow(['s3:GetObject*', 's3:ListBucket', 's3:DeleteObject'], objects)],
    ['s3:PutObjectTagging', allow('s3:PutObjectTagging', objects)],
    ['a refusal', { Effect: 'Deny', Action: 's3:*', Resource: objects }],
    ['all but this', { Effect: 'Allow', NotAction: 's3:*', Resource: objects }],
    ['another bucket', allow('s3:PutObject', 'arn:aws:s3:::other/*')],
    ['a text', 'broken'],
    ['null', null],
  ])('not by %s', (_, statement) => {
    expect(writers({ ...worker, Policy: policy(statement) })).toEqual({ sure: [], possible: [] });
  });

  it.each([
    [
      'a policy of the role',
      { Role: resource('AWS::IAM::Role', { Policies: [null, { PolicyDocument: { Statement: PUT } }] }) },
    ],
    [
      'a managed policy',
      { Policy: resource('AWS::IAM::ManagedPolicy', { Roles: [ref('Role')], PolicyDocument: { Statement: PUT } }) },
    ],
    [
      'a managed policy that the role names',
      {
        Role: resource('AWS::IAM::Role', { ManagedPolicyArns: [ref('Managed')] }),
        Managed: resource('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: PUT } }),
      },
    ],
    [
      'a role policy',
      { Policy: resource('AWS::IAM::RolePolicy', { RoleName: ref('Role'), PolicyDocument: { Statement: [PUT] } }) },
    ],
    [
      "the bucket's policy",
      {
        Policy: resource('AWS::S3::BucketPolicy', {
          Bucket: ref('Bucket'),
          PolicyDocument: { Statement: [allow('s3:PutObject', objects, { Principal: { AWS: att('Role') } })] },
        }),
      },
    ],
  ])('by %s', (_, more: Resources) => {
    expect(writers({ ...worker, ...more }).sure).toEqual(['Rule']);
  });

  it('by the name that the template gives to the bucket', () => {
    const named = (BucketName: unknown, Resource: unknown) =>
      writers({ ...worker, Policy: policy(allow('s3:PutObject', Resource)) }, resource(BUCKET, { BucketName })).sure;
    const stack = join('shop-', ref('AWS::StackName'));
    expect(named('shop', 'arn:aws:s3:::shop/*')).toEqual(['Rule']);
    expect(named('shop', 'arn:aws:s3:::shop')).toEqual(['Rule']);
    expect(named('shop', 'arn:aws:s3:::shop-other/*')).toEqual([]);
    expect(named(stack, join('arn:', ref('AWS::Partition'), ':s3:::shop-', ref('AWS::StackName'), '/*'))).toEqual([
      'Rule',
    ]);
    expect(
      named({ 'Fn::Sub': placeholders('shop-#{AWS::StackName}') }, join('arn:aws:s3:::shop-', ref('AWS::StackName'))),
    ).toEqual(['Rule']);
    expect(named(stack, join('arn:aws:s3:::shop-', ref('AWS::Region'), '/*'))).toEqual([]);
  });

  it.each([
    ['*', { Policy: policy(allow('s3:PutObject', '*')) }],
    ['every bucket', { Policy: policy(allow('s3:PutObject', 'arn:aws:s3:::*/*')) }],
    [
      'every bucket of a partition',
      { Policy: policy(allow('s3:PutObject', join('arn:', ref('AWS::Partition'), ':s3:::*'))) },
    ],
    ['all resources but some', { Policy: policy({ Effect: 'Allow', Action: 's3:*', NotResource: 'x' }) }],
    [
      'a policy of AWS',
      { Role: resource('AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'] }) },
    ],
    [
      'a policy of AWS in any partition',
      {
        Role: resource('AWS::IAM::Role', {
          ManagedPolicyArns: [join('arn:', ref('AWS::Partition'), ':iam::aws:policy/AdministratorAccess')],
        }),
      },
    ],
  ])('is possible by a permission for %s', (_, more: Resources) => {
    expect(writers({ ...worker, ...more })).toEqual({ sure: [], possible: ['Rule'] });
  });

  it('is not possible by a policy of AWS that allows less', () => {
    const Role = resource('AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'] });
    expect(writers({ ...worker, Role })).toEqual({ sure: [], possible: [] });
  });

  it.each([
    ['AWS::Lambda::EventSourceMapping', { FunctionName: ref('Fn') }],
    ['AWS::SNS::Subscription', { Endpoint: att('Fn') }],
    ['AWS::Logs::SubscriptionFilter', { DestinationArn: att('Fn') }],
    ['AWS::Pipes::Pipe', { Enrichment: att('Fn') }],
    ['AWS::Scheduler::Schedule', { Target: { Arn: att('Fn') } }],
    ['AWS::IoT::TopicRule', { TopicRulePayload: { Actions: [{ Lambda: { FunctionArn: att('Fn') } }] } }],
    ['AWS::Events::Rule', { Targets: [{ Arn: ref('Alias') }] }],
    ['AWS::Events::Rule', { Targets: [{ Arn: ref('Version') }] }],
  ])('is started by %s with %j', (type, properties) => {
    const more: Resources = {
      Policy: policy(PUT),
      Rule: resource(type, properties),
      Version: resource('AWS::Lambda::Version', { FunctionName: ref('Fn') }),
      Alias: resource('AWS::Lambda::Alias', { FunctionName: att('Fn'), FunctionVersion: att('Version', 'Version') }),
    };
    expect(writers({ ...worker, ...more }).sure).toEqual(['Rule']);
  });

  it('is not started by a caller, nor by a rule of another function', () => {
    const Rule = resource('AWS::ApiGatewayV2::Integration', { IntegrationUri: att('Fn') });
    expect(writers({ ...worker, Policy: policy(PUT), Rule }).sure).toEqual([]);
    const Other = resource('AWS::Lambda::Function', { Role: 'arn:aws:iam::1:role/x' });
    expect(
      writers({
        ...worker,
        Policy: policy(PUT),
        Other,
        Rule: resource('AWS::Events::Rule', { Targets: [{ Arn: att('Other') }] }),
      }).sure,
    ).toEqual([]);
  });
});

describe('what empties a bucket', () => {
  const DELETE = allow(['s3:DeleteObject*', 's3:List*'], objects);
  const emptiers = (resources: Resources) => {
    const index = indexOf({ Bucket: resource(BUCKET), ...resources });
    const { sure, possible } = new BucketAccess(index).emptiersOf(index.find('Shop', 'Bucket') ?? expect.fail());
    return { sure: ids(sure), possible: ids(possible) };
  };
  const custom = (Type: string, more: object = {}) =>
    resource(Type, { ServiceToken: att('Fn'), BucketName: ref('Bucket'), ...more });

  it.each(['Custom::S3AutoDeleteObjects', 'Custom::EmptyBucket', 'Custom::BucketEmptier'])('is %s', (type) => {
    expect(emptiers({ It: custom(type) })).toEqual({ sure: ['It'], possible: [] });
    expect(emptiers({ It: resource(type, { BucketName: 'other' }) })).toEqual({ sure: [], possible: [] });
  });

  it.each(['Custom::Cleaner', 'AWS::CloudFormation::CustomResource'])(
    'may be %s, by what its function may do',
    (type) => {
      expect(emptiers({ ...worker, It: custom(type), Policy: policy(DELETE) })).toEqual({ sure: [], possible: ['It'] });
      expect(emptiers({ ...worker, It: custom(type), Policy: policy(PUT) })).toEqual({ sure: [], possible: [] });
      expect(emptiers({ ...worker, It: custom(type), Policy: policy(allow('s3:*')) }).possible).toEqual(['It']);
      expect(emptiers({ ...worker, It: custom(type, { BucketName: 'x' }), Policy: policy(DELETE) }).possible).toEqual(
        [],
      );
      // A function that is not here may do what it likes.
      expect(emptiers({ It: custom(type, { ServiceToken: { 'Fn::ImportValue': 'x' } }) }).possible).toEqual(['It']);
    },
  );

  it('may be a function that the provider framework calls', () => {
    const all = (Statement: object): Resources => ({
      ...worker,
      Framework: resource('AWS::Lambda::Function', { Environment: { Variables: { USER: att('Fn') } } }),
      It: custom('Custom::Cleaner', { ServiceToken: att('Framework') }),
      Policy: policy(Statement),
    });
    expect(emptiers(all(DELETE)).possible).toEqual(['It']);
    expect(emptiers(all(PUT)).possible).toEqual([]);
  });

  it.each(['Custom::CDKBucketDeployment', 'Custom::S3BucketNotifications'])('is not %s, whatever it may do', (type) => {
    expect(emptiers({ ...worker, It: custom(type), Policy: policy(DELETE) })).toEqual({ sure: [], possible: [] });
  });
});

it('reads each resource a few times, however many buckets there are', () => {
  const size = 100;
  const many = Array.from({ length: size }, (_, at) => [
    [`B${at}`, resource(BUCKET, { BucketName: `b${at}` })] as const,
    [`E${at}`, resource('Custom::EmptyBucket', { BucketName: ref(`B${at}`) })] as const,
    [
      `P${at}`,
      resource('AWS::IAM::Policy', {
        Roles: [ref('Role')],
        PolicyDocument: { Statement: allow('s3:*', `arn:aws:s3:::b${at}/*`) },
      }),
    ] as const,
  ]).flat();
  const index = indexOf({ ...worker, ...Object.fromEntries(many) });
  const reads = vi.spyOn(index, 'references');
  const access = new BucketAccess(index);
  const found = index
    .ofType(BUCKET)
    .flatMap((bucket) => [...access.writersOf(bucket).sure, ...access.emptiersOf(bucket).sure]);
  expect(found).toHaveLength(2 * size);
  expect(reads.mock.calls.length).toBeLessThan(8 * size);
});
