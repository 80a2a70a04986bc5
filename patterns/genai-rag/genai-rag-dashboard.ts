import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { FlowDashboard } from '../../lib/monitoring/dashboard';
import { serviceMetric } from '../../lib/monitoring/service-metric';
import { INSPECTION_SERVICE, SYNC_SERVICE } from './document-library';
import type { GenAiRag } from './genai-rag';
import { ASK_SERVICE } from './question-answering';

/** Rows in the order of a document and then a question: uploads and ingestion, the API, the answers, their cost. */
export function showRag(
  dashboard: FlowDashboard,
  { library, api: { deploymentStage: stage }, answers }: GenAiRag,
): void {
  const inspected = (name: string) => serviceMetric(library, INSPECTION_SERVICE, name);
  const sync = (name: string, statistic: string = Stats.SUM) =>
    serviceMetric(library, SYNC_SERVICE, name).with({ statistic });
  const ask = (name: string, statistic: string = Stats.SUM) =>
    serviceMetric(answers, ASK_SERVICE, name).with({ statistic });
  const { work, undelivered } = library.events;
  dashboard.addRow({
    title: 'Documents',
    graphs: {
      'Accepted, quarantined and unclaimed files': [
        inspected('DocumentsTakenIn'),
        inspected('DocumentsQuarantined'),
        inspected('DocumentsUnclaimed'),
      ],
      'Documents ingested and failed, failed jobs': [
        sync('DocumentsIndexed'),
        sync('DocumentsFailed'),
        sync('IngestionJobsFailed'),
      ],
      'Age of the oldest pending change (s)': [sync('OldestChangeSeconds', Stats.MAXIMUM)],
      'Queue depth and dead letters': [
        work.queue.metricApproximateNumberOfMessagesVisible(),
        work.deadLetterQueue.metricApproximateNumberOfMessagesVisible(),
        undelivered.metricApproximateNumberOfMessagesVisible(),
      ],
    },
  });
  dashboard.addRow({
    title: 'API',
    graphs: {
      Requests: [stage.metricCount({ statistic: Stats.SUM })],
      'Client errors (4xx) and server errors (5xx)': [stage.metricClientError(), stage.metricServerError()],
      'Latency p50 and p99': [stage.metricLatency({ statistic: 'p50' }), stage.metricLatency({ statistic: 'p99' })],
      'Concurrent answers and throttles': [
        answers.ask.function.metric('ConcurrentExecutions', { statistic: Stats.MAXIMUM }),
        answers.ask.function.metricThrottles(),
      ],
    },
  });
  dashboard.addRow({
    title: 'Answers',
    graphs: {
      'Questions, and those without a passage': [ask('Questions'), ask('EmptyRetrievals')],
      'Time to first token p50 and p99 (ms)': [ask('FirstTokenMs', 'p50'), ask('FirstTokenMs', 'p99')],
      'Failed answers and guardrail interventions': [ask('AnswersFailed'), ask('GuardrailInterventions')],
      'Model throttled and unavailable': [ask('ModelThrottles'), ask('ModelUnavailable')],
    },
  });
  dashboard.addRow({
    title: 'Tokens billed',
    graphs: { Input: [ask('InputTokens')], Output: [ask('OutputTokens')] },
  });
}
