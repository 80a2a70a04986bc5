import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { PARAMETER, resources, table } from './rule-table-fixture';
import {
  balanced,
  CONFIG,
  DISTRIBUTION,
  origin,
  type Settings,
  setBehavior,
  site,
  siteAlone,
} from './site-template-fixture';

const WEB_ACL = 'AWS::WAFv2::WebACL';
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const API = 'AWS::ApiGatewayV2::Api';

const open = (t: MutableTemplate) => t.set('AWS::ApiGatewayV2::Route', 'AuthorizationType', 'NONE');
const unfronted = (t: MutableTemplate) => siteAlone(t);
const noSite = (t: MutableTemplate) => t.remove(DISTRIBUTION);
table('cloudfront-fronts-everything', API, site, [
  { verdict: 'compliant', when: 'the distribution tells it a secret' },
  {
    verdict: 'violation',
    when: 'it tells nothing',
    change: (t) => delete origin(t, 1)['OriginCustomHeaders'],
    says: /OriginCustomHeaders/,
  },
  {
    verdict: 'compliant',
    when: 'its own address is switched off',
    change: [
      (t) => delete origin(t, 1)['OriginCustomHeaders'],
      (t) => (t.properties(API)['DisableExecuteApiEndpoint'] = true),
    ],
  },
  { verdict: 'violation', when: 'the site calls it directly', change: unfronted, says: /in front/ },
  { verdict: 'violation', when: 'anyone may call it', change: [noSite, open], says: /anyone/ },
  { verdict: 'not-applicable', when: 'it asks for tokens, and there is no site', change: noSite },
  {
    verdict: 'not-applicable',
    when: 'roles call it, beside a site',
    change: [unfronted, (t) => t.set('AWS::ApiGatewayV2::Route', 'AuthorizationType', 'AWS_IAM')],
  },
  {
    verdict: 'not-applicable',
    when: 'it is for sockets',
    change: [unfronted, (t) => t.set(API, 'ProtocolType', 'WEBSOCKET')],
  },
  {
    verdict: 'cannot-tell',
    when: 'a parameter says who may',
    change: [noSite, (t) => t.set('AWS::ApiGatewayV2::Route', 'AuthorizationType', PARAMETER)],
  },
]);

