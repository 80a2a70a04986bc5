import { expect, it } from 'vitest';
import { isWatchedElsewhere, REQUEST_PATHS } from '../../../lib/checks/request-path-alarms';
import { att, inventoryOf, type Literal, resourceIn } from './literal-fixture';

const elsewhere = (it: Literal, source: Literal = ['AWS::SQS::Queue', {}]) => {
  const inventory = inventoryOf({ It: it, Source: source });
  return isWatchedElsewhere(resourceIn(inventory, 'It'), inventory);
};
const site = (...Origins: object[]): Literal => ['AWS::CloudFront::Distribution', { DistributionConfig: { Origins } }];
const bucket = { DomainName: 'a.s3.amazonaws.com', S3OriginConfig: {} };
const website = { DomainName: 'a.s3-website-eu-west-1.amazonaws.com' };
const source = { DomainName: att('Source', 'Domain') };

it.each<[string, boolean, Literal, Literal?]>([
  ['a load balancer', false, ['AWS::ElasticLoadBalancingV2::LoadBalancer', {}]],
  ['one for requests', false, ['AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'application' }]],
  ['one for TCP', true, ['AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'network' }]],
  ['an HTTP API', false, ['AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }]],
  ['one for sockets', true, ['AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }]],
  ['a REST API', false, ['AWS::ApiGateway::RestApi', {}]],
  ['a distribution of files', true, site(bucket, website)],
  ['one of a server', false, site(bucket, { DomainName: 'example.com' })],
  ['one of something else', false, site(source)],
  ...REQUEST_PATHS.map((type): [string, boolean, Literal, Literal] => [
    `one of a ${type}`,
    true,
    site(bucket, source),
    [type, {}],
  ]),
])('%s is watched elsewhere: %s', (_, watched, it, behind) => {
  expect(elsewhere(it, behind)).toBe(watched);
});
