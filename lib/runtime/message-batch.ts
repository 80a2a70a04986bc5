import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { logger, metrics } from './observability';

/**
 * Makes a handler of a standard SQS queue of a function for one message. A message that fails is reported alone, and its batch
 * goes on (lambda-sqs-partial-batch). A message may come twice, and in any order: the function has to bear it.
 *
 * @param handle is given a message's body, read as JSON. What it throws, or a body that is no JSON, sends the message back
 */
export function handleMessages(
  handle: (body: unknown) => Promise<void>,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const processor = new BatchProcessor(EventType.SQS);
  const handleRecord = async (record: SQSRecord): Promise<void> => {
    try {
      await handle(JSON.parse(record.body));
    } catch (error) {
      logger.error('Message failed', { messageId: record.messageId, error: error as Error });
      throw error;
    }
  };
  return async (event, context) => {
    // Anything else would be reported as handled: its records have no body to fail on and no id to report.
    if (!event.Records.every(({ eventSource }) => eventSource === 'aws:sqs')) {
      throw new Error('This function handles messages of an SQS queue; give it one, and an event source mapping');
    }
    try {
      // Reports every failure by id: an error of the whole invocation would return the good messages too.
      return await processPartialResponse(event, handleRecord, processor, { context, throwOnFullBatchFailure: false });
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}
