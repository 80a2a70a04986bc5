import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { notApplicable, type Rule, type Verdict, verdict } from '../../rule';
import { DATA_TYPES, type Ingress, ingressOf, isWorld, rangeOf, wearersOf } from '../../security-groups';

const HTTPS = 443;

/** Whether a group is for the front door: worn by load balancers that face the internet, and nothing else here. */
function isFrontDoor(group: TemplateResource, inventory: Inventory): boolean {
  const wearers = wearersOf(group, inventory);
  return wearers.length > 0 && wearers.every((wearer) => wearer.properties['Scheme'] === 'internet-facing');
}

function finding(ingress: Ingress, group: TemplateResource, inventory: Inventory): string | undefined {
  const range = rangeOf(ingress, inventory);
  if (range === undefined) return undefined;
  const { FromPort, ToPort } = ingress.rule;
  const ports = FromPort === undefined ? 'every port' : `${String(FromPort)} to ${String(ToPort)}`;
  const https = Number(FromPort) === HTTPS && Number(ToPort) === HTTPS;
  if (isWorld(range) && !(https && isFrontDoor(group, inventory)))
    return `it lets ${range} in, on ${ports}; allowed: a peer by SourceSecurityGroupId, or the world on 443 of a public load balancer`;
  const data = wearersOf(group, inventory).filter(({ type }) => DATA_TYPES.includes(type));
  return data.length === 0
    ? undefined
    : `it lets ${range} reach ${data[0]?.logicalId ?? ''}; allowed: a peer by SourceSecurityGroupId`;
}

function checkRule(rule: TemplateResource, inventory: Inventory): Verdict {
  // A rule of a group of these templates is judged with its group.
  if (inventory.referent(rule, rule.get('GroupId'))?.type === 'AWS::EC2::SecurityGroup') return notApplicable;
  const range = rangeOf({ holder: rule, rule: rule.properties }, inventory);
  return verdict([isWorld(range) && `it lets ${String(range)} in; allowed: a peer by SourceSecurityGroupId`]);
}

/** Security groups are stateful and should name their peer, not the world. */
export const vpcSecurityGroupScope: Rule = {
  id: 'vpc-security-group-scope',
  types: ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress'],
  check: (resource, inventory) =>
    resource.type === 'AWS::EC2::SecurityGroup'
      ? verdict(ingressOf(resource, inventory).map((ingress) => finding(ingress, resource, inventory)))
      : checkRule(resource, inventory),
};
