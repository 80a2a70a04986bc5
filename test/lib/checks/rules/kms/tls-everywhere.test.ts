import { tlsEverywhere } from '../../../../../lib/checks/rules/kms/tls-everywhere';
import { type Case, cases, type Literals, mustBe, PARAMETER, ref } from '../../literal-fixture';

const statement = (more: object = {}, secure: unknown = 'false') => ({
  Effect: 'Deny',
  Condition: { Bool: { 'aws:SecureTransport': secure } },
  ...more,
});
const plain = 'no policy denies requests without TLS (aws:SecureTransport false)';
for (const [type, policy, property] of [
  ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues'],
  ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'Topics'],
  ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'Bucket'],
] as const) {
  const of = property === 'Bucket' ? ref('Store') : [ref('Store')];
  const says = (Statement: unknown, to: unknown = of) => ({
    Policy: [policy, { [property]: to, PolicyDocument: { Statement } }] as const,
  });
  cases(tlsEverywhere, { Store: [type, {}], ...says([{ Effect: 'Allow' }, statement()]) }, [
    ['compliant', 'requests without TLS are denied'],
    ['compliant', 'they are, by a switch', says(statement({}, false))],
    ['violation', 'they are allowed', says(statement({ Effect: 'Allow' })), plain],
    ['violation', 'those with TLS are denied', says(statement({}, 'true')), plain],
    ['violation', 'all are', says({ Effect: 'Deny' }), plain],
    ['violation', 'something else is asked for', says({ Effect: 'Deny', Condition: { StringEquals: {} } }), plain],
    ['violation', 'the policy is of another', says(statement(), 'other'), plain],
    ['violation', 'there is none', { Policy: undefined }, plain],
  ]);
}

for (const [type, property] of [
  ['AWS::RDS::DBCluster', 'DBClusterParameterGroupName'],
  ['AWS::RDS::DBInstance', 'DBParameterGroupName'],
] as const) {
  const database = (Engine: string, Parameters?: object): Literals => ({
    Database: [type, { Engine, [property]: ref('Group') }],
    Group: ['AWS::RDS::DBParameterGroup', Parameters === undefined ? {} : { Parameters }],
  });
  const open = (setting: string) =>
    `the database takes connections without TLS; allowed: a parameter group with ${setting}`;
  const sets = (Parameters: object) => ({ 'Group.Parameters': Parameters });
  for (const [engine, parameter, values, first] of [
    ['aurora-postgresql', 'rds.force_ssl', ['1', 1, 'true'], '1'],
    ['sqlserver-se', 'rds.force_ssl', ['1', 'true'], '1'],
    ['aurora-mysql', 'require_secure_transport', ['1', 'ON', 'true'], '1'],
    ['mariadb', 'require_secure_transport', ['ON'], '1'],
  ] as const) {
    cases(tlsEverywhere, database(engine, { [parameter]: values[0] }), [
      ...values.map(
        (value): Case => ['compliant', `${engine} has ${parameter} ${value}`, sets({ [parameter]: value })],
      ),
      ...['0', 'OFF'].map(
        (value): Case => [
          'violation',
          `${engine} has ${value}`,
          sets({ [parameter]: value }),
          open(`${parameter} ${first}`),
        ],
      ),
      ['violation', 'another is set', sets({ other: '1' }), open(parameter)],
      ['violation', 'nothing is', { 'Group.Parameters': undefined }, open(parameter)],
    ]);
  }
  cases(tlsEverywhere, database('postgres', { 'rds.force_ssl': '1' }), [
    ['violation', 'it has no group', { [`Database.${property}`]: undefined }, open('rds.force_ssl 1')],
    ['violation', 'it has RDS’s own', { [`Database.${property}`]: 'default.postgres17' }, open('rds.force_ssl 1')],
    ['cannot-tell', 'its group is elsewhere', { [`Database.${property}`]: 'theirs' }],
    ['cannot-tell', 'a parameter is it', { [`Database.${property}`]: PARAMETER }],
    ...[
      ['postgres', 15],
      ['aurora-postgresql', 17],
    ].flatMap(([Engine, first]): Case[] => {
      const unset = (EngineVersion: unknown) => ({
        [`Database.${property}`]: undefined,
        'Database.Engine': Engine,
        'Database.EngineVersion': EngineVersion,
      });
      return [
        ['compliant', `${Engine} ${first} does so by default`, unset(`${first}.4`)],
        ['violation', `older ${Engine} does not`, unset(`${Number(first) - 1}.9`), open('rds.force_ssl 1')],
        ['cannot-tell', `a parameter says the version of ${Engine}`, unset(PARAMETER)],
      ];
    }),
    [
      'violation',
      'it is told not to',
      { 'Database.EngineVersion': '17.4', ...sets({ 'rds.force_ssl': '0' }) },
      open('rds'),
    ],
    [
      'violation',
      'another engine has no such default',
      { 'Database.Engine': 'sqlserver-se', 'Database.EngineVersion': '17.0', ...sets({}) },
      open('rds'),
    ],
    ['not-applicable', 'its engine has another way', { 'Database.Engine': 'oracle-ee' }],
    ['not-applicable', 'it has no engine', { 'Database.Engine': undefined }],
  ]);
}
cases(
  tlsEverywhere,
  { Database: ['AWS::RDS::DBInstance', { Engine: 'aurora-postgresql', DBClusterIdentifier: 'its' }] },
  [['not-applicable', 'its cluster says it']],
);

