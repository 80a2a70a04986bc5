import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { aurora } from './aurora-template-fixture';
import { network } from './network-template-fixture';
import { PARAMETER, resources, table } from './rule-table-fixture';
import { balanced, CONFIG, DISTRIBUTION, site } from './site-template-fixture';

const CLUSTER = 'AWS::RDS::DBCluster';
const PARAMETERS = 'AWS::RDS::DBClusterParameterGroup';
const REPLICATION = 'AWS::ElastiCache::ReplicationGroup';
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const FUNCTION = 'AWS::Lambda::Function';
const CACHE = 'AWS::ElastiCache::ServerlessCache';
const TASK = 'AWS::ECS::TaskDefinition';

table('tls-everywhere', CLUSTER, aurora, [
  { verdict: 'compliant', when: 'its parameters force it' },
  {
    verdict: 'violation',
    when: 'they do not',
    change: (t) => t.set(PARAMETERS, 'Parameters', { 'rds.force_ssl': '0' }),
    says: /force_ssl/,
  },
  { verdict: 'violation', when: "they are RDS's", change: (t) => t.drop(CLUSTER, 'DBClusterParameterGroupName') },
  {
    verdict: 'compliant',
    when: "MySQL's do",
    change: [
      (t) => t.set(CLUSTER, 'Engine', 'aurora-mysql'),
      (t) => t.set(PARAMETERS, 'Parameters', { require_secure_transport: 'ON' }),
    ],
  },
  {
    verdict: 'cannot-tell',
    when: 'they come from elsewhere',
    change: (t) => t.set(CLUSTER, 'DBClusterParameterGroupName', PARAMETER),
  },
]);

table('tls-everywhere', 'AWS::RDS::DBProxy', aurora, [
  { verdict: 'compliant', when: 'the proxy asks for it' },
  { verdict: 'violation', when: 'it does not', change: (t) => t.drop('AWS::RDS::DBProxy', 'RequireTLS') },
]);

const redis = resources({
  Redis: [
    REPLICATION,
    {
      TransitEncryptionEnabled: true,
      AtRestEncryptionEnabled: true,
      KmsKeyId: 'key',
      CacheNodeType: 'cache.r7g.large',
    },
  ],
  Valkey: [CACHE, { KmsKeyId: 'key' }],
});
table('tls-everywhere', REPLICATION, redis, [
  { verdict: 'compliant', when: 'it is on' },
  { verdict: 'violation', when: 'it is off', change: (t) => t.set(REPLICATION, 'TransitEncryptionEnabled', false) },
  {
    verdict: 'violation',
    when: 'it may be left out',
    change: (t) => (t.properties(REPLICATION)['TransitEncryptionMode'] = 'preferred'),
  },
]);

const listener =
  (settings: object, Scheme = 'internet-facing') =>
  (t: MutableTemplate) => {
    t.set(BALANCER, 'Scheme', Scheme);
    t.add('Listener', LISTENER, { LoadBalancerArn: { Ref: t.id(BALANCER) }, ...settings });
  };
