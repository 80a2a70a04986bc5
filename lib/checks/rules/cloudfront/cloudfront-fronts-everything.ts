import type { TemplateResource } from '../../../template/template-resource';
import { distributionsOf } from '../../distribution';
import type { Inventory } from '../../inventory';
import { compliant, mustHold, notApplicable, type Rule, type Verdict, verdict } from '../../rule';
import { groupsOf, ingressOf } from '../../security-groups';

const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const DIRECT = 'it answers to anybody, around CloudFront and its firewall';

function checkLoadBalancer(balancer: TemplateResource, inventory: Inventory): Verdict {
  if (![undefined, 'application'].includes(balancer.literal('Type') as string | undefined)) return notApplicable;
  if (balancer.literal('Scheme') === 'internal') return compliant;
  const ingress = groupsOf(balancer, inventory).flatMap((group) => ingressOf(group, inventory));
  const peers = ['SourcePrefixListId', 'SourceSecurityGroupId'];
  const known = ingress.length > 0 && ingress.every(({ rule }) => peers.some((peer) => peer in rule));
  const listeners = inventory
    .ofType('AWS::ElasticLoadBalancingV2::Listener')
    .filter((listener) => inventory.names(listener, listener.get('LoadBalancerArn'), balancer));
  const asksForHeader = inventory
    .ofType('AWS::ElasticLoadBalancingV2::ListenerRule')
    .filter((rule) => listeners.some((listener) => inventory.names(rule, rule.get('ListenerArn'), listener)))
    .some((rule) => (rule.list('Conditions') as { Field?: string }[]).some(({ Field }) => Field === 'http-header'));
  return verdict([
    distributionsOf(balancer, inventory).length === 0 &&
      'no distribution is in front of it; allowed: Scheme internal, behind a VPC origin',
    !known && `${DIRECT}; allowed: its security group lets in CloudFront's prefix list alone, or Scheme internal`,
    !asksForHeader &&
      `a distribution of anybody reaches it; allowed: a listener rule on a secret header, or Scheme internal`,
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

/** Every public app sits behind CloudFront. */
export const cloudfrontFrontsEverything: Rule = {
  id: 'cloudfront-fronts-everything',
  types: [LOAD_BALANCER, 'AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi', 'AWS::Lambda::Url'],
  check: (resource, inventory) => {
    if (resource.type === LOAD_BALANCER) return checkLoadBalancer(resource, inventory);
    return resource.type === 'AWS::Lambda::Url' ? checkUrl(resource, inventory) : checkApi(resource, inventory);
  },
};
