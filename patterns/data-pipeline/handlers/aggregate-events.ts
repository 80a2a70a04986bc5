import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { SNSClient } from '@aws-sdk/client-sns';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';
import { documents } from '../../../lib/runtime/document-client';
import { requiredVariable } from '../../../lib/runtime/environment';
import { logger, metrics } from '../../../lib/runtime/observability';
import { type AlertRule, PipelineEnvironment } from '../contract';
import { Alerts } from '../runtime/alerts';
import { readBatch } from '../runtime/batch';
import { Rejections } from '../runtime/rejections';
import { Totals } from '../runtime/totals';

const TableName = requiredVariable(PipelineEnvironment.aggregatesTable);
const totals = new Totals(documents, TableName);
const rejections = new Rejections(requiredVariable(PipelineEnvironment.failuresBucket));
const alerts = new Alerts(
  documents,
  new SNSClient({ maxAttempts: 4, requestHandler: callTimeouts({ answerMs: 5000 }) }),
  TableName,
  requiredVariable(PipelineEnvironment.alertTopicArn),
  JSON.parse(requiredVariable(PipelineEnvironment.alertRules)) as AlertRule[],
);

/**
 * Counts events by minute of arrival, each record once however often its batch comes, and reports breaches. Invalid
 * records are stored in the failure store at once; a batch that fails otherwise is retried, halved, and stored there in the end
 * (kinesis-poison-record).
 */
export const handler = async (event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
  if (!event.Records.every(({ eventSource }) => eventSource === 'aws:kinesis')) {
    throw new Error('This function counts records of a Kinesis stream; give it one, and an event source mapping');
  }
  const { minutes, rejected } = readBatch(event.Records, Date.now());
  try {
    for (const minute of minutes) {
      const skipped = await totals.add(minute);
      metrics.addMetric('EventsAggregated', MetricUnit.Count, minute.records.length - skipped);
      if (skipped > 0) metrics.addMetric('DuplicateRecordsSkipped', MetricUnit.Count, skipped);
      await alerts.evaluate(minute);
    }
    if (rejected.length > 0) {
      await rejections.keep(rejected);
      const [{ sequenceNumber, error } = {}] = rejected;
      logger.warn('Records are not valid events', { records: rejected.length, first: sequenceNumber, error });
      metrics.addMetric('EventsRejected', MetricUnit.Count, rejected.length);
    }
    return { batchItemFailures: [] };
  } finally {
    metrics.publishStoredMetrics();
  }
};
