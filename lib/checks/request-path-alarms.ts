import type { TemplateResource } from '../template/template-resource';
import { originsOf } from './distribution';
import type { Inventory } from './inventory';

/** What takes requests of people: APIs, load balancers, distributions. */
export const REQUEST_PATHS = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGateway::RestApi',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::CloudFront::Distribution',
];

/** Whether something else says for it how requests end: it serves files, or what is behind it has alarms of its own. */
export function isWatchedElsewhere(resource: TemplateResource, inventory: Inventory): boolean {
  switch (resource.type) {
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
      return ![undefined, 'application'].includes(resource.literal('Type') as string | undefined);
    case 'AWS::ApiGatewayV2::Api':
      return resource.literal('ProtocolType') === 'WEBSOCKET';
    case 'AWS::CloudFront::Distribution':
      return originsOf(resource, inventory).every(
        ({ kind, source }) => kind === 'bucket' || kind === 'website' || REQUEST_PATHS.includes(source?.type ?? ''),
      );
    default:
      return false;
  }
}
