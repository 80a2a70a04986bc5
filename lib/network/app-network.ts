import { CfnResource, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import {
  type CfnNatGateway,
  type CfnRoute,
  GatewayVpcEndpointAwsService,
  type InterfaceVpcEndpointAwsService,
  IpAddresses,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { refuse, warn } from '../validation/refuse';
import { InterfaceEndpoints } from './interface-endpoints';
import { appSubnetType, NAT_CHOICES, type NatChoice, natGatewaysOf, natProps, warnOfOneGateway } from './nat';
import { applyVpcBaseline } from './vpc-baseline';
import { placeSubnets, REGION_OF_TWO_ZONES, refuseZones, zonesByPosition } from './zones';

export type { NatChoice } from './nat';

/** Props of {@link AppNetwork}. */
export interface AppNetworkProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /**
   * Availability Zones that each tier spans: 2 or 3, or their ids, such as `['use1-az1', 'use1-az2']`, or names, such as `us-east-1a`,
   * which mean another zone in each account. Another zone in the place of one replaces its subnets. `by-position` takes the first of
   * the account's, of which one may lack VPC origins, ARM64 Fargate or RDS Proxy: for a VPC that was made so.
   * @default - dev 2, staging and prod 3; by id in the regions where a zone lacks one of these services
   */
  readonly zones?: number | 'by-position' | readonly string[];
  /** @default 'none' */
  readonly nat?: NatChoice;
  /**
   * GB a month that go to AWS's APIs, S3 and DynamoDB excepted: they decide whether an interface endpoint is cheaper than a NAT
   * gateway. @default 0
   */
  readonly egressGbPerMonth?: number;
}

const MIN_ZONES = 2;
const MAX_ZONES = 3;
const CIDR = '10.0.0.0/16';
const [PUBLIC, APP, DATA] = ['Public', 'App', 'Data'];

/**
 * A VPC of three tiers over the same zones: `Public` for what the internet reaches, which is nothing without NAT; `App` for what
 * computes; `Data` for what keeps. There is always an internet gateway, which a CloudFront VPC origin demands; only the
 * public tier has a route to it. S3 and DynamoDB are reached by gateway endpoints, which cost nothing.
 */
export class AppNetwork extends Construct {
  readonly vpc: Vpc;
  /** Isolated without NAT, with a way out else. */
  readonly appSubnets: SubnetSelection = { subnetGroupName: APP };
  /** Isolated, always (vpc-data-private). */
  readonly dataSubnets: SubnetSelection = { subnetGroupName: DATA };
  readonly zones: number;
  readonly nat: NatChoice;
  readonly endpoints: InterfaceEndpoints;

  /** @throws RefusedValueError for zones, NAT gateways or traffic that cannot be, or more zones than the region has. */
  constructor(scope: Construct, id: string, props: AppNetworkProps) {
    super(scope, id);
    const { stage, nat = 'none', egressGbPerMonth = 0 } = props;
    const named = typeof props.zones === 'object' ? props.zones : undefined;
    if (named !== undefined) refuseZones(this, named, [MIN_ZONES, MAX_ZONES]);
    const count = typeof props.zones === 'number' ? props.zones : named?.length;
    const zones = count ?? (stage.name === 'dev' ? MIN_ZONES : MAX_ZONES);
    this.zones = zones;
    this.nat = nat;
    this.refuseImpossible(egressGbPerMonth);
    this.warnOfFewZones(stage);
    warnOfOneGateway(this, nat, stage);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(CIDR),
      availabilityZones: zonesByPosition(zones),
      // The addresses of a third zone stay free, so that none of the others moves when it comes.
      reservedAzs: MAX_ZONES - zones,
      ...natProps(nat, zones),
      subnetConfiguration: [
        { name: PUBLIC, subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: APP, subnetType: appSubnetType(nat), cidrMask: 20 },
        { name: DATA, subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3, subnets: [this.appSubnets, this.dataSubnets] },
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB, subnets: [this.appSubnets, this.dataSubnets] },
      },
      restrictDefaultSecurityGroup: true,
    });
    if (props.zones !== 'by-position') placeSubnets(this, this.vpc, named);
    // CDK lets a regional one wait for the internet gateway, but not for its place in the VPC: EC2 refuses the one before it, and
    // refuses to take the gateway out while the other is there.
    const attachment = this.vpc.node.findChild('VPCGW');
    for (const gateway of this.natGateways) gateway.node.addDependency(attachment);
    this.keepWithDatabase(stage);
    applyVpcBaseline(this, this.vpc, props);
    this.endpoints = new InterfaceEndpoints(this, 'Endpoints', {
      vpc: this.vpc,
      cidr: CIDR,
      subnets: this.appSubnets,
      zones,
      nat,
      gbPerMonth: egressGbPerMonth,
    });
    this.explain();
  }

  /** Where a database is kept, so is what it is in: EC2 deletes neither a subnet that is in use nor its VPC. They cost nothing. */
  private keepWithDatabase({ removalPolicy }: StageSettings): void {
    if (removalPolicy === RemovalPolicy.DESTROY) return;
    for (const { node } of [this.vpc, ...this.vpc.selectSubnets(this.dataSubnets).subnets]) {
      const resource = node.defaultChild;
      if (resource instanceof CfnResource) resource.applyRemovalPolicy(removalPolicy);
    }
  }

  /** For alarms on what they pass on; empty without NAT. */
  get natGateways(): readonly CfnNatGateway[] {
    return natGatewaysOf(this.vpc);
  }

  /**
   * Says which AWS APIs the application calls from its subnets. Without NAT each gets an interface endpoint; with it they get
   * theirs only if the declared traffic makes them cheaper. Both sums are a note at synth.
   */
  addInterfaceEndpoints(...services: InterfaceVpcEndpointAwsService[]): void {
    this.endpoints.want(services);
  }

  private explain(): void {
    handles(this.vpc, 'vpc-three-azs', 'vpc-nat-count-explicit', 'vpc-data-private');
    for (const name of ['S3', 'DynamoDb']) {
      const endpoint = this.vpc.node.tryFindChild(name);
      if (endpoint !== undefined) handles(endpoint, 'vpc-gateway-endpoints');
    }
    const toTheInternet =
      'The public tier alone has it: NAT gateways need it, and CloudFront VPC origins demand the internet gateway. No address is public unless a NAT gateway has one.';
    for (const subnet of this.vpc.publicSubnets) {
      const route = subnet.node.tryFindChild('DefaultRoute') as CfnRoute | undefined;
      if (route === undefined) continue;
      acknowledge(route, {
        'HIPAA.Security::HIPAA.Security-VPCNoUnrestrictedRouteToIGW': toTheInternet,
        'NIST.800.53.R5::NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW': toTheInternet,
        'PCI.DSS.321::PCI.DSS.321-VPCNoUnrestrictedRouteToIGW': toTheInternet,
      });
    }
  }

  private refuseImpossible(egressGbPerMonth: number): void {
    const { zones, nat } = this;
    if (zones !== MIN_ZONES && zones !== MAX_ZONES) {
      refuse(this, {
        prop: 'zones',
        value: zones,
        allowed: `${MIN_ZONES} or ${MAX_ZONES}`,
        fix: 'omit it to use the value of the stage',
        catalogueId: 'vpc-three-azs',
      });
    }
    const { region } = Stack.of(this);
    if (!Token.isUnresolved(region) && region === REGION_OF_TWO_ZONES && zones > MIN_ZONES) {
      refuse(this, {
        prop: 'zones',
        value: zones,
        allowed: `${MIN_ZONES} in ${region}`,
        fix: `set zones to ${MIN_ZONES}, or choose a region with ${MAX_ZONES} Availability Zones`,
        catalogueId: 'vpc-three-azs',
      });
    }
    if (!NAT_CHOICES.includes(nat)) {
      refuse(this, {
        prop: 'nat',
        value: nat,
        allowed: NAT_CHOICES.join(', '),
        fix: "use 'none' unless the application calls the internet",
        catalogueId: 'vpc-nat-count-explicit',
      });
    }
    if (!Number.isFinite(egressGbPerMonth) || egressGbPerMonth < 0) {
      refuse(this, {
        prop: 'egressGbPerMonth',
        value: egressGbPerMonth,
        allowed: '0 GB or more',
        fix: 'pass the GB that a month sends to AWS APIs, or omit it',
        catalogueId: 'vpc-interface-endpoint-breakeven',
      });
    }
  }

  private warnOfFewZones(stage: StageSettings): void {
    if (!stage.strict || this.zones === MAX_ZONES) return;
    warn(
      this,
      'vpc-three-azs',
      `The VPC spans ${this.zones} Availability Zones: if one fails, half of the capacity is lost.`,
    );
  }
}
