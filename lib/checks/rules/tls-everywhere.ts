import { behaviorsOf } from '../distribution';
import type { Inventory } from '../inventory';
import { isMember } from '../relational-database';
import { compliant, mustHold, notApplicable, type Rule, type Verdict, verdict } from '../rule';
import { isIntrinsic, literalOf, type TemplateResource } from '../template-resource';

type Check = (resource: TemplateResource, inventory: Inventory) => Verdict;

/** What each engine's parameter is, and its value, that refuses connections without TLS (AWS: RDS, SSL/TLS by engine). */
const FORCING: readonly (readonly [engine: RegExp, parameter: string, values: readonly string[]])[] = [
  [/postgres|sqlserver/, 'rds.force_ssl', ['1', 'true']],
  [/mysql|mariadb/, 'require_secure_transport', ['1', 'ON', 'true']],
];
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

const databaseForces: Check = (database, inventory) => {
  const engine = String(database.literal('Engine') ?? '');
  const [, parameter = '', values = []] = FORCING.find(([pattern]) => pattern.test(engine)) ?? [];
  if (isMember(database) || parameter === '') return notApplicable;
  const property = database.type === 'AWS::RDS::DBCluster' ? 'DBClusterParameterGroupName' : 'DBParameterGroupName';
  const finding = `the database takes connections without TLS; allowed: a parameter group with ${parameter} ${values[0]}`;
  const name = database.get(property);
  if (name === undefined || (!isIntrinsic(name) && String(name).startsWith('default'))) return mustHold(false, finding);
  const parameters = (inventory.mustFind(database, name, 'the parameter group').literal('Parameters') ?? {}) as object;
  const value = String((parameters as Record<string, unknown>)[parameter]);
  return mustHold(values.includes(value), finding);
};

/** Whether requests reach a load balancer by CloudFront's own way into the VPC alone, which no one else can listen to. */
function isBehindVpcOrigin(balancer: TemplateResource, inventory: Inventory): boolean {
  return (
    balancer.literal('Scheme') === 'internal' &&
    inventory
      .ofType('AWS::CloudFront::VpcOrigin')
      .some((origin) => inventory.names(origin, origin.get('VpcOriginEndpointConfig.Arn'), balancer))
  );
}

const listenerEncrypts: Check = (listener, inventory) => {
  const protocol = String(listener.literal('Protocol'));
  if (protocol === 'HTTPS' || protocol === 'TLS') {
    const policy = String(listener.literal('SslPolicy') ?? 'the default');
    return mustHold(MODERN_POLICY.test(policy), `SslPolicy is ${policy}; allowed: one of TLS 1.2 or 1.3`);
  }
  if (protocol !== 'HTTP') return notApplicable;
  const actions = listener.list('DefaultActions') as {
    readonly Type?: string;
    readonly RedirectConfig?: { readonly Protocol?: string };
  }[];
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

/** All traffic in transit uses TLS 1.2+. */
export const tlsEverywhere: Rule = {
  id: 'tls-everywhere',
  types: Object.keys(CHECKS),
  check: (resource, inventory) => CHECKS[resource.type]?.(resource, inventory) ?? notApplicable,
};
