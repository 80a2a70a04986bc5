import { describe, expect, it } from 'vitest';
import { STAGE_NAMES, type StageName } from '../../../lib';
import { MutableTemplate } from '../../../local/weaken/mutable-template';
import { type Deployed, deployedWebApp } from './deployed';
import { type NetworkPicture, networkOf } from './reachability';

const COMPUTES = ['lambda', 'fargate'] as const;
type Compute = (typeof COMPUTES)[number];

const known = new Map<string, Deployed>();
function deployed(stage: StageName, compute: Compute): Deployed {
  const key = `${stage} ${compute}`;
  const app = known.get(key) ?? deployedWebApp(stage, compute);
  known.set(key, app);
  return app;
}

/** What connects to what, and nothing else does. */
function connections(stage: StageName, compute: Compute): string[] {
  const cached = ['application -> cache: 6379', 'inspector -> cache: 6379'];
  if (compute === 'fargate') {
    const direct = ['application -> database: 5432', 'inspector -> database: 5432'];
    return [...cached, ...direct, 'balancer -> application: 8080'];
  }
  if (stage === 'dev') return [...cached, 'application -> database: 5432', 'inspector -> database: 5432'];
  return [
    ...cached,
    ...['proxy', 'read proxy'].flatMap((proxy) => [
      `application -> ${proxy}: 5432`,
      `inspector -> ${proxy}: 5432`,
      `${proxy} -> database: 5432`,
    ]),
  ];
}

const DATA = ['database', 'proxy', 'read proxy', 'cache'];

/** Fails for what is not as it must be. */
function expectNetwork(picture: NetworkPicture, stage: StageName, compute: Compute): void {
  expect([...picture.connections].sort()).toEqual(connections(stage, compute).sort());
  // From outside of the VPC there is one way in, of CloudFront's addresses.
  expect(picture.lets).toEqual(compute === 'fargate' ? ['balancer: 80 from pl-cloudfront'] : []);
  expect(picture.open).toEqual([]);
  expect([...picture.calls].sort()).toEqual(['application: 443', 'inspector: 443']);
  for (const [name, exits] of Object.entries(picture.exits)) {
    const byNat = !DATA.includes(name) && compute === 'fargate';
    expect(exits, name).toEqual(byNat ? ['NAT'] : []);
  }
  for (const name of ['application', 'inspector']) expect(picture.endpoints[name], name).toContain('s3');
}

describe.each(COMPUTES)('the network of the web app with %s', (compute) => {
  it.each(STAGE_NAMES)(
    'connects what must be, keeps the data without a way out, and lets nobody in, in %s',
    (stage) => {
      expectNetwork(networkOf(deployed(stage, compute).resolved().regional), stage, compute);
    },
  );

  it('leads NAT, where there is any, to the internet', () => {
    const { regional } = deployed('dev', compute).resolved();
    const gateways = regional.ofType('AWS::EC2::NatGateway');
    expect(gateways).toHaveLength(compute === 'fargate' ? 1 : 0);
    for (const { properties } of gateways) {
      const { properties: table } = regional
        .ofType('AWS::EC2::SubnetRouteTableAssociation')
        .find((each) => each.properties['SubnetId'] === properties['SubnetId']) ?? { properties: {} as never };
      const routes = regional
        .ofType('AWS::EC2::Route')
        .filter((route) => route.properties['RouteTableId'] === table['RouteTableId']);
      const [internet] = regional.ofType('AWS::EC2::InternetGateway');
      expect(routes.map((route) => route.properties['GatewayId'])).toEqual([internet?.name]);
    }
  });

  describe('is not that any more', () => {
    const stage = 'staging';
    const { regional } = deployed(stage, compute);
    const rules = Object.entries(regional.Resources).filter(([, { Type }]) =>
      /^AWS::EC2::SecurityGroup(In|E)gress$/.test(Type),
    );
    const expectNoticed = (take: (template: MutableTemplate) => void) => {
      const template = new MutableTemplate(regional);
      take(template);
      const picture = networkOf(deployed(stage, compute).resolved(template.document).regional);
      expect(() => expectNetwork(picture, stage, compute)).toThrow();
    };

    it.each(rules.map(([id]) => id))('without %s', (id) => {
      expectNoticed((template) => {
        delete template.document.Resources[id];
      });
    });

    const GROUP = 'AWS::EC2::SecurityGroup';
    const groupId = (template: MutableTemplate, part: string) => ({
      'Fn::GetAtt': [template.id(GROUP, part), 'GroupId'],
    });
    const letIn = (part: string, peer: object) => (template: MutableTemplate) =>
      template.add('More', 'AWS::EC2::SecurityGroupIngress', {
        ...{ GroupId: groupId(template, part), IpProtocol: 'tcp', FromPort: 1, ToPort: 9000 },
        ...peer,
      });
    const routeOut = (part: string, target: object) => (template: MutableTemplate) =>
      template.add('More', 'AWS::EC2::Route', {
        ...{ RouteTableId: { Ref: template.id('AWS::EC2::RouteTable', part) }, DestinationCidrBlock: '0.0.0.0/0' },
        ...target,
      });
    const [gateway] =
      Object.entries(regional.Resources).find(([, { Type }]) => Type === 'AWS::EC2::InternetGateway') ?? [];
    const internet = { GatewayId: { Ref: gateway } };
    const changes: Readonly<Record<string, (template: MutableTemplate) => void>> = {
      'when clients may call nothing by HTTPS': (t) => t.set(GROUP, 'SecurityGroupEgress', [], 'DataClients'),
      'when the database may call': (t) => t.drop(GROUP, 'SecurityGroupEgress', 'Database'),
      'when the database lets the internet in': letIn('Database', { CidrIp: '0.0.0.0/0' }),
      'when the database lets the VPC in': letIn('Database', { CidrIp: '10.0.0.0/16' }),
      'when the cache lets an address in': letIn('DataCache', { CidrIp: '198.51.100.7/32' }),
      'when a subnet of the data leads to the internet': routeOut('DataSubnet1', internet),
      'when a subnet of the data leads to NAT': routeOut('DataSubnet2', { NatGatewayId: 'nat-1' }),
      'when a subnet of the application leads to the internet': routeOut('AppSubnet3', internet),
      'when S3 has no endpoint': (t) => t.remove('AWS::EC2::VPCEndpoint', 'S3'),
      'when S3 has no endpoint in one zone': (t) => {
        const { RouteTableIds } = t.properties('AWS::EC2::VPCEndpoint', 'S3') as { RouteTableIds: unknown[] };
        RouteTableIds.shift();
      },
      'when an instance of the database has an address': (t) =>
        t.set('AWS::RDS::DBInstance', 'PubliclyAccessible', true),
      ...(compute === 'fargate' && {
        'when no route leads tasks to NAT': (t: MutableTemplate) => t.remove('AWS::EC2::Route', 'AppSubnet'),
        'when the load balancer faces the internet': (t: MutableTemplate) =>
          t.set('AWS::ElasticLoadBalancingV2::LoadBalancer', 'Scheme', 'internet-facing'),
        'when tasks have addresses': (t: MutableTemplate) =>
          t.set('AWS::ECS::Service', 'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp', 'ENABLED'),
        'when the load balancer lets anyone in': letIn('Balancer', { CidrIp: '0.0.0.0/0' }),
      }),
    };

    it.each(Object.entries(changes))('%s', (_, take) => expectNoticed(take));
  });
});