const forward = { Protocol: 'HTTP', DefaultActions: [{ Type: 'forward' }] };
table('tls-everywhere', LISTENER, balanced, [
  { verdict: 'violation', when: 'it takes plain requests', change: listener(forward), says: /VPC origin/ },
  { verdict: 'compliant', when: 'CloudFront alone comes, by a VPC origin', change: listener(forward, 'internal') },
  {
    verdict: 'violation',
    when: 'it is internal, and not behind CloudFront',
    change: [listener(forward, 'internal'), (t) => t.remove('AWS::CloudFront::VpcOrigin')],
  },
  {
    verdict: 'compliant',
    when: 'it redirects',
    change: listener({
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS' } }],
    }),
  },
  {
    verdict: 'compliant',
    when: 'it speaks TLS 1.3',
    change: listener({ Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' }),
  },
  {
    verdict: 'violation',
    when: 'its policy is of 2016',
    change: listener({ Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-2016-08' }),
  },
  {
    verdict: 'violation',
    when: 'its policy goes back to TLS 1.0',
    change: listener({ Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-0-2021-06' }),
  },
  { verdict: 'not-applicable', when: 'it passes TCP on', change: listener({ Protocol: 'TCP' }) },
]);

table('encrypt-everything-at-rest', REPLICATION, redis, [
  { verdict: 'compliant', when: 'it is on, with a key' },
  {
    verdict: 'violation',
    when: 'it is off',
    change: (t) => t.set(REPLICATION, 'AtRestEncryptionEnabled', false),
    says: /AtRest/,
  },
]);
table('encrypt-everything-at-rest', CACHE, redis, [
  { verdict: 'compliant', when: 'it has a key' },
  { verdict: 'violation', when: 'it has none', change: (t) => t.drop(CACHE, 'KmsKeyId') },
]);
const QUEUE = 'AWS::SQS::Queue';
const bus = resources({
  Dead: [QUEUE, { SqsManagedSseEnabled: true }],
  Bus: ['AWS::Events::EventBus', { DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Dead', 'Arn'] } } }],
});
table('encrypt-everything-at-rest', QUEUE, bus, [
  { verdict: 'compliant', when: 'it keeps what could not be delivered, whatever became of the key' },
  {
    verdict: 'compliant',
    when: 'it has a key',
    change: (t) => Object.assign(t.properties(QUEUE), { KmsMasterKeyId: 'key' }),
  },
  {
    verdict: 'violation',
    when: 'it is a dead-letter queue that does not say how',
    change: (t) => t.drop(QUEUE, 'SqsManagedSseEnabled'),
    says: /KmsMasterKeyId is not set, nor SqsManagedSseEnabled/,
  },
  { verdict: 'violation', when: 'SQS encrypts nothing', change: (t) => t.set(QUEUE, 'SqsManagedSseEnabled', false) },
  {
    verdict: 'violation',
    when: 'it holds work',
    change: (t) => t.drop('AWS::Events::EventBus', 'DeadLetterConfig'),
    says: /KmsMasterKeyId is not set"/,
  },
]);

table('encrypt-everything-at-rest', CLUSTER, aurora, [
  { verdict: 'violation', when: 'it has no key', says: /KmsKeyId/ },
  { verdict: 'compliant', when: 'it has one', change: (t) => (t.properties(CLUSTER)['KmsKeyId'] = 'key') },
  {
    verdict: 'violation',
    when: 'it is off',
    change: (t) => Object.assign(t.properties(CLUSTER), { KmsKeyId: 'key', StorageEncrypted: false }),
  },
]);

const INSTANCE = 'AWS::RDS::DBInstance';
const machine = (DBInstanceClass: unknown, Engine = 'postgres') =>
  resources({ Database: [INSTANCE, { DBInstanceClass, Engine }] });
table('graviton-default', INSTANCE, machine('db.r7g.large'), [
  { verdict: 'compliant', when: 'it is r7g' },
  {
    verdict: 'violation',
    when: 'it is r6i',
    change: (t) => t.set(INSTANCE, 'DBInstanceClass', 'db.r6i.large'),
    says: /r6i/,
  },
  {
    verdict: 'not-applicable',
    when: 'AWS chooses',
    change: (t) => t.set(INSTANCE, 'DBInstanceClass', 'db.serverless'),
  },
  { verdict: 'not-applicable', when: 'the engine is for x86', change: (t) => t.set(INSTANCE, 'Engine', 'oracle-ee') },
  { verdict: 'cannot-tell', when: 'it is a parameter', change: (t) => t.set(INSTANCE, 'DBInstanceClass', PARAMETER) },
]);
table('graviton-default', REPLICATION, redis, [
  { verdict: 'compliant', when: 'it is r7g' },
  { verdict: 'violation', when: 'it is r5', change: (t) => t.set(REPLICATION, 'CacheNodeType', 'cache.r5.large') },
]);

const api = { subject: 'Api' };
const allow =
  (Action: string, Resource: unknown = 'arn:aws:x:::y') =>
  (t: MutableTemplate) => {
    const [id] = t.all('AWS::IAM::Role', 'ApiServiceRole')[0] ?? [''];
    t.add('Allowed', 'AWS::IAM::Policy', {
      Roles: [{ Ref: id }],
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] },
    });
  };
const noNat = (t: MutableTemplate) => {
  for (const [id, { Properties }] of t.all('AWS::EC2::Route'))
    if ('NatGatewayId' in Properties) delete t.document.Resources[id];
};
table('lambda-vpc-only-when-needed', FUNCTION, network, [
  { verdict: 'compliant', when: 'it holds the address of a cache', ...api },
  {
    verdict: 'violation',
    when: 'it holds nothing of a VPC',
    change: (t) => t.drop(FUNCTION, 'Environment', 'Api'),
    ...api,
  },
  {
    verdict: 'violation',
    when: 'it holds an address, and is in none',
    change: (t) => t.drop(FUNCTION, 'VpcConfig', 'Api'),
    ...api,
    says: /in none/,
  },
  {
    verdict: 'violation',
    when: 'it reads secrets without a way out',
    change: [noNat, allow('secretsmanager:GetSecretValue')],
    ...api,
    says: /secretsmanager/,
  },
  { verdict: 'compliant', when: 'it reads secrets by NAT', change: allow('secretsmanager:GetSecretValue'), ...api },
  { verdict: 'compliant', when: 'it reads S3 by the gateway endpoint', change: [noNat, allow('s3:GetObject')], ...api },
  {
    verdict: 'compliant',
    when: 'it signs logins, which calls nobody',
    change: [noNat, allow('rds-db:connect')],
    ...api,
  },
  { verdict: 'compliant', when: 'Lambda reads its queue', change: [noNat, allow('sqs:ReceiveMessage')], ...api },
  {
    verdict: 'compliant',
    when: 'Lambda sends its failures away',
    change: [
      noNat,
      (t) => t.add('Dead', 'AWS::SQS::Queue', {}),
      (t) => (t.properties(FUNCTION, 'Api')['DeadLetterConfig'] = { TargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] } }),
      allow('sqs:SendMessage', { 'Fn::GetAtt': ['Dead', 'Arn'] }),
    ],
    ...api,
  },
  {
    verdict: 'violation',
    when: 'it sends messages without a way out',
    change: [noNat, allow('sqs:SendMessage')],
    ...api,
    says: /sqs/,
  },
]);

table('logs-everywhere', DISTRIBUTION, site, [
  { verdict: 'violation', when: 'it logs nowhere' },
  {
    verdict: 'compliant',
    when: 'it logs to a bucket',
    change: (t) =>
      Object.assign(t.properties(DISTRIBUTION)[CONFIG] as object, { Logging: { Bucket: 'logs.s3.amazonaws.com' } }),
  },
  {
    verdict: 'compliant',
    when: 'its logs are delivered',
    change: (t) =>
      t.add('Source', 'AWS::Logs::DeliverySource', {
        ResourceArn: {
          'Fn::Sub': `arn:aws:cloudfront::$${'{AWS::AccountId}'}:distribution/$${`{${t.id(DISTRIBUTION)}}`}`,
        },
      }),
  },
]);
table('logs-everywhere', 'AWS::WAFv2::WebACL', site, [
  { verdict: 'violation', when: 'nothing says what it refuses' },
  {
    verdict: 'compliant',
    when: 'a log does',
    change: (t) =>
      t.add('Log', 'AWS::WAFv2::LoggingConfiguration', { ResourceArn: { 'Fn::GetAtt': ['Firewall', 'Arn'] } }),
  },
]);
const accessLogs = (t: MutableTemplate) =>
  t.set(BALANCER, 'LoadBalancerAttributes', [{ Key: 'access_logs.s3.enabled', Value: 'true' }]);
table('logs-everywhere', BALANCER, balanced, [
  { verdict: 'violation', when: 'it logs nowhere' },
  { verdict: 'not-applicable', when: 'it is internal, in development', strict: false },
  { verdict: 'compliant', when: 'it logs to a bucket', change: accessLogs },
]);
table('logs-everywhere', CLUSTER, aurora, [
  { verdict: 'compliant', when: 'its log is exported' },
  { verdict: 'violation', when: 'it is not', change: (t) => t.drop(CLUSTER, 'EnableCloudwatchLogsExports') },
  {
    verdict: 'not-applicable',
    when: 'it is not, in development',
    change: (t) => t.drop(CLUSTER, 'EnableCloudwatchLogsExports'),
    strict: false,
  },
]);
const containerOf = (t: MutableTemplate) =>
  (t.properties(TASK)['ContainerDefinitions'] as Record<string, unknown>[])[0] ?? {};
table('logs-everywhere', TASK, network, [
  { verdict: 'compliant', when: 'its container logs' },
  {
    verdict: 'violation',
    when: 'it does not',
    change: (t) => delete containerOf(t)['LogConfiguration'],
    says: /api does not log/,
  },
]);
