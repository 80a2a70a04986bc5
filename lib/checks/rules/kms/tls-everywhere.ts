import { textOf } from '../../../template/literal-text';
import { isIntrinsic, literalOf, type TemplateResource } from '../../../template/template-resource';
import { behaviorsOf } from '../../distribution';
import type { Inventory } from '../../inventory';
import { isMember } from '../../relational-database';
import { compliant, mustHold, notApplicable, type Rule, type Verdict, verdict } from '../../rule';

type Check = (resource: TemplateResource, inventory: Inventory) => Verdict;

/** What each engine's parameter is, and its value, that refuses connections without TLS (AWS: RDS, SSL/TLS by engine). */
const FORCING: readonly (readonly [engine: RegExp, parameter: string, values: readonly string[]])[] = [
  [/postgres|sqlserver/, 'rds.force_ssl', ['1', 'true']],
  [/mysql|mariadb/, 'require_secure_transport', ['1', 'ON', 'true']],
];
/** From which version on that is the default (AWS: RDS and Aurora, using SSL with PostgreSQL). */
const FORCED_FROM: Readonly<Record<string, number>> = { postgres: 15, 'aurora-postgresql': 17 };
/** Policies of listeners that speak TLS 1.2 or later alone. */
const MODERN_POLICY = /TLS13-1-[23]|TLS-1-2|FS-1-2/;
const ENCRYPTED = ['redirect-to-https', 'https-only'];

const deniesPlain: Check = (store, inventory) =>
  mustHold(
    inventory.resourceStatements(store).some((statement) => {
      const secure = (statement['Condition'] as { Bool?: Record<string, unknown> } | undefined)?.Bool?.[
        'aws:SecureTransport'
      ];
      return statement['Effect'] === 'Deny' && String(secure) === 'false';
    }),
    'no policy denies requests without TLS (aws:SecureTransport false)',
  );

/** Whether a database without the parameter refuses connections without TLS. A version that is not stated is RDS's choice. */
function forcesByDefault(database: TemplateResource, engine: string): boolean {
  const version = Number.parseInt(database.text('EngineVersion') ?? '', 10);
  return version >= (FORCED_FROM[engine] ?? Number.POSITIVE_INFINITY);
}

const databaseForces: Check = (database, inventory) => {
  const engine = database.text('Engine') ?? '';
  const [, parameter = '', values = []] = FORCING.find(([pattern]) => pattern.test(engine)) ?? [];
  if (isMember(database) || parameter === '') return notApplicable;
  const property = database.type === 'AWS::RDS::DBCluster' ? 'DBClusterParameterGroupName' : 'DBParameterGroupName';
  const finding = `the database takes connections without TLS; allowed: a parameter group with ${parameter} ${values[0]}`;
  const name = database.get(property);
  const isDefault = name === undefined || (!isIntrinsic(name) && textOf(name).startsWith('default'));
  const group = isDefault ? undefined : inventory.mustFind(database, name, 'the parameter group');
  const value = group?.map('Parameters')[parameter];
  return mustHold(value === undefined ? forcesByDefault(database, engine) : values.includes(textOf(value)), finding);
};

/** Whether requests reach a load balancer by CloudFront's own way into the VPC alone, which no one else can listen to. */
function isBehindVpcOrigin(balancer: TemplateResource, inventory: Inventory): boolean {
  return (
    balancer.literal('Scheme') === 'internal' &&
    inventory.referrers('AWS::CloudFront::VpcOrigin', 'VpcOriginEndpointConfig.Arn', balancer).length > 0
  );
}

const listenerEncrypts: Check = (listener, inventory) => {
  const protocol = String(listener.text('Protocol'));
  if (protocol === 'HTTPS' || protocol === 'TLS') {
    const policy = listener.text('SslPolicy') ?? 'the default';
    return mustHold(MODERN_POLICY.test(policy), `SslPolicy is ${policy}; allowed: one of TLS 1.2 or 1.3`);
  }
  if (protocol !== 'HTTP') return notApplicable;
  const actions = listener.maps<{
    readonly Type?: string;
    readonly RedirectConfig?: { readonly Protocol?: string };
  }>('DefaultActions');
  const redirects = actions.length > 0 && actions.every(({ RedirectConfig }) => RedirectConfig?.Protocol === 'HTTPS');
  if (redirects) return compliant;
  const balancer = inventory.mustFind(listener, listener.get('LoadBalancerArn'), 'the load balancer');
  return mustHold(
    isBehindVpcOrigin(balancer, inventory),
    'it takes requests without TLS; allowed: HTTPS, a redirect to it, or an internal load balancer behind a VPC origin',
  );
};

