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

export const vpcSecurityGroupScope: Rule = {
  id: 'vpc-security-group-scope',
  title: 'A security group lets in a named peer; only a public load balancer takes the world, on 443',
  why: 'A rule for 0.0.0.0/0 lets the whole internet try the port, and it is scanned within minutes. A range of addresses for a database lets in everything that ever gets an address there.',
  fix: 'Set SourceSecurityGroupId to the security group of the client in place of CidrIp (connections.allowFrom in the CDK).',
  severity: 'error',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html',
  example: {
    fixed: {
      Balancer: {
        Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
        Properties: { Scheme: 'internet-facing', SecurityGroups: [{ Ref: 'Front' }] },
      },
      Front: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: 'HTTPS from the internet',
          SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }],
        },
      },
      Database: {
        Type: 'AWS::RDS::DBInstance',
        Properties: { VPCSecurityGroups: [{ Ref: 'Data' }] },
      },
      Data: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: 'PostgreSQL from the API',
          SecurityGroupIngress: [
            { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: 'sg-0123456789abcdef0' },
          ],
        },
      },
    },
    broken: [
      { 'Front.Properties.SecurityGroupIngress.0.ToPort': 444 },
      { 'Front.Properties.SecurityGroupIngress.0.FromPort': 80 },
      { 'Balancer.Properties.Scheme': 'internal' },
      {
        'Data.Properties.SecurityGroupIngress': [
          { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: '10.0.0.0/16' },
        ],
      },
      {
        'Data.Properties.SecurityGroupIngress': [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIpv6: '::/0' }],
      },
    ],
  },
  types: ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress'],
  check: (resource, inventory) =>
    resource.type === 'AWS::EC2::SecurityGroup'
      ? verdict(ingressOf(resource, inventory).map((ingress) => finding(ingress, resource, inventory)))
      : checkRule(resource, inventory),
};
