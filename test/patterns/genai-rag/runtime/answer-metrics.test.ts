import { describe, expect, it, vi } from 'vitest';
import { TooMany } from '../../../../patterns/genai-rag/runtime/admission';
import { modelError } from '../../../../patterns/genai-rag/runtime/answer-error';
import { AnswerMetrics } from '../../../../patterns/genai-rag/runtime/answer-metrics';
import { StandTiming } from './timing-fixture';

const DENIED = Object.assign(new Error('denied'), { name: 'AccessDeniedException' });
const BUSY = Object.assign(new Error('busy'), { name: 'ThrottlingException' });

describe('metrics', () => {
  it("count the budgets that users share, and no user's own, nor what is none", () => {
    const addMetric = vi.fn();
    const metrics = new AnswerMetrics({ addMetric }, new StandTiming());
    for (const code of ['daily_budget', 'too_many_questions', 'tenant_daily_budget', 'stack_daily_budget']) {
      metrics.refused(new TooMany(429, code, 'no', 1));
    }
    metrics.refused({ code: 'stack_daily_budget' });
    expect(addMetric.mock.calls).toEqual([
      ['TenantBudgetsExceeded', 'Count', 1],
      ['StackBudgetExceeded', 'Count', 1],
    ]);
  });

  it('count what answers do, and measure the first word alone', () => {
    const addMetric = vi.fn();
    const timing = new StandTiming();
    const metrics = new AnswerMetrics({ addMetric }, timing);
    metrics.question();
    timing.pass(120);
    metrics.text();
    timing.pass(5);
    metrics.text();
    metrics.usage({ inputTokens: 7, outputTokens: 3 });
    metrics.emptyRetrieval();
    metrics.intervention();
    metrics.throttled();
    metrics.failed(DENIED);
    metrics.failed(modelError(DENIED));
    metrics.failed(modelError(BUSY));
    metrics.failed({ code: 'model_unavailable' });
    expect(addMetric.mock.calls).toEqual([
      ['Questions', 'Count', 1],
      ['FirstTokenMs', 'Milliseconds', 120],
      ['InputTokens', 'Count', 7],
      ['OutputTokens', 'Count', 3],
      ['EmptyRetrievals', 'Count', 1],
      ['GuardrailInterventions', 'Count', 1],
      ['ModelThrottles', 'Count', 1],
      ['AnswersFailed', 'Count', 1],
      ['AnswersFailed', 'Count', 1],
      ['ModelUnavailable', 'Count', 1],
      ['AnswersFailed', 'Count', 1],
      ['AnswersFailed', 'Count', 1],
    ]);
  });
});
