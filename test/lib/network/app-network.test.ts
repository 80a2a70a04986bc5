import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { describe, expect, it } from 'vitest';
import { stages } from '../../../lib';
import { AppNetwork, type AppNetworkProps } from '../../../lib/network/app-network';
import { resourcesOf } from '../../synthesize';
import { bareStack } from '../database/data-stack-fixture';

const { ECR, ECR_DOCKER, CLOUDWATCH_LOGS } = InterfaceVpcEndpointAwsService;
const ENV = { account: '111122223333', region: 'eu-west-1' };

function network(props: Partial<AppNetworkProps> = {}, env?: typeof ENV) {
  const { stack, encryptionKey } = bareStack(env);
  const block = new AppNetwork(stack, 'Network', { stage: stages.dev, encryptionKey, ...props });
  return { stack, block, template: () => Template.fromStack(stack) };
}

/** Subnets by tier, each with the zone it lies in. */
function zonesByTier(template: Template): Record<string, string[]> {
  const tiers: Record<string, string[]> = {};
  for (const { Properties } of Object.values(resourcesOf(template, 'AWS::EC2::Subnet'))) {
    const tags = Properties['Tags'] as { Key: string; Value: string }[];
    const tier = tags.find(({ Key }) => Key === 'aws-cdk:subnet-name')?.Value ?? '';
    tiers[tier] = [...(tiers[tier] ?? []), JSON.stringify(Properties['AvailabilityZone'])];
  }
  return tiers;
}

