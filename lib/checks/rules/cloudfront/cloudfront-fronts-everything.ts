import type { TemplateResource } from '../../../template/template-resource';
import { distributionsOf } from '../../distribution';
import type { Inventory } from '../../inventory';
import { compliant, mustHold, notApplicable, type Rule, type Verdict, verdict } from '../../rule';
import { groupsOf, ingressOf } from '../../security-groups';

const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const DIRECT = 'it answers to anyone, around CloudFront and its firewall';

function checkLoadBalancer(balancer: TemplateResource, inventory: Inventory): Verdict {
  if (![undefined, 'application'].includes(balancer.literal('Type') as string | undefined)) return notApplicable;
  if (balancer.literal('Scheme') === 'internal') return compliant;
  const ingress = groupsOf(balancer, inventory).flatMap((group) => ingressOf(group, inventory));
  const peers = ['SourcePrefixListId', 'SourceSecurityGroupId'];
  const known = ingress.length > 0 && ingress.every(({ rule }) => peers.some((peer) => peer in rule));
  const listeners = inventory.referrers('AWS::ElasticLoadBalancingV2::Listener', 'LoadBalancerArn', balancer);
  const asksForHeader = inventory
    .ofType('AWS::ElasticLoadBalancingV2::ListenerRule')
    .filter((rule) => listeners.some((listener) => inventory.names(rule, rule.get('ListenerArn'), listener)))
    .some((rule) => rule.maps<{ Field?: string }>('Conditions').some(({ Field }) => Field === 'http-header'));
  return verdict([
    distributionsOf(balancer, inventory).length === 0 &&
      'no distribution is in front of it; allowed: Scheme internal, behind a VPC origin',
    !known && `${DIRECT}; allowed: its security group lets in CloudFront's prefix list alone, or Scheme internal`,
    !asksForHeader &&
      `a distribution of anyone reaches it; allowed: a listener rule on a secret header, or Scheme internal`,
  ]);
}

/** How a route or method lets callers in. */
function authorizations(api: TemplateResource, inventory: Inventory): readonly unknown[] {
  const [type, property] =
    api.type === 'AWS::ApiGatewayV2::Api'
      ? ['AWS::ApiGatewayV2::Route', 'ApiId']
      : ['AWS::ApiGateway::Method', 'RestApiId'];
  return inventory
    .ofType(type)
    .filter((route) => route.properties['HttpMethod'] !== 'OPTIONS')
    .filter((route) => inventory.names(route, route.get(property), api))
    .map((route) => route.literal('AuthorizationType') ?? 'NONE');
}

function checkApi(api: TemplateResource, inventory: Inventory): Verdict {
  if (api.literal('ProtocolType') === 'WEBSOCKET') return notApplicable;
  if (api.type === 'AWS::ApiGateway::RestApi' && api.list('EndpointConfiguration.Types').includes('PRIVATE'))
    return notApplicable;
  const kinds = authorizations(api, inventory);
  const fronts = distributionsOf(api, inventory);
  if (fronts.length === 0) {
    // What asks each caller for a token or a signature, with no site beside it in its stack, is no public app.
    const guarded = kinds.length > 0 && !kinds.includes('NONE');
    const site = inventory.ofType('AWS::CloudFront::Distribution').some(({ stack }) => stack === api.stack);
    if (guarded && (!site || kinds.every((kind) => kind === 'AWS_IAM'))) return notApplicable;
    return mustHold(
      api.flag('DisableExecuteApiEndpoint') === true,
      `${DIRECT}; allowed: a distribution in front of it`,
    );
  }
  const secret = fronts.every(({ origin }) => ((origin.settings['OriginCustomHeaders'] ?? []) as unknown[]).length > 0);
  return mustHold(
    secret || api.flag('DisableExecuteApiEndpoint') === true,
    `${DIRECT}; allowed: a secret header of the distribution that it checks (OriginCustomHeaders), or DisableExecuteApiEndpoint`,
  );
}

function checkUrl(url: TemplateResource, inventory: Inventory): Verdict {
  if (url.literal('AuthType') === 'AWS_IAM') return compliant;
  const fronts = distributionsOf(url, inventory);
  const secret = fronts.every(({ origin }) => ((origin.settings['OriginCustomHeaders'] ?? []) as unknown[]).length > 0);
  return mustHold(fronts.length > 0 && secret, `${DIRECT}; allowed: AuthType AWS_IAM, with an origin access control`);
}

export const cloudfrontFrontsEverything: Rule = {
  id: 'cloudfront-fronts-everything',
  title: 'A public load balancer, API or function URL is reached through CloudFront alone',
  why: 'The firewall and the DDoS protection are at CloudFront. Whoever finds the address of the origin goes around them, and so does a distribution of another account that names it as its origin.',
  fix: 'Make a load balancer internal with a VPC origin, set DisableExecuteApiEndpoint or a secret header in OriginCustomHeaders that the API checks, and AuthType AWS_IAM on a function URL.',
  severity: 'error',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html',
  example: {
    fixed: {
      Balancer: {
        Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
        Properties: { Type: 'application', Scheme: 'internal' },
      },
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'orders', ProtocolType: 'HTTP' } },
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            Origins: [
              {
                Id: 'api',
                DomainName: { 'Fn::Join': ['.', [{ Ref: 'Api' }, 'execute-api.eu-west-1.amazonaws.com']] },
                CustomOriginConfig: { OriginProtocolPolicy: 'https-only' },
                OriginCustomHeaders: [
                  {
                    HeaderName: 'x-origin-verify',
                    HeaderValue: '{{resolve:secretsmanager:origin-verify}}',
                  },
                ],
              },
            ],
          },
        },
      },
      Url: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'AWS_IAM' } },
    },
    broken: [
      { 'Balancer.Properties.Scheme': null },
      { 'Balancer.Properties.Scheme': 'internet-facing' },
      { 'Site.Properties.DistributionConfig.Origins.0.OriginCustomHeaders': null },
      { Site: null },
      { 'Url.Properties.AuthType': 'NONE' },
    ],
  },
  types: [LOAD_BALANCER, 'AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi', 'AWS::Lambda::Url'],
  check: (resource, inventory) => {
    if (resource.type === LOAD_BALANCER) return checkLoadBalancer(resource, inventory);
    return resource.type === 'AWS::Lambda::Url' ? checkUrl(resource, inventory) : checkApi(resource, inventory);
  },
};
