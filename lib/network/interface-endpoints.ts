import { Annotations } from 'aws-cdk-lib';
import {
  InterfaceVpcEndpoint,
  type InterfaceVpcEndpointAwsService,
  type ISecurityGroup,
  Peer,
  Port,
  SecurityGroup,
  type SubnetSelection,
  type Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { breakEven, dollars, natHours } from '../facts/network-prices';
import { handles } from '../validation/explain';
import { billedGateways, type NatChoice } from './nat';

/** Props of {@link InterfaceEndpoints}. */
export interface InterfaceEndpointsProps {
  readonly vpc: Vpc;
  /** Addresses of the VPC, as text. */
  readonly cidr: string;
  readonly subnets: SubnetSelection;
  readonly zones: number;
  readonly nat: NatChoice;
  /** GB a month to AWS's APIs. */
  readonly gbPerMonth: number;
}

/**
 * Interface endpoints, where they are needed (without a NAT gateway there is no other way to an API) or where the declared traffic
 * makes them the cheaper way. Which it was, and both sums, is a note at synth (vpc-interface-endpoint-breakeven).
 */
export class InterfaceEndpoints extends Construct {
  private readonly wanted = new Map<string, InterfaceVpcEndpointAwsService>();
  private securityGroup?: ISecurityGroup;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: InterfaceEndpointsProps,
  ) {
    super(scope, id);
  }

  /** Endpoints that were made, by the service's short name. */
  get made(): readonly string[] {
    return [...this.wanted.keys()].filter((name) => this.node.tryFindChild(name) !== undefined);
  }

  /** Weighs all services that were asked for so far against the declared traffic, and makes their endpoints if they win. */
  want(services: readonly InterfaceVpcEndpointAwsService[]): void {
    for (const service of services) this.wanted.set(service.shortName, service);
    if (this.wanted.size === 0) return;
    const { nat, zones, gbPerMonth } = this.props;
    const sums = breakEven(this.wanted.size, zones, gbPerMonth);
    const chosen = nat === 'none' || sums.endpoints < sums.throughNat;
    this.note(chosen, sums);
    if (chosen) for (const [name, service] of this.wanted) this.make(name, service);
  }

  private note(chosen: boolean, { endpoints, throughNat, fromGb }: ReturnType<typeof breakEven>): void {
    const { nat, zones, gbPerMonth } = this.props;
    const what = `${[...this.wanted.keys()].join(', ')} in ${zones} zones at ${gbPerMonth} GB a month`;
    const either = `interface endpoints ${dollars(endpoints)}`;
    const [gateways, fewest] = [billedGateways(nat, zones), natHours(1)];
    const reason =
      nat === 'none'
        ? `one NAT gateway ${dollars(fewest + throughNat)}; endpoints are created, since nat is 'none'`
        : `through the NAT gateways ${dollars(throughNat)} beside their ${dollars(natHours(gateways))} by the hour; ` +
          `${chosen ? 'endpoints are created' : 'no endpoint is created'}: they are cheaper from ${Math.ceil(fromGb)} GB`;
    Annotations.of(this).addInfoV2(
      'groundplan:vpc-interface-endpoint-breakeven',
      `${what}: ${either}, ${reason}. [vpc-interface-endpoint-breakeven]`,
    );
  }

  private make(name: string, service: InterfaceVpcEndpointAwsService): void {
    if (this.node.tryFindChild(name) !== undefined) return;
    const { vpc, subnets } = this.props;
    this.securityGroup ??= this.createSecurityGroup();
    const endpoint = new InterfaceVpcEndpoint(this, name, {
      vpc,
      service,
      subnets,
      privateDnsEnabled: true,
      securityGroups: [this.securityGroup],
      // The group lets the VPC in; CDK would say so once more for each endpoint.
      open: false,
    });
    handles(endpoint, 'vpc-interface-endpoint-breakeven');
  }

  private createSecurityGroup(): SecurityGroup {
    const { vpc, cidr } = this.props;
    const group = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Interface endpoints: HTTPS from this VPC, nothing else',
      allowAllOutbound: false,
    });
    group.addIngressRule(Peer.ipv4(cidr), Port.tcp(443), 'HTTPS from this VPC');
    return group;
  }
}