describe('AppNetwork', () => {
  it.each([
    ['dev', undefined, 2],
    ['staging', undefined, 3],
    ['prod', undefined, 3],
    ['dev', ENV, 2],
    ['prod', ENV, 3],
  ] as const)('spans its zones with each tier in %s (env %o)', (stage, env, zones) => {
    const tiers = zonesByTier(network({ stage: stages[stage] }, env).template());
    expect(Object.keys(tiers).sort()).toEqual(['App', 'Data', 'Public']);
    for (const tier of Object.values(tiers)) expect(new Set(tier).size).toBe(zones);
  });

  it('keeps the addresses of what is there when a third zone comes', () => {
    const cidrs = (zones: number) =>
      Object.entries(resourcesOf(network({ zones }).template(), 'AWS::EC2::Subnet')).map(
        ([id, { Properties }]) => [id, Properties['CidrBlock']] as const,
      );
    const [two, three] = [cidrs(2), new Map(cidrs(3))];
    expect(two).toHaveLength(6);
    for (const [id, cidr] of two) expect([id, three.get(id)]).toEqual([id, cidr]);
  });

  it('has an internet gateway without a NAT gateway, and a way to it from the public tier alone', () => {
    const template = network().template();
    template.resourceCountIs('AWS::EC2::VPCGatewayAttachment', 1);
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::EIP', 0);
    const routes = Object.values(resourcesOf(template, 'AWS::EC2::Route'));
    expect(routes.map(({ Properties }) => JSON.stringify(Properties['RouteTableId']))).toEqual([
      expect.stringContaining('PublicSubnet1'),
      expect.stringContaining('PublicSubnet2'),
    ]);
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
  });

  it.each([
    ['one', 1],
    ['per-zone', 3],
    ['regional', 1],
  ] as const)('with nat %s has %i gateways, which App reaches and Data does not', (nat, count) => {
    const { template, block } = network({ nat, zones: 3 });
    template().resourceCountIs('AWS::EC2::NatGateway', count);
    expect(block.natGateways).toHaveLength(count);
    const toNat = Object.values(resourcesOf(template(), 'AWS::EC2::Route')).filter(
      ({ Properties }) => Properties['NatGatewayId'] !== undefined,
    );
    expect(toNat).toHaveLength(3);
    for (const { Properties } of toNat) expect(JSON.stringify(Properties['RouteTableId'])).toContain('AppSubnet');
    template().hasResourceProperties('AWS::EC2::NatGateway', {
      AvailabilityMode: nat === 'regional' ? 'regional' : Match.absent(),
    });
  });

  it.each(['one', 'per-zone', 'regional'] as const)(
    'with nat %s makes no gateway before the way to the internet, and takes that away after all of them',
    (nat) => {
      const template = network({ nat, zones: 3 }).template();
      const [attachment] = Object.keys(resourcesOf(template, 'AWS::EC2::VPCGatewayAttachment'));
      const gateways = Object.values(template.findResources('AWS::EC2::NatGateway')) as { DependsOn?: string[] }[];
      for (const { DependsOn } of gateways) expect(DependsOn).toContain(attachment);
    },
  );

  it.each(['none', 'one', 'regional'] as const)(
    'reaches S3 and DynamoDB from each private subnet for nothing, with nat %s',
    (nat) => {
      const template = network({ nat, zones: 3 }).template();
      for (const service of ['s3', 'dynamodb']) {
        template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
          VpcEndpointType: 'Gateway',
          ServiceName: Match.objectLike({ 'Fn::Join': ['', Match.arrayWith([`.${service}`])] }),
        });
      }
      const endpoints = Object.values(resourcesOf(template, 'AWS::EC2::VPCEndpoint'));
      const privateTables = Object.keys(resourcesOf(template, 'AWS::EC2::RouteTable')).filter(
        (id) => !id.includes('Public'),
      );
      expect(privateTables).toHaveLength(6);
      for (const { Properties } of endpoints) {
        const tables = (Properties['RouteTableIds'] as { Ref: string }[]).map(({ Ref }) => Ref);
        expect(tables.sort()).toEqual(privateTables.sort());
      }
    },
  );

  it('logs what is refused, and closes the default security group', () => {
    const template = network().template();
    template.hasResourceProperties('AWS::EC2::FlowLog', {
      TrafficType: 'REJECT',
      LogDestinationType: 'cloud-watch-logs',
    });
    template.resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
  });

  it('puts an interface endpoint into each zone of App for what is asked for, if there is no other way', () => {
    const { block, template } = network({ zones: 3 });
    block.addInterfaceEndpoints(ECR, ECR_DOCKER);
    block.addInterfaceEndpoints(ECR, CLOUDWATCH_LOGS);
    const interfaces = Object.values(resourcesOf(template(), 'AWS::EC2::VPCEndpoint')).filter(
      ({ Properties }) => Properties['VpcEndpointType'] === 'Interface',
    );
    expect(interfaces).toHaveLength(3);
    for (const { Properties } of interfaces) {
      expect(Properties['SubnetIds']).toEqual(
        [1, 2, 3].map((n) => ({ Ref: expect.stringContaining(`AppSubnet${n}`) })),
      );
      expect(Properties['PrivateDnsEnabled']).toBe(true);
    }
    expect(block.endpoints.made).toEqual(['ecr.api', 'ecr.dkr', 'logs']);
    template().hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [
        { CidrIp: '10.0.0.0/16', FromPort: 443, ToPort: 443, IpProtocol: 'tcp', Description: Match.anyValue() },
      ],
    });
  });

  // 2 services in 2 zones are $29.20 by the hour, which 0.035 $/GB of difference pays for from 834.3 GB on.
  it.each([
    ['per-zone', 834, []],
    ['per-zone', 835, ['ecr.api', 'logs']],
    ['none', 0, ['ecr.api', 'logs']],
  ] as const)('with nat %s and %i GB makes the endpoints %o', (nat, egressGbPerMonth, made) => {
    const { block, stack } = network({ nat, egressGbPerMonth });
    block.addInterfaceEndpoints(ECR, CLOUDWATCH_LOGS);
    expect(block.endpoints.made).toEqual(made);
    const notes = Annotations.fromStack(stack).findInfo(
      '*',
      Match.stringLikeRegexp('vpc-interface-endpoint-breakeven'),
    );
    expect(notes).toHaveLength(1);
  });

  it('says both sums', () => {
    const { block, stack } = network({ nat: 'one', egressGbPerMonth: 100, zones: 3, stage: stages.staging });
    block.addInterfaceEndpoints(ECR);
    Annotations.fromStack(stack).hasInfo(
      '/Bare/Network/Endpoints',
      Match.stringLikeRegexp(
        'ecr.api in 3 zones at 100 GB a month: interface endpoints \\$22.90, through the NAT gateways \\$4.50 beside their \\$32.85 by the hour; no endpoint is created: they are cheaper from 626 GB',
      ),
    );
  });

  it('says nothing where nothing is asked for', () => {
    const { block, stack } = network();
    block.addInterfaceEndpoints();
    expect(Annotations.fromStack(stack).findInfo('*', Match.anyValue())).toEqual([]);
  });

  it('warns in prod, and only there, of one NAT gateway and of two zones', () => {
    const warnings = (props: Partial<AppNetworkProps>) =>
      Annotations.fromStack(network(props, ENV).stack)
        .findWarning('*', Match.anyValue())
        .map(({ entry }) => String(entry.data));
    expect(warnings({ stage: stages.prod, nat: 'one' })).toEqual([expect.stringContaining('vpc-nat-count-explicit')]);
    expect(warnings({ stage: stages.prod, zones: 2 })).toEqual([expect.stringContaining('vpc-three-azs')]);
    expect(warnings({ stage: stages.prod, nat: 'regional' })).toEqual([]);
    expect(warnings({ stage: stages.dev, nat: 'one', zones: 2 })).toEqual([]);
  });

  it.each([
    [{ zones: 1 }, 'zones is 1; allowed: 2 or 3. [vpc-three-azs]'],
    [{ zones: 4 }, 'zones is 4; allowed: 2 or 3. [vpc-three-azs]'],
    [{ zones: Number.NaN }, 'zones is NaN'],
    [{ nat: 'two' as never }, "nat is 'two'; allowed: none, one, per-zone, regional. [vpc-nat-count-explicit]"],
    [{ egressGbPerMonth: -1 }, 'egressGbPerMonth is -1; allowed: 0 GB or more'],
    [{ egressGbPerMonth: Number.NaN }, 'egressGbPerMonth is NaN'],
  ] satisfies [Partial<AppNetworkProps>, string][])('refuses %o', (props, message) => {
    expect(() => network(props)).toThrow(message);
  });

  it('refuses three zones where there are two, and takes two', () => {
    const env = { ...ENV, region: 'us-west-1' };
    expect(() => network({ stage: stages.prod }, env)).toThrow('zones is 3; allowed: 2 in us-west-1');
    expect(() => network({ stage: stages.prod, zones: 2 }, env)).not.toThrow();
  });
});
