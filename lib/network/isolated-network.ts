import { Aws, Fn, Stack, Token } from 'aws-cdk-lib';
import { FlowLogDestination, FlowLogTrafficType, IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { inlinePolicyReasons } from '../compute/handler-function';
import { keepProviderLogsInStack } from '../compute/provider-logs';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { refuse } from '../validation/refuse';

/** Props of {@link IsolatedNetwork}. */
export interface IsolatedNetworkProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
}

/** Availability Zones that it spans: what Redshift Serverless takes at the least (AWS: Redshift Serverless considerations). */
const ZONES = 3;
/** Two zones only are open to most accounts there (AWS: Redshift Serverless considerations). */
const REGION_OF_TWO_ZONES = 'us-west-1';

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
        fix: 'bring a VPC of yours by existing.vpc, with three subnets over the two zones',
        catalogueId: 'redshift-serverless-bounds',
      });
    }
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.0.0.0/20'),
      // By position and not by name, so that synth needs no look-up in an account and a stack without one gets three, too.
      availabilityZones: Array.from({ length: ZONES }, (_, index) => Fn.select(index, Fn.getAzs())),
      natGateways: 0,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      restrictDefaultSecurityGroup: true,
    });
    keepProviderLogsInStack(this, 'Custom::VpcRestrictDefaultSGCustomResourceProvider', props);
    handles(this.vpc, 'logs-everywhere');
    this.logFlows(props);
    const closed = 'CDK takes both rules of it away at deployment (Custom::VpcRestrictDefaultSG); nothing uses it.';
    acknowledge(this.vpc, {
      'HIPAA.Security::HIPAA.Security-VPCDefaultSecurityGroupClosed': closed,
      'NIST.800.53.R5::NIST.800.53.R5-VPCDefaultSecurityGroupClosed': closed,
      'PCI.DSS.321::PCI.DSS.321-VPCDefaultSecurityGroupClosed': closed,
    });
  }

  private logFlows({ stage, encryptionKey }: IsolatedNetworkProps): void {
    const logGroup = new LogGroup(this, 'FlowLogGroup', {
      retention: stage.logRetention,
      encryptionKey,
      removalPolicy: stage.removalPolicy,
    });
    handles(logGroup, 'cw-log-retention', 'logs-everywhere', 'encrypt-everything-at-rest');
    // For flow logs of this account alone (AWS: VPC, IAM role for flow logs).
    const role = new Role(this, 'FlowLogRole', {
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    this.vpc.addFlowLog('FlowLog', {
      destination: FlowLogDestination.toCloudWatchLogs(logGroup, role),
      // What is refused is what tells of a mistake or of somebody who looks for one.
      trafficType: FlowLogTrafficType.REJECT,
    });
    const policy = role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) acknowledge(policy, inlinePolicyReasons());
  }
}
