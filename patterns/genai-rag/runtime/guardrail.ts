import type { GuardrailTraceAssessment } from '@aws-sdk/client-bedrock-runtime';
import type { GuardrailOutcome } from '../contract';

/** What stands in place of an answer that the guardrail stopped after its first words: what it says itself cannot be told from them. */
export const WITHHELD = 'This answer was withheld.';

/** What is known of an answer when its stream ends. */
export interface GuardrailSigns {
  readonly stopReason: string;
  readonly outputTokens: number;
  readonly trace?: GuardrailTraceAssessment;
}

/**
 * What the guardrail did. Only its trace tells what was hidden from what was blocked, and a question from an answer; both stop a model
 * with `guardrail_intervened` (AWS: Bedrock, GuardrailTraceAssessment). The trace is read here and goes nowhere.
 */
export function guardrailOutcome({ stopReason, outputTokens, trace }: GuardrailSigns): GuardrailOutcome {
  if (has(trace?.inputAssessment, 'BLOCKED')) return { action: 'blocked', of: 'question' };
  if (has(trace?.outputAssessments, 'BLOCKED')) return { action: 'blocked', of: 'answer' };
  // A model's own filter says so without a guardrail.
  if (stopReason === 'content_filtered') return { action: 'blocked', of: 'answer' };
  if (has(trace?.outputAssessments, 'ANONYMIZED')) return { action: 'masked', of: 'answer' };
  if (stopReason !== 'guardrail_intervened') return { action: 'none' };
  return { action: 'blocked', of: outputTokens === 0 ? 'question' : 'answer' };
}

/** Whether any policy of an assessment took an action, whichever policies there are. */
function has(assessment: unknown, action: string): boolean {
  if (typeof assessment !== 'object' || assessment === null) return false;
  return Object.entries(assessment).some(([name, value]) =>
    name === 'action' ? value === action : has(value, action),
  );
}
