import { Aws } from 'aws-cdk-lib';
import { FlowLogDestination, FlowLogTrafficType, type Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { keepProviderLogsInStack } from '../compute/provider-logs';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';

/** What the baseline of a VPC needs to know. */
export interface VpcBaselineProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
}

/**
 * What each VPC of this project has: flow logs of what is refused, in a group of the stack's, and a default security group
 * without rules. The VPC must be made with `restrictDefaultSecurityGroup: true`.
 *
 * @param scope the block that owns the VPC
 */
export function applyVpcBaseline(scope: Construct, vpc: Vpc, props: VpcBaselineProps): void {
  keepProviderLogsInStack(scope, 'Custom::VpcRestrictDefaultSGCustomResourceProvider', props);
  handles(vpc, 'logs-everywhere');
  logRefusedFlows(scope, vpc, props);
  const closed = 'CDK takes both rules of it away at deployment (Custom::VpcRestrictDefaultSG); nothing uses it.';
  acknowledge(vpc, {
    'HIPAA.Security::HIPAA.Security-VPCDefaultSecurityGroupClosed': closed,
    'NIST.800.53.R5::NIST.800.53.R5-VPCDefaultSecurityGroupClosed': closed,
    'PCI.DSS.321::PCI.DSS.321-VPCDefaultSecurityGroupClosed': closed,
  });
}

function logRefusedFlows(scope: Construct, vpc: Vpc, { stage, encryptionKey }: VpcBaselineProps): void {
  const logGroup = new LogGroup(scope, 'FlowLogGroup', {
    retention: stage.logRetention,
    encryptionKey,
    removalPolicy: stage.removalPolicy,
  });
  handles(logGroup, 'cw-log-retention', 'logs-everywhere', 'encrypt-everything-at-rest');
  // For flow logs of this account alone (AWS: VPC, IAM role for flow logs).
  const role = new Role(scope, 'FlowLogRole', {
    assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  });
  vpc.addFlowLog('FlowLog', {
    destination: FlowLogDestination.toCloudWatchLogs(logGroup, role),
    // Rejected traffic shows a mistake, or someone who looks for one.
    trafficType: FlowLogTrafficType.REJECT,
  });
  const policy = role.node.tryFindChild('DefaultPolicy');
  if (policy !== undefined) acknowledge(policy, inlinePolicyReasons());
}
