import { Stack } from 'aws-cdk-lib';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';

/** Props of {@link CopyingFunction}. */
export interface CopyingFunctionProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
}

const ID = 'SiteCopier';

/**
 * What CDK's function that copies files into buckets may do, and where it logs. There is one such function in a stack, for all
 * sites. CDK would let it read, write and delete everything in the buckets and invalidate every distribution of the account, so
 * its role takes only what is said here (iam-no-wildcards).
 */
export class CopyingFunction extends Construct {
  /** The stack's, which is made with the first. */
  static of(scope: Construct, props: CopyingFunctionProps): CopyingFunction {
    const stack = Stack.of(scope);
    const made = stack.node.tryFindChild(ID);
    return made instanceof CopyingFunction ? made : new CopyingFunction(stack, ID, props);
  }

  readonly role: Role;
  /** The role as CDK gets it: without a way to add to it. */
  readonly closedRole: IRole;
  readonly logGroup: LogGroup;

  private constructor(scope: Construct, id: string, props: CopyingFunctionProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.closedRole = this.role.withoutPolicyUpdates();
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.stage.logRetention,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.stage.removalPolicy,
    });
    this.logGroup.grantWrite(this.role);
    handles(this.logGroup, 'cw-log-retention', 'encrypt-everything-at-rest');
    const policy = this.role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) acknowledge(policy, inlinePolicyReasons());
  }

  /** Says why the function is as it is, once CDK has made it. */
  acknowledgeFindings(): void {
    const fn = Stack.of(this).node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
    if (fn === undefined) return;
    const runtime = "CDK chooses the runtime of its own function, and a new one comes with CDK's next version.";
    const deploymentOnly =
      'It runs during a deployment alone, called by CloudFormation, which waits for its answer and reports its failures.';
    const outsideVpc =
      'It calls S3 and CloudFront by IAM and TLS; a VPC would add endpoints to pay for and protect nothing (lambda-vpc-only-when-needed).';
    acknowledge(fn, {
      'AwsSolutions::AwsSolutions-L1': runtime,
      'Serverless::Serverless-LambdaLatestVersion': runtime,
      'Serverless::Serverless-LambdaDLQ': deploymentOnly,
      'Serverless::Serverless-LambdaTracing': deploymentOnly,
      'HIPAA.Security::HIPAA.Security-LambdaConcurrency': deploymentOnly,
      'NIST.800.53.R5::NIST.800.53.R5-LambdaConcurrency': deploymentOnly,
      'HIPAA.Security::HIPAA.Security-LambdaDLQ': deploymentOnly,
      'NIST.800.53.R5::NIST.800.53.R5-LambdaDLQ': deploymentOnly,
      'HIPAA.Security::HIPAA.Security-LambdaInsideVPC': outsideVpc,
      'NIST.800.53.R5::NIST.800.53.R5-LambdaInsideVPC': outsideVpc,
      'PCI.DSS.321::PCI.DSS.321-LambdaInsideVPC': outsideVpc,
    });
  }
}
