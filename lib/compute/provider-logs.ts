import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';

/**
 * A function that CDK adds for a custom resource logs to a group that Lambda makes and nobody deletes; with one of the
 * stack's, nothing stays behind (cw-log-retention). There is one such function in a stack, so it is done once.
 *
 * @param providerId id of CDK's provider in the stack
 */
export function keepProviderLogsInStack(
  scope: IConstruct,
  providerId: string,
  { stage, encryptionKey }: { readonly stage: StageSettings; readonly encryptionKey: IKey },
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
  fn.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName });
}