const CHECKS: Readonly<Record<string, Check>> = {
  'AWS::SQS::Queue': deniesPlain,
  'AWS::SNS::Topic': deniesPlain,
  'AWS::S3::Bucket': deniesPlain,
  'AWS::RDS::DBCluster': databaseForces,
  'AWS::RDS::DBInstance': databaseForces,
  'AWS::RDS::DBProxy': (proxy) => mustHold(proxy.flag('RequireTLS') === true, 'RequireTLS is not true'),
  // A serverless cache speaks TLS alone.
  'AWS::ElastiCache::ReplicationGroup': (cache) =>
    verdict([
      cache.flag('TransitEncryptionEnabled') !== true && 'TransitEncryptionEnabled is not true',
      cache.literal('TransitEncryptionMode') === 'preferred' && 'TransitEncryptionMode is preferred; allowed: required',
    ]),
  'AWS::ElastiCache::CacheCluster': (cache) =>
    cache.has('ReplicationGroupId')
      ? notApplicable
      : mustHold(cache.flag('TransitEncryptionEnabled') === true, 'TransitEncryptionEnabled is not true'),
  'AWS::ElasticLoadBalancingV2::Listener': listenerEncrypts,
  'AWS::CloudFront::Distribution': (distribution, inventory) =>
    mustHold(
      behaviorsOf(distribution, inventory).every(({ settings }) =>
        ENCRYPTED.includes(String(literalOf(settings['ViewerProtocolPolicy'], 'ViewerProtocolPolicy'))),
      ),
      'a behaviour answers without TLS; allowed: ViewerProtocolPolicy redirect-to-https or https-only',
    ),
};

export const tlsEverywhere: Rule = {
  id: 'tls-everywhere',
  title: 'Buckets, queues, topics, databases and listeners refuse connections without TLS',
  why: 'S3, SQS, SNS, load balancers and many databases take connections without TLS until a policy or a setting refuses them. Passwords and data then cross the network as plain text.',
  fix: 'Deny requests with aws:SecureTransport false in the policies of buckets, queues and topics (enforceSSL in the CDK). Set rds.force_ssl or require_secure_transport, RequireTLS of a proxy, TransitEncryptionEnabled of a cache, and an SslPolicy of TLS 1.2 or later.',
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_protect_data_transit_encrypt.html',
  example: {
    fixed: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: { Ref: 'Key' } } },
      QueuePolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'Queue' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Deny',
                Principal: '*',
                Action: 'sqs:*',
                Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] },
                Condition: { Bool: { 'aws:SecureTransport': 'false' } },
              },
            ],
          },
        },
      },
      Database: {
        Type: 'AWS::RDS::DBCluster',
        Properties: { Engine: 'aurora-postgresql', DBClusterParameterGroupName: { Ref: 'Parameters' } },
      },
      Parameters: {
        Type: 'AWS::RDS::DBClusterParameterGroup',
        Properties: { Family: 'aurora-postgresql16', Parameters: { 'rds.force_ssl': '1' } },
      },
      Proxy: { Type: 'AWS::RDS::DBProxy', Properties: { EngineFamily: 'POSTGRESQL', RequireTLS: true } },
      Cache: { Type: 'AWS::ElastiCache::ReplicationGroup', Properties: { TransitEncryptionEnabled: true } },
      Listener: {
        Type: 'AWS::ElasticLoadBalancingV2::Listener',
        Properties: {
          LoadBalancerArn: { Ref: 'LoadBalancer' },
          Protocol: 'HTTPS',
          SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        },
      },
      LoadBalancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internet-facing' } },
      Distribution: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            DefaultCacheBehavior: { TargetOriginId: 'site', ViewerProtocolPolicy: 'redirect-to-https' },
          },
        },
      },
    },
    broken: [
      { QueuePolicy: null },
      { 'QueuePolicy.Properties.PolicyDocument.Statement.0.Effect': 'Allow' },
      { 'Database.Properties.DBClusterParameterGroupName': null },
      { 'Parameters.Properties.Parameters': { 'rds.force_ssl': '0' } },
      { 'Proxy.Properties.RequireTLS': null },
      { 'Cache.Properties.TransitEncryptionEnabled': null },
      { 'Listener.Properties.Protocol': 'HTTP' },
      { 'Listener.Properties.SslPolicy': 'ELBSecurityPolicy-TLS13-1-1-2021-06' },
      { 'Listener.Properties.SslPolicy': null },
      { 'Distribution.Properties.DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy': 'allow-all' },
    ],
  },
  types: Object.keys(CHECKS),
  check: (resource, inventory) => CHECKS[resource.type]?.(resource, inventory) ?? notApplicable,
};
