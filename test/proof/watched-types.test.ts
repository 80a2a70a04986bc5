import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WATCHED_KINDS } from '../../lib/monitoring/watched/watched-kinds';

/** Resource types of the patterns that nothing watches, by the reason. A new type is watched or has one. */
const UNWATCHED: Readonly<Record<string, readonly string[]>> = {
  'It is a setting of a resource that is watched, or a part of one.': [
    ...['ApiGateway::Authorizer', 'ApiGateway::Deployment', 'ApiGateway::GatewayResponse', 'ApiGateway::Method'],
    ...['ApiGateway::Resource', 'ApiGateway::Stage', 'ApiGatewayV2::Authorizer', 'ApiGatewayV2::Integration'],
    ...['ApiGatewayV2::Route', 'ApiGatewayV2::Stage', 'ApplicationAutoScaling::ScalableTarget'],
    ...['ApplicationAutoScaling::ScalingPolicy', 'CloudFront::Function', 'CloudFront::OriginAccessControl'],
    ...['CloudFront::ResponseHeadersPolicy', 'CloudFront::VpcOrigin', 'ECS::Cluster', 'ECS::TaskDefinition'],
    ...['ElastiCache::User', 'ElastiCache::UserGroup', 'ElasticLoadBalancingV2::Listener', 'Events::EventBus'],
    ...['Lambda::Alias', 'Lambda::EventInvokeConfig', 'Lambda::LayerVersion', 'Lambda::Permission', 'Lambda::Version'],
    ...['RDS::DBClusterParameterGroup', 'RDS::DBProxyEndpoint', 'RDS::DBProxyTargetGroup', 'RDS::DBSubnetGroup'],
    ...['S3::BucketPolicy', 'SNS::Subscription', 'SNS::TopicPolicy', 'SQS::QueuePolicy'],
  ],
  'It is monitoring itself.': [
    ...['CloudWatch::Alarm', 'CloudWatch::Dashboard', 'EC2::FlowLog', 'Logs::Delivery', 'Logs::DeliveryDestination'],
    ...['Logs::DeliverySource', 'Logs::LogGroup', 'Logs::LogStream', 'Logs::MetricFilter', 'ApiGateway::Account'],
    'WAFv2::LoggingConfiguration',
  ],
  'It does nothing by itself: what uses it fails, and is watched.': [
    ...['Athena::NamedQuery', 'EC2::InternetGateway', 'EC2::Route', 'EC2::RouteTable', 'EC2::SecurityGroup'],
    ...['EC2::SecurityGroupEgress', 'EC2::SecurityGroupIngress', 'EC2::Subnet', 'EC2::SubnetRouteTableAssociation'],
    ...[
      'EC2::VPC',
      'EC2::VPCEndpoint',
      'EC2::VPCGatewayAttachment',
      'Events::Archive',
      'Glue::Database',
      'Glue::Table',
    ],
    ...['IAM::Policy', 'IAM::Role', 'KMS::Key', 'S3::Bucket'],
  ],
  'People meet its faults at once, and it has no capacity of ours that runs out.': [
    ...['Cognito::ManagedLoginBranding', 'Cognito::UserPool', 'Cognito::UserPoolClient', 'Cognito::UserPoolDomain'],
  ],
  'What could not be delivered is in its dead-letter queue, which is watched.': ['Scheduler::Schedule'],
  'The alarms on answers, ingestion and the model show its faults: those are metrics of the functions that call it.': [
    ...['Bedrock::DataSource', 'Bedrock::Guardrail', 'Bedrock::GuardrailVersion', 'Bedrock::KnowledgeBase'],
    ...['OpenSearchServerless::AccessPolicy', 'OpenSearchServerless::Collection'],
    ...['OpenSearchServerless::CollectionGroup', 'OpenSearchServerless::Index', 'OpenSearchServerless::SecurityPolicy'],
    ...['S3Vectors::Index', 'S3Vectors::VectorBucket'],
  ],
  'Who queries it sees the error; its maximum capacity bounds what it costs.': [
    ...['RedshiftServerless::Namespace', 'RedshiftServerless::Workgroup'],
  ],
  'EdgeAlarms watches it in us-east-1, where its metrics are and where a topic needs an address of its own.': [
    'WAFv2::WebACL',
  ],
};

const SNAPSHOTS = join(__dirname, '../snapshots');

/** The types of all resources in the committed templates, and in what stages and options add to them. */
function typesOfPatterns(): Set<string> {
  const types = new Set<string>();
  const collect = (value: unknown, key = ''): void => {
    if (typeof value !== 'object' || value === null || key === 'Parameters') return;
    const { Type } = value as { Type?: unknown };
    if (typeof Type === 'string' && Type.startsWith('AWS::')) types.add(Type);
    for (const [name, child] of Object.entries(value)) collect(child, name);
  };
  for (const file of readdirSync(SNAPSHOTS).filter((name) => name.endsWith('.json'))) {
    collect(JSON.parse(readFileSync(join(SNAPSHOTS, file), 'utf8')));
  }
  return types;
}

const watched = WATCHED_KINDS.flatMap(({ types }) => types);
const unwatched = Object.values(UNWATCHED)
  .flat()
  .map((type) => `AWS::${type}`);
const found = typesOfPatterns();

it('watches every resource type of the patterns, or says why not', () => {
  expect(found.size).toBeGreaterThan(90);
  expect([...found].filter((type) => !watched.includes(type) && !unwatched.includes(type))).toEqual([]);
});

it('says it of no type that is watched, or that no pattern has', () => {
  expect(unwatched.filter((type) => watched.includes(type) || !found.has(type))).toEqual([]);
  expect(new Set(unwatched).size).toBe(unwatched.length);
});

it('watches what patterns have: of all kinds, a global table alone is for what people add', () => {
  expect(watched.filter((type) => !found.has(type))).toEqual(['AWS::DynamoDB::GlobalTable']);
});
