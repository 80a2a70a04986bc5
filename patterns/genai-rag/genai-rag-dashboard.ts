import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { FlowDashboard } from '../../lib/monitoring/dashboard';
import { serviceMetric } from '../../lib/monitoring/service-metric';
import { INSPECTION_SERVICE, SYNC_SERVICE } from './document-library';
import type { GenAiRag } from './genai-rag';
import { ASK_SERVICE } from './question-answering';

/** Rows as a document and then a question go: what came and was taken in, the API, the answers, what they cost. */
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
      'Came, and put aside': [
        inspected('DocumentsTakenIn'),
        inspected('DocumentsQuarantined'),
        inspected('DocumentsUnclaimed'),
      ],
      'Taken in, and not': [sync('DocumentsIndexed'), sync('DocumentsFailed'), sync('IngestionJobsFailed')],
      'Oldest change that waits (s)': [sync('OldestChangeSeconds', Stats.MAXIMUM)],
      'Events waiting, and given up': [
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
      'Errors of clients and of ours': [stage.metricClientError(), stage.metricServerError()],
      'Latency p50 and p99': [stage.metricLatency({ statistic: 'p50' }), stage.metricLatency({ statistic: 'p99' })],
      'Answers at once, and throttles': [
        answers.ask.function.metric('ConcurrentExecutions', { statistic: Stats.MAXIMUM }),
        answers.ask.function.metricThrottles(),
      ],
    },
  });
  dashboard.addRow({
    title: 'Answers',
    graphs: {
      'Questions, and what found nothing': [ask('Questions'), ask('EmptyRetrievals')],
      'To the first token p50 and p99 (ms)': [ask('FirstTokenMs', 'p50'), ask('FirstTokenMs', 'p99')],
      'Broken off, refused by the guardrail': [ask('AnswersFailed'), ask('GuardrailInterventions')],
      'Model throttles, and not to be had': [ask('ModelThrottles'), ask('ModelUnavailable')],
    },
  });
  dashboard.addRow({
    title: 'Tokens, which are the bill',
    graphs: { In: [ask('InputTokens')], Out: [ask('OutputTokens')] },
  });
}
