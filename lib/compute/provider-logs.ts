import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';

/**
 * A function that CDK adds for a custom resource logs to a group that Lambda makes and no one deletes; with one of the
 * stack's, nothing stays behind (cw-log-retention). There is one such function in a stack, so it is done once.
 *
 * @param providerId id of CDK's provider in the stack
 * @param props without a key, where the stack has none, CloudWatch Logs encrypts by one of its own
 */
export function keepProviderLogsInStack(
  scope: IConstruct,
  providerId: string,
  { stage, encryptionKey }: { readonly stage: StageSettings; readonly encryptionKey?: IKey },
): void {
  const provider = Stack.of(scope).node.tryFindChild(providerId);
  const fn = provider?.node.tryFindChild('Handler');
  if (provider === undefined || !CfnResource.isCfnResource(fn) || provider.node.tryFindChild('Logs')) return;
  const logGroup = new LogGroup(provider, 'Logs', {
    retention: stage.logRetention,
    encryptionKey,
    removalPolicy: stage.removalPolicy,
  });
  handles(logGroup, 'cw-log-retention', 'encrypt-everything-at-rest');
  if (encryptionKey === undefined) acknowledgeOwnKeyOfLogs(logGroup);
  fn.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName });
  // CDK writes the name of the stack's first bucket into it, so that every bucket's emptying would wait for that one.
  if (providerId.includes('AutoDelete'))
    fn.addPropertyOverride('Description', 'Empties buckets before they are deleted');
}

function acknowledgeOwnKeyOfLogs(logGroup: LogGroup): void {
  const reason =
    'CloudWatch Logs encrypts it by a key of its own; the function logs counts and errors of a deployment, no data, and a key for that alone is $1 a month.';
  acknowledge(logGroup, {
    'HIPAA.Security::HIPAA.Security-CloudWatchLogGroupEncrypted': reason,
    'NIST.800.53.R5::NIST.800.53.R5-CloudWatchLogGroupEncrypted': reason,
    'PCI.DSS.321::PCI.DSS.321-CloudWatchLogGroupEncrypted': reason,
    'Groundplan::Groundplan-encrypt-everything-at-rest': reason,
  });
}
