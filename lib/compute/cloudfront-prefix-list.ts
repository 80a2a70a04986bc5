import { Duration, Stack } from 'aws-cdk-lib';
import { type IPeer, Peer } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';

/** Props of {@link CloudFrontPrefixList}. */
export interface CloudFrontPrefixListProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
}

/** AWS's list of the addresses that CloudFront calls origins from (AWS: CloudFront, use the managed prefix list). */
const LIST_NAME = 'com.amazonaws.global.cloudfront.origin-facing';
/** Where CDK puts the one function of a stack that makes such calls. */
const PROVIDER = `AWS${AwsCustomResource.PROVIDER_FUNCTION_UUID.replace(/-/g, '')}`;

/**
 * The addresses that CloudFront calls origins from, as a peer of security groups. The list has another id in each region, so
 * it is looked up at deployment: synth needs no credentials. It counts as 55 of a group's 60 rules (AWS: the same page).
 */
export class CloudFrontPrefixList extends Construct {
  readonly peer: IPeer;

  constructor(scope: Construct, id: string, props: CloudFrontPrefixListProps) {
    super(scope, id);
    const logGroup = this.providerLogs(props);
    const lookUp = new AwsCustomResource(this, 'LookUp', {
      resourceType: 'Custom::CloudFrontPrefixList',
      onUpdate: {
        service: 'EC2',
        action: 'DescribeManagedPrefixLists',
        parameters: { Filters: [{ Name: 'prefix-list-name', Values: [LIST_NAME] }] },
        physicalResourceId: PhysicalResourceId.fromResponse('PrefixLists.0.PrefixListId'),
        outputPaths: ['PrefixLists.0.PrefixListId'],
      },
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: ['ec2:DescribeManagedPrefixLists'], resources: ['*'] }),
      ]),
      installLatestAwsSdk: false,
      timeout: Duration.minutes(1),
      memorySize: 256,
      logGroup,
    });
    this.peer = Peer.prefixList(lookUp.getResponseField('PrefixLists.0.PrefixListId'));
    const policy = lookUp.node.tryFindChild('CustomResourcePolicy');
    if (policy !== undefined) {
      acknowledge(policy, {
        'AwsSolutions::AwsSolutions-IAM5[Resource::*]':
          'ec2:DescribeManagedPrefixLists has no resource to name, and only reads (Service Authorization Reference: EC2).',
        ...inlinePolicyReasons(),
      });
    }
    this.settleProvider();
  }

  /** The log group of the stack's provider, in place of one that Lambda makes and no one deletes (cw-log-retention). */
  private providerLogs({ stage, encryptionKey }: CloudFrontPrefixListProps): LogGroup | undefined {
    // The provider is there already, with whatever logs its first user gave it.
    if (Stack.of(this).node.tryFindChild(PROVIDER) !== undefined) return undefined;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: stage.logRetention,
      encryptionKey,
      removalPolicy: stage.removalPolicy,
    });
    handles(logGroup, 'cw-log-retention', 'encrypt-everything-at-rest');
    return logGroup;
  }

  private settleProvider(): void {
    const provider = Stack.of(this).node.tryFindChild(PROVIDER);
    const fn = provider?.node.defaultChild;
    if (provider === undefined || !(fn instanceof CfnFunction)) return;
    fn.architectures = ['arm64'];
    handles(provider, 'graviton-default', 'lambda-memory-explicit');
    const role = provider.node.tryFindChild('ServiceRole');
    if (role !== undefined) {
      acknowledge(role, {
        'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]':
          "CDK gives its own function AWS's policy for writing logs; besides it the role may look up the prefix list and nothing else.",
      });
    }
    const atDeployment =
      "CDK's own function, which runs for seconds at a deployment; its failure stops that deployment and is told there.";
    acknowledge(provider, {
      'AwsSolutions::AwsSolutions-L1': 'CDK chooses the runtime of its own function and moves it with each release.',
      'Groundplan::Groundplan-tracing-on': atDeployment,
      'Serverless::Serverless-LambdaTracing': atDeployment,
      'Serverless::Serverless-LambdaDLQ': atDeployment,
      'HIPAA.Security::HIPAA.Security-LambdaDLQ': atDeployment,
      'NIST.800.53.R5::NIST.800.53.R5-LambdaDLQ': atDeployment,
      'HIPAA.Security::HIPAA.Security-LambdaConcurrency': atDeployment,
      'NIST.800.53.R5::NIST.800.53.R5-LambdaConcurrency': atDeployment,
      'HIPAA.Security::HIPAA.Security-LambdaInsideVPC': atDeployment,
      'NIST.800.53.R5::NIST.800.53.R5-LambdaInsideVPC': atDeployment,
      'PCI.DSS.321::PCI.DSS.321-LambdaInsideVPC': atDeployment,
    });
  }
}
