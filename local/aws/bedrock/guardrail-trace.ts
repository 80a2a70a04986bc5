import { type ConverseInput, textOf } from './conversation';
import type { LocalGuardrail } from './guardrails';
import type { ScriptedGuardrail } from './model-behaviour';

const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

/** A text with its mail addresses hidden as a guardrail hides them. */
export function mailHidden(text: string): string {
  return text.replace(MAIL, '{EMAIL}');
}

/**
 * The trace of a guardrail, for a request that asks for its trace (AWS: Bedrock, GuardrailTraceAssessment). Which policy it
 * was is made up: a denied topic blocks, and mail addresses are hidden.
 */
export function guardrailTrace(
  input: ConverseInput,
  guardrail: LocalGuardrail | undefined,
  act: ScriptedGuardrail | undefined,
  spoken: string,
): unknown {
  const { trace = 'disabled' } = input.guardrailConfig ?? {};
  if (guardrail === undefined || act === undefined || trace === 'disabled') return undefined;
  const length = input.messages?.at(-1)?.content?.reduce((sum, block) => sum + (textOf(block)?.length ?? 0), 0) ?? 0;
  const invocationMetrics = {
    guardrailProcessingLatency: 1,
    usage: {
      topicPolicyUnits: 1,
      contentPolicyUnits: 1,
      wordPolicyUnits: 0,
      sensitiveInformationPolicyUnits: 1,
      sensitiveInformationPolicyFreeUnits: 0,
      contextualGroundingPolicyUnits: 0,
    },
    guardrailCoverage: { textCharacters: { guarded: length, total: length } },
  };
  const topic = { topicPolicy: { topics: [{ name: 'scripted', type: 'DENY', action: 'BLOCKED', detected: true }] } };
  if (act.action === 'blocked-input')
    return { inputAssessment: { [guardrail.id]: { ...topic, invocationMetrics } }, actionReason: 'Guardrail blocked.' };
  const piiEntities = (spoken.match(MAIL) ?? ['']).map((match) => ({
    type: 'EMAIL',
    match,
    action: 'ANONYMIZED',
    detected: true,
  }));
  const masked = { sensitiveInformationPolicy: { piiEntities, regexes: [] } };
  const found = act.action === 'masked' ? masked : topic;
  return {
    ...(trace === 'enabled_full' && { modelOutput: [spoken] }),
    inputAssessment: { [guardrail.id]: { invocationMetrics } },
    outputAssessments: { [guardrail.id]: [{ ...found, invocationMetrics }] },
    actionReason: act.action === 'masked' ? 'Guardrail masked.' : 'Guardrail blocked.',
  };
}
