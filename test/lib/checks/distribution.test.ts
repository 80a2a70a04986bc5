import { expect, it } from 'vitest';
import { behaviorsOf, distributionsOf, isApiBehavior, originsOf } from '../../../lib/checks/distribution';
import { att, inventoryOf, join, type Literal, type Literals, PARAMETER, ref, resourceIn } from './literal-fixture';

const SITE = 'AWS::CloudFront::Distribution';
const read = (config: object, more: Literals = {}) => {
  const inventory = inventoryOf({ Site: [SITE, { DistributionConfig: config }], ...more });
  return { inventory, site: resourceIn(inventory, 'Site') };
};
const kindOf = (origin: object, source: Literal = ['AWS::SQS::Queue', {}]) => {
  const { inventory, site } = read({ Origins: [origin] }, { Source: source });
  const [found] = originsOf(site, inventory);
  return [found?.kind, found?.source?.logicalId];
};
const at = (DomainName: unknown, more: object = {}) => ({ DomainName, CustomOriginConfig: {}, ...more });
const domain = att('Source', 'Domain');

it.each<[string, object, Literal?]>([
  ['bucket', { DomainName: 'a.s3.amazonaws.com', S3OriginConfig: {} }],
  ['bucket', { DomainName: domain, S3OriginConfig: {} }, ['AWS::S3::Bucket', {}]],
  ['website', at(domain), ['AWS::S3::Bucket', {}]],
  ['website', at('a.s3-website-eu-west-1.amazonaws.com')],
  ['website', at('a.s3-website.eu-central-1.amazonaws.com')],
  ['api', at(domain), ['AWS::ApiGatewayV2::Api', {}]],
  ['api', at(domain), ['AWS::ApiGateway::RestApi', {}]],
  ['api', at(domain), ['AWS::ElasticLoadBalancingV2::LoadBalancer', {}]],
  ['api', at(domain), ['AWS::Lambda::Url', {}]],
  ['api', at('a.execute-api.eu-west-1.amazonaws.com')],
  ['api', at('a.eu-west-1.elb.amazonaws.com')],
  ['api', at('a.lambda-url.eu-west-1.on.aws')],
  ['api', at(join(PARAMETER, '.execute-api.', PARAMETER, '.amazonaws.com'))],
  ['api', at('example.com', { VpcOriginConfig: { VpcOriginId: 'vo-1' } })],
  ['other', at(domain)],
  ['other', at('example.com')],
  ['other', at('as3-websites.example.com')],
])('an origin is a %s: %j', (kind, origin, source) => {
  expect(kindOf(origin, source)).toEqual([kind, JSON.stringify(origin).includes('"Source"') ? 'Source' : undefined]);
});

it('follows a VPC origin to its load balancer', () => {
  const { inventory, site } = read(
    { Origins: [at('example.com', { VpcOriginConfig: { VpcOriginId: ref('Way') } })] },
    {
      Way: ['AWS::CloudFront::VpcOrigin', { VpcOriginEndpointConfig: { Arn: ref('Balancer') } }],
      Balancer: ['AWS::ElasticLoadBalancingV2::LoadBalancer', {}],
    },
  );
  expect(originsOf(site, inventory)[0]).toMatchObject({ kind: 'api', source: resourceIn(inventory, 'Balancer') });
});

it('knows behaviours in order, the default one last, with their origins', () => {
  const { inventory, site } = read({
    Origins: [
      { Id: 'a', DomainName: 'a.com' },
      { Id: ref('B'), DomainName: 'b.com' },
    ],
    OriginGroups: { Items: [{ Id: 'group', Members: { Items: [{ OriginId: ref('B') }, { OriginId: 'a' }] } }] },
    CacheBehaviors: [
      { PathPattern: '/1', TargetOriginId: 'a' },
      { PathPattern: '/2', TargetOriginId: 'group' },
      { PathPattern: '/3', TargetOriginId: 'none' },
    ],
    DefaultCacheBehavior: { TargetOriginId: ref('B') },
  });
  const found = behaviorsOf(site, inventory).map(({ pattern, origin }) => [pattern, origin?.settings['DomainName']]);
  expect(found).toEqual([
    ['/1', 'a.com'],
    ['/2', 'b.com'],
    ['/3', undefined],
    [undefined, 'b.com'],
  ]);
  const bare = read({});
  expect(behaviorsOf(bare.site, bare.inventory)).toEqual([{ pattern: undefined, settings: {} }]);
});

it.each(['api', '/api', '/api/*', 'api/*', 'api*', '/api/v1/*'])('the path %s is of an API', (pattern) => {
  expect(isApiBehavior({ pattern, settings: {} })).toBe(true);
});
it.each(['/apis', '/my/api', '/*', '/apix*'])('the path %s is of none', (pattern) => {
  expect(isApiBehavior({ pattern, settings: {} })).toBe(false);
});

it('the paths of an API are its own, those of a load balancer when they take writes', () => {
  const behavior = (DomainName: unknown, AllowedMethods?: string[], more: object = {}) => {
    const config = {
      Origins: [{ Id: 'a', DomainName, ...more }],
      DefaultCacheBehavior: { TargetOriginId: 'a', ...(AllowedMethods && { AllowedMethods }) },
    };
    const { inventory, site } = read(config, { Balancer: ['AWS::ElasticLoadBalancingV2::LoadBalancer', {}] });
    return isApiBehavior(behaviorsOf(site, inventory)[0] ?? expect.fail());
  };
  const balancer = att('Balancer', 'DNSName');
  const viaVpc = { VpcOriginConfig: { VpcOriginId: 'vo-1' } };
  expect(behavior('a.execute-api.eu-west-1.amazonaws.com')).toBe(true);
  expect([behavior(balancer), behavior(balancer, ['GET', 'HEAD']), behavior(balancer, ['GET', 'POST'])]).toEqual([
    false,
    false,
    true,
  ]);
  expect([behavior('a.com', undefined, viaVpc), behavior('a.com', ['GET', 'POST'], viaVpc)]).toEqual([false, true]);
  expect(behavior('example.com', ['GET', 'POST'])).toBe(false);
});

it('finds the distributions of a source', () => {
  const { inventory, site } = read(
    {
      Origins: [
        { Id: 'a', DomainName: att('Pages') },
        { Id: 'b', DomainName: 'b.com' },
      ],
    },
    { Pages: ['AWS::S3::Bucket', {}], Other: ['AWS::S3::Bucket', {}] },
  );
  const found = distributionsOf(resourceIn(inventory, 'Pages'), inventory);
  expect(found.map(({ distribution, origin }) => [distribution, origin.settings['Id']])).toEqual([[site, 'a']]);
  expect(distributionsOf(resourceIn(inventory, 'Other'), inventory)).toEqual([]);
});
