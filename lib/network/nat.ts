import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { type CfnNatGateway, NatProvider, SubnetType, type Vpc, type VpcProps } from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { warn } from '../validation/refuse';

/** How many NAT gateways a network has; each bills by the hour and by the GB (vpc-nat-count-explicit). */
export const NAT_CHOICES = ['none', 'one', 'per-zone', 'regional'] as const;
/**
 * `none`; `one` for all zones, whose failure cuts all of them off; `per-zone`; `regional`: one gateway that serves them all, with
 * addresses that AWS adds by itself (AWS: VPC, regional NAT gateways).
 */
export type NatChoice = (typeof NAT_CHOICES)[number];

/** What a choice means for a VPC of CDK's, which has one gateway in each zone unless told otherwise. */
export function natProps(choice: NatChoice, zones: number): Pick<VpcProps, 'natGateways' | 'natGatewayProvider'> {
  switch (choice) {
    case 'none':
      return { natGateways: 0 };
    case 'one':
      return { natGateways: 1 };
    case 'per-zone':
      return { natGateways: zones };
    case 'regional':
      return { natGateways: 1, natGatewayProvider: NatProvider.regionalGateway() };
  }
}

/** Gateways that bill by the hour: a regional one bills each zone that it serves. */
export function billedGateways(choice: NatChoice, zones: number): number {
  if (choice === 'none') return 0;
  return choice === 'one' ? 1 : zones;
}

/** What the subnets of the application are. */
export function appSubnetType(choice: NatChoice): SubnetType {
  return choice === 'none' ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS;
}

/** The gateways of a VPC, for alarms on what they pass on (vpc-nat-bytes-alarm). */
export function natGatewaysOf(vpc: Vpc): readonly CfnNatGateway[] {
  return vpc.node.findAll().filter((child): child is CfnNatGateway => 'attrNatGatewayId' in child);
}

/** Warns of a choice that one zone's failure takes away everywhere. */
export function warnOfOneGateway(scope: IConstruct, choice: NatChoice, stage: StageSettings): void {
  if (choice !== 'one' || !stage.strict) return;
  warn(
    scope,
    'vpc-nat-count-explicit',
    "nat is 'one': if its Availability Zone fails, the other zones lose outbound access, too. Choose 'per-zone' or " +
      "'regional', or 'none' if nothing needs outbound access.",
  );
}

/** A metric of a NAT gateway, a minute at a time (docs.aws.amazon.com/vpc: NAT gateway metrics and dimensions). */
export function natMetric(natGatewayId: string, metricName: string, options: MetricOptions): Metric {
  return new Metric({
    namespace: 'AWS/NATGateway',
    metricName,
    dimensionsMap: { NatGatewayId: natGatewayId },
    period: Duration.minutes(1),
    ...options,
  });
}
