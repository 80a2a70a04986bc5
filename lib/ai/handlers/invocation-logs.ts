import {
  BedrockClient,
  DeleteModelInvocationLoggingConfigurationCommand,
  GetModelInvocationLoggingConfigurationCommand,
  PutModelInvocationLoggingConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import { callTimeouts } from '../../runtime/call-timeouts';
import { customResource } from '../../runtime/custom-resource';
import { logger } from '../../runtime/observability';

const client = new BedrockClient({ maxAttempts: 5, requestHandler: callTimeouts({ answerMs: 5000 }) });

/** The log group that the region's setting names; undefined without a setting, empty where it names a bucket alone. */
async function current(): Promise<string | undefined> {
  const { loggingConfig } = await client.send(new GetModelInvocationLoggingConfigurationCommand({}));
  return loggingConfig === undefined ? undefined : (loggingConfig.cloudWatchConfig?.logGroupName ?? '');
}

/**
 * Makes model calls be logged, unless someone has decided already: the setting is one for the account and region. It knows its own
 * by the log group, and so takes back its own alone.
 */
export const handler = customResource({
  // Another log group is another resource, and the deletion of the old one finds that the setting has moved on.
  physicalId: ({ logGroup }) => `invocation-logs-${String(logGroup)}`,
  apply: async ({ logGroup, role }, before) => {
    const found = await current();
    const ours = [String(logGroup), ...(before === undefined ? [] : [String(before['logGroup'])])];
    if (found !== undefined && !ours.includes(found)) {
      logger.warn('Model invocation logging is already configured elsewhere and is left unchanged', {
        logGroup: found,
      });
      return { data: { Applied: 'false' } };
    }
    await client.send(
      new PutModelInvocationLoggingConfigurationCommand({
        loggingConfig: {
          cloudWatchConfig: { logGroupName: String(logGroup), roleArn: String(role) },
          textDataDeliveryEnabled: true,
          imageDataDeliveryEnabled: false,
          embeddingDataDeliveryEnabled: false,
        },
      }),
    );
    return { data: { Applied: 'true' } };
  },
  remove: async ({ logGroup }) => {
    if ((await current()) !== String(logGroup)) return;
    await client.send(new DeleteModelInvocationLoggingConfigurationCommand({}));
  },
});
