import { Stack, Token } from 'aws-cdk-lib';
import { IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { refuse } from '../validation/refuse';
import { applyVpcBaseline } from './vpc-baseline';
import { placeSubnets, REGION_OF_TWO_ZONES, refuseZones, zonesByPosition } from './zones';

/** Props of {@link IsolatedNetwork}. */
export interface IsolatedNetworkProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /**
   * Three Availability Zones: ids, such as `use1-az1`, or names, such as `us-east-1a`, which mean another zone in each account.
   * `by-position` takes the first of the account's: for a VPC that was made so.
   * @default - three of the region; by id where one of the region's lacks services
   */
  readonly zones?: 'by-position' | readonly string[];
}

/** Availability Zones that it spans: what Redshift Serverless takes at least (AWS: Redshift Serverless considerations). */
const ZONES = 3;

/**
 * A VPC of three subnets with no way out and no way in: no internet gateway, no NAT gateway, nothing that bills by the
 * hour. For what AWS runs inside a VPC and reaches by itself.
 */
export class IsolatedNetwork extends Construct {
  readonly vpc: Vpc;

  /** @throws RefusedValueError in a region without three Availability Zones. */
  constructor(scope: Construct, id: string, props: IsolatedNetworkProps) {
    super(scope, id);
    const { region } = Stack.of(this);
    if (!Token.isUnresolved(region) && region === REGION_OF_TWO_ZONES) {
      refuse(this, {
        prop: 'region',
        value: region,
        allowed: `a region with ${ZONES} Availability Zones`,
        fix: 'pass your own VPC as existing.vpc, with three subnets in the two zones',
        catalogueId: 'redshift-serverless-bounds',
      });
    }
    const { zones } = props;
    if (typeof zones === 'object') refuseZones(this, zones, [ZONES]);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.0.0.0/20'),
      availabilityZones: zonesByPosition(ZONES),
      natGateways: 0,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      restrictDefaultSecurityGroup: true,
    });
    if (zones !== 'by-position') placeSubnets(this, this.vpc, zones);
    applyVpcBaseline(this, this.vpc, props);
  }
}