mustBe(
  tlsEverywhere,
  { Proxy: ['AWS::RDS::DBProxy', {}] },
  'Proxy.RequireTLS',
  true,
  'RequireTLS is not true',
  'violation',
);
const cache: Literals = { Cache: ['AWS::ElastiCache::ReplicationGroup', { TransitEncryptionEnabled: true }] };
mustBe(
  tlsEverywhere,
  cache,
  'Cache.TransitEncryptionEnabled',
  true,
  'TransitEncryptionEnabled is not true',
  'violation',
);
cases(tlsEverywhere, cache, [
  ['compliant', 'it must', { 'Cache.TransitEncryptionMode': 'required' }],
  [
    'violation',
    'it may',
    { 'Cache.TransitEncryptionMode': 'preferred' },
    'TransitEncryptionMode is preferred; allowed: required',
  ],
]);
const node: Literals = { Node: ['AWS::ElastiCache::CacheCluster', {}] };
mustBe(tlsEverywhere, node, 'Node.TransitEncryptionEnabled', true, 'TransitEncryptionEnabled is not true', 'violation');
cases(tlsEverywhere, node, [['not-applicable', 'its group says it', { 'Node.ReplicationGroupId': 'its' }]]);

const listener = (Protocol: unknown, more: object = {}): Literals => ({
  Listener: ['AWS::ElasticLoadBalancingV2::Listener', { Protocol, LoadBalancerArn: ref('Balancer'), ...more }],
  Balancer: ['AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' }],
  Origin: ['AWS::CloudFront::VpcOrigin', { VpcOriginEndpointConfig: { Arn: ref('Balancer') } }],
});
const old = (policy: string) => `SslPolicy is ${policy}; allowed: one of TLS 1.2 or 1.3`;
const open =
  'it takes requests without TLS; allowed: HTTPS, a redirect to it, or an internal load balancer behind a VPC origin';
for (const protocol of ['HTTPS', 'TLS']) {
  cases(tlsEverywhere, listener(protocol, { SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' }), [
    ...[
      'ELBSecurityPolicy-TLS13-1-2-2021-06',
      'ELBSecurityPolicy-TLS13-1-3-2021-06',
      'ELBSecurityPolicy-TLS-1-2-2017-01',
      'ELBSecurityPolicy-FS-1-2-2019-08',
    ].map((policy): Case => ['compliant', `${protocol} by ${policy}`, { 'Listener.SslPolicy': policy }]),
    ...[
      'ELBSecurityPolicy-2016-08',
      'ELBSecurityPolicy-TLS13-1-1-2021-06',
      'ELBSecurityPolicy-TLS13-1-0-2021-06',
      'ELBSecurityPolicy-TLS-1-1-2017-01',
      'ELBSecurityPolicy-FS-1-1-2019-08',
    ].map((policy): Case => ['violation', `${protocol} by ${policy}`, { 'Listener.SslPolicy': policy }, old(policy)]),
    ['violation', `${protocol} by what AWS takes`, { 'Listener.SslPolicy': undefined }, old('the default')],
    ['cannot-tell', 'a parameter says it', { 'Listener.SslPolicy': PARAMETER }],
  ]);
}
const redirect = (Protocol: string) => ({ RedirectConfig: { Protocol } });
cases(tlsEverywhere, listener('HTTP'), [
  ['compliant', 'CloudFront alone gets there'],
  ['violation', 'it is public', { 'Balancer.Scheme': 'internet-facing' }, open],
  ['violation', 'CloudFront does not', { Origin: undefined }, open],
  ['violation', 'CloudFront gets elsewhere', { 'Origin.VpcOriginEndpointConfig.Arn': 'other' }, open],
  ['compliant', 'it sends to HTTPS', { Origin: undefined, 'Listener.DefaultActions': [redirect('HTTPS')] }],
  ['violation', 'it sends elsewhere', { Origin: undefined, 'Listener.DefaultActions': [redirect('HTTP')] }, open],
  ['violation', 'it also answers', { Origin: undefined, 'Listener.DefaultActions': [redirect('HTTPS'), {}] }, open],
  ['violation', 'it does nothing', { Origin: undefined, 'Listener.DefaultActions': [] }, open],
  ['not-applicable', 'it is for TCP', { 'Listener.Protocol': 'TCP' }],
  ['cannot-tell', 'its balancer is elsewhere', { 'Listener.LoadBalancerArn': 'theirs' }],
]);

const site = (...policies: unknown[]): Literals => ({
  Site: [
    'AWS::CloudFront::Distribution',
    {
      DistributionConfig: {
        CacheBehaviors: policies.slice(1).map((ViewerProtocolPolicy) => ({ ViewerProtocolPolicy })),
        DefaultCacheBehavior: { ViewerProtocolPolicy: policies[0] },
      },
    },
  ],
});
const behaviour = 'a behaviour answers without TLS; allowed: ViewerProtocolPolicy redirect-to-https or https-only';
cases(tlsEverywhere, site('redirect-to-https', 'https-only'), [
  ['compliant', 'each asks for TLS'],
  ['violation', 'the default one does not', site('allow-all', 'https-only'), behaviour],
  ['violation', 'another does not', site('https-only', 'allow-all'), behaviour],
  ['violation', 'one does not say', site('https-only', undefined), behaviour],
  ['cannot-tell', 'a parameter says it', site(PARAMETER)],
]);