const facing = (t: MutableTemplate) => t.set(BALANCER, 'Scheme', 'internet-facing');
const guarded = (t: MutableTemplate) => {
  t.properties('AWS::EC2::SecurityGroup', 'Balancer')['SecurityGroupIngress'] = [{ SourcePrefixListId: 'pl-1' }];
  t.add('Listener', 'AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: { Ref: t.id(BALANCER) } });
  t.add('Asks', 'AWS::ElasticLoadBalancingV2::ListenerRule', {
    ListenerArn: { Ref: 'Listener' },
    Conditions: [{ Field: 'http-header' }],
  });
};
table('cloudfront-fronts-everything', BALANCER, balanced, [
  { verdict: 'compliant', when: 'it is internal' },
  { verdict: 'violation', when: 'it faces the internet', change: facing, says: /prefix list.*secret header/ },
  { verdict: 'compliant', when: 'it lets CloudFront in, with a header', change: [facing, guarded] },
  {
    verdict: 'violation',
    when: 'there is no distribution',
    change: [facing, guarded, noSite],
    says: /no distribution/,
  },
  { verdict: 'not-applicable', when: 'it passes TCP on', change: (t) => t.set(BALANCER, 'Type', 'network') },
]);

const URL = 'AWS::Lambda::Url';
table('cloudfront-fronts-everything', URL, resources({ Url: [URL, { AuthType: 'AWS_IAM' }] }), [
  { verdict: 'compliant', when: 'it asks for a signature' },
  { verdict: 'violation', when: 'it asks for nothing', change: (t) => t.set(URL, 'AuthType', 'NONE') },
]);

table(
  'cloudfront-fronts-everything',
  'AWS::ApiGateway::RestApi',
  resources({ Api: ['AWS::ApiGateway::RestApi', {}] }),
  [
    { verdict: 'violation', when: 'it is on the internet' },
    {
      verdict: 'not-applicable',
      when: 'it is private',
      change: (t) => (t.properties('AWS::ApiGateway::RestApi')['EndpointConfiguration'] = { Types: ['PRIVATE'] }),
    },
  ],
);

const viewer = (policy: string) => (t: MutableTemplate) =>
  t.set(DISTRIBUTION, `${CONFIG}.DefaultCacheBehavior.ViewerProtocolPolicy`, policy);
for (const id of ['cloudfront-tls', 'tls-everywhere'] as const) {
  table(id, DISTRIBUTION, site, [
    { verdict: 'compliant', when: 'CDK redirects' },
    { verdict: 'violation', when: "CDK's old default allows all", change: viewer('allow-all') },
    { verdict: 'violation', when: 'the API allows all', change: setBehavior({ ViewerProtocolPolicy: 'allow-all' }) },
    {
      verdict: 'cannot-tell',
      when: 'behaviours are a parameter',
      change: (t) => t.set(DISTRIBUTION, `${CONFIG}.CacheBehaviors`, PARAMETER),
    },
  ]);
}
const minimum = (value: string) => (t: MutableTemplate) =>
  t.set(DISTRIBUTION, `${CONFIG}.ViewerCertificate.MinimumProtocolVersion`, value);
const custom = (settings: Settings) => (t: MutableTemplate) =>
  void Object.assign(origin(t, 1), { CustomOriginConfig: settings });
table('cloudfront-tls', DISTRIBUTION, site, [
  { verdict: 'violation', when: 'it takes TLS 1.1', change: minimum('TLSv1.1_2016'), says: /TLSv1\.1_2016/ },
  { verdict: 'violation', when: 'it takes TLS 1.0, by its other name', change: minimum('TLSv1_2016') },
  { verdict: 'compliant', when: 'it takes TLS 1.3 alone', change: minimum('TLSv1.3_2025') },
  {
    verdict: 'compliant',
    when: "the name is CloudFront's",
    change: (t) => t.drop(DISTRIBUTION, `${CONFIG}.ViewerCertificate`),
  },
  {
    verdict: 'violation',
    when: 'the API is asked without TLS',
    change: custom({ OriginProtocolPolicy: 'match-viewer' }),
    says: /https-only/,
  },
  {
    verdict: 'violation',
    when: 'the API is asked by TLS 1.0',
    change: custom({ OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1', 'TLSv1.2'] }),
    says: /TLSv1,/,
  },
]);

table('waf-on-cloudfront', DISTRIBUTION, site, [
  { verdict: 'compliant', when: 'a firewall for CloudFront is there' },
  { verdict: 'violation', when: 'there is none', change: (t) => t.drop(DISTRIBUTION, `${CONFIG}.WebACLId`) },
  {
    verdict: 'violation',
    when: 'it is of a region',
    change: (t) => t.set(WEB_ACL, 'Scope', 'REGIONAL'),
    says: /REGIONAL/,
  },
  {
    verdict: 'compliant',
    when: 'it is brought',
    change: (t) => t.set(DISTRIBUTION, `${CONFIG}.WebACLId`, 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/a/b'),
  },
  {
    verdict: 'violation',
    when: 'one of a region is brought',
    change: (t) =>
      t.set(DISTRIBUTION, `${CONFIG}.WebACLId`, 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/a/b'),
  },
  {
    verdict: 'cannot-tell',
    when: 'it is a parameter',
    change: (t) => t.set(DISTRIBUTION, `${CONFIG}.WebACLId`, PARAMETER),
  },
]);

const rules = (t: MutableTemplate) => t.properties(WEB_ACL)['Rules'] as Settings[];
table('waf-managed-rules', WEB_ACL, site, [
  { verdict: 'compliant', when: 'four groups refuse' },
  { verdict: 'violation', when: 'one is missing', change: (t) => rules(t).splice(3, 1), says: /SQLiRuleSet is not/ },
  {
    verdict: 'violation',
    when: 'one counts',
    change: (t) => Object.assign(rules(t)[1] ?? {}, { OverrideAction: { Count: {} } }),
    says: /only counts/,
  },
  { verdict: 'cannot-tell', when: 'they are a parameter', change: (t) => t.set(WEB_ACL, 'Rules', PARAMETER) },
]);

const rate = (settings: Settings) => (t: MutableTemplate) =>
  void Object.assign(rules(t)[0] ?? {}, { Statement: { RateBasedStatement: settings } });
table('waf-rate-rule', WEB_ACL, site, [
  { verdict: 'compliant', when: '2000 in 5 minutes' },
  { verdict: 'violation', when: '2001', change: rate({ Limit: 2001 }) },
  {
    verdict: 'compliant',
    when: '400 in a minute, which is as many',
    change: rate({ Limit: 400, EvaluationWindowSec: 60 }),
  },
  { verdict: 'violation', when: '2000 in a minute', change: rate({ Limit: 2000, EvaluationWindowSec: 60 }) },
  { verdict: 'violation', when: 'for one path alone', change: rate({ Limit: 100, ScopeDownStatement: {} }) },
  {
    verdict: 'violation',
    when: 'floods are counted',
    change: (t) => Object.assign(rules(t)[0] ?? {}, { Action: { Count: {} } }),
  },
  { verdict: 'cannot-tell', when: 'they are a parameter', change: (t) => t.set(WEB_ACL, 'Rules', PARAMETER) },
]);
