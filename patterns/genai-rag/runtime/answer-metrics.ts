import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { TokenUsage } from '../contract';
import { TooMany } from './admission';
import { AnswerError } from './answer-error';
import type { Timing } from './timing';

/** Counts what answers do, in the log (cw-emf-not-putmetric). */
export class AnswerMetrics {
  private readonly startedAt: number;
  private spoke = false;

  constructor(
    private readonly metrics: Pick<Metrics, 'addMetric'>,
    private readonly timing: Timing,
  ) {
    this.startedAt = timing.now();
  }

  question(): void {
    this.count('Questions');
  }

  /** The first text that is shown is measured, no other. */
  text(): void {
    if (this.spoke) return;
    this.spoke = true;
    this.metrics.addMetric('FirstTokenMs', MetricUnit.Milliseconds, this.timing.now() - this.startedAt);
  }

  usage({ inputTokens, outputTokens }: TokenUsage): void {
    this.metrics.addMetric('InputTokens', MetricUnit.Count, inputTokens);
    this.metrics.addMetric('OutputTokens', MetricUnit.Count, outputTokens);
  }

  emptyRetrieval(): void {
    this.count('EmptyRetrievals');
  }

  intervention(): void {
    this.count('GuardrailInterventions');
  }

  throttled(): void {
    this.count('ModelThrottles');
  }

  failed(error: unknown): void {
    this.count('AnswersFailed');
    if (error instanceof AnswerError && error.code === 'model_unavailable') this.count('ModelUnavailable');
  }

  /** A question was not let in. A user's own budget is theirs to know of; those that users share are the operator's. */
  refused(error: unknown): void {
    if (!(error instanceof TooMany)) return;
    if (error.code === 'tenant_daily_budget') this.count('TenantBudgetsExceeded');
    if (error.code === 'stack_daily_budget') this.count('StackBudgetExceeded');
  }

  private count(name: string): void {
    this.metrics.addMetric(name, MetricUnit.Count, 1);
  }
}
