import { type ConverseInput, countWords, tokensOf, wordsOf } from './conversation';
import { bedrockError, ConnectionCut, type StreamErrorType } from './errors';
import { encodeEvent, encodeException } from './event-stream';
import { extractiveAnswer } from './extractive-answer';
import { guardrailTrace, mailHidden } from './guardrail-trace';
import type { Guardrails, LocalGuardrail } from './guardrails';
import type { ModelBehaviour, ScriptedToolUse } from './model-behaviour';

/** What a model answers, before it is put on the wire. */
export interface ModelAnswer {
  readonly chunks: readonly string[];
  readonly toolUse: readonly (ScriptedToolUse & { readonly id: string })[];
  readonly stopReason: string;
  readonly metadata: {
    readonly usage: { readonly inputTokens: number; readonly outputTokens: number; readonly totalTokens: number };
    readonly metrics: { readonly latencyMs: number };
    readonly trace?: { readonly guardrail: unknown };
  };
}

/** Makes up an answer: what is scripted, or else what the passages say. */
export function answerTo(
  input: ConverseInput,
  behaviour: ModelBehaviour,
  guardrails: Guardrails,
  toolId: () => string,
): ModelAnswer {
  const { guardrail: act, toolUse = [], usage } = behaviour;
  const guard =
    act === undefined || input.guardrailConfig === undefined ? undefined : guardrails.find(input.guardrailConfig);
  if (act?.action === 'blocked-input' && guard !== undefined) return blockedInput(input, behaviour, guard);
  const spoken = spokenChunks(input, behaviour);
  const most = input.inferenceConfig?.maxTokens ?? Number.POSITIVE_INFINITY;
  const within = cut(spoken, most);
  const intervened = guard !== undefined && act?.action === 'blocked-output';
  const chunks =
    guard === undefined || act === undefined
      ? within
      : intervened
        ? [...within.slice(0, act.after ?? 0), act.text ?? guard.blockedOutput]
        : tokensOf(act.text ?? mailHidden(within.join('')));
  const reason = intervened
    ? 'guardrail_intervened'
    : within.length < spoken.length
      ? 'max_tokens'
      : toolUse.length > 0
        ? 'tool_use'
        : 'end_turn';
  return {
    chunks,
    toolUse: intervened ? [] : toolUse.map((use) => ({ ...use, id: use.id ?? toolId() })),
    stopReason: behaviour.stopReason ?? reason,
    metadata: metadataOf(
      usage ?? {
        inputTokens: wordsOf(input),
        outputTokens: within.reduce((sum, chunk) => sum + countWords(chunk), toolUse.length),
      },
      guardrailTrace(input, guard, act, within.join('')),
    ),
  };
}

/** The events of a stream, as bytes (AWS: Bedrock, ConverseStreamOutput). Ends by {@link ConnectionCut} where it is scripted. */
export async function* streamOf(
  answer: ModelAnswer,
  behaviour: ModelBehaviour,
  pace: () => Promise<void>,
): AsyncGenerator<Buffer> {
  const { chunks, toolUse, stopReason, metadata } = answer;
  const { hold, holdAfter = 0, dieAfter, streamError } = behaviour;
  yield encodeEvent('messageStart', { role: 'assistant' });
  // One more round than chunks, for what is scripted after the last.
  for (let sent = 0; sent <= chunks.length; sent += 1) {
    if (hold !== undefined && sent === Math.min(holdAfter, chunks.length)) await hold;
    if (sent === dieAfter) throw new ConnectionCut('scripted');
    if (streamError?.after === sent) {
      yield encodeException(streamError.type, streamError.message ?? MESSAGES[streamError.type]);
      return;
    }
    const text = chunks[sent];
    if (text === undefined) break;
    await pace();
    yield encodeEvent('contentBlockDelta', { contentBlockIndex: 0, delta: { text } });
  }
  if (chunks.length > 0) yield encodeEvent('contentBlockStop', { contentBlockIndex: 0 });
  const first = chunks.length > 0 ? 1 : 0;
  for (const [index, { id, name, input }] of toolUse.entries()) {
    const contentBlockIndex = first + index;
    yield encodeEvent('contentBlockStart', { contentBlockIndex, start: { toolUse: { toolUseId: id, name } } });
    const json = typeof input === 'string' ? input : JSON.stringify(input);
    const half = Math.ceil(json.length / 2);
    // The input of a tool comes in pieces of JSON.
    for (const piece of [json.slice(0, half), json.slice(half)])
      yield encodeEvent('contentBlockDelta', { contentBlockIndex, delta: { toolUse: { input: piece } } });
    yield encodeEvent('contentBlockStop', { contentBlockIndex });
  }
  yield encodeEvent('messageStop', { stopReason });
  yield encodeEvent('metadata', metadata);
}

/** The answer of Converse, whole. */
export async function wholeOf(
  answer: ModelAnswer,
  { hold, streamError, dieAfter }: ModelBehaviour,
): Promise<Record<string, unknown>> {
  const { chunks, toolUse, stopReason, metadata } = answer;
  await hold;
  if (dieAfter !== undefined) throw new ConnectionCut('scripted');
  if (streamError !== undefined) {
    const { type, message = MESSAGES[type] } = streamError;
    throw bedrockError(ANSWERED_AS[type], message);
  }
  const text = chunks.join('');
  const content = [
    ...(text === '' ? [] : [{ text }]),
    ...toolUse.map(({ id, name, input }) => ({ toolUse: { toolUseId: id, name, input } })),
  ];
  return { output: { message: { role: 'assistant', content } }, stopReason, ...metadata };
}

const MESSAGES: Readonly<Record<StreamErrorType, string>> = {
  internalServerException: 'The system encountered an unexpected error during processing. Try your request again.',
  modelStreamErrorException:
    'The model has encountered an unexpected error during the stream processing. Try your request again.',
  validationException: 'The model returned an invalid answer.',
  throttlingException: 'Too many tokens, please wait before trying again.',
  serviceUnavailableException: 'Bedrock is unable to process your request.',
};
const ANSWERED_AS = {
  internalServerException: 'InternalServerException',
  modelStreamErrorException: 'ModelErrorException',
  validationException: 'ValidationException',
  throttlingException: 'ThrottlingException',
  serviceUnavailableException: 'ServiceUnavailableException',
} as const;

/** The model is not asked, so nothing is counted (AWS: Bedrock, guardrails with the Converse API). */
function blockedInput(
  input: ConverseInput,
  { guardrail, stopReason, usage }: ModelBehaviour,
  guard: LocalGuardrail,
): ModelAnswer {
  return {
    chunks: [guardrail?.text ?? guard.blockedInput],
    toolUse: [],
    stopReason: stopReason ?? 'guardrail_intervened',
    metadata: metadataOf(usage ?? { inputTokens: 0, outputTokens: 0 }, guardrailTrace(input, guard, guardrail, '')),
  };
}

function spokenChunks(input: ConverseInput, { chunks, text, toolUse = [] }: ModelBehaviour): readonly string[] {
  if (chunks !== undefined) return chunks;
  if (text === undefined && toolUse.length > 0) return [];
  return tokensOf(text ?? extractiveAnswer(input));
}

/** The chunks that are within so many tokens, which are words here. */
function cut(chunks: readonly string[], most: number): readonly string[] {
  let spent = 0;
  const end = chunks.findIndex((chunk) => {
    spent += countWords(chunk);
    return spent > most;
  });
  return end < 0 ? chunks : chunks.slice(0, end);
}

function metadataOf(
  { inputTokens, outputTokens }: { readonly inputTokens: number; readonly outputTokens: number },
  guardrail: unknown,
): ModelAnswer['metadata'] {
  return {
    usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
    metrics: { latencyMs: 1 },
    ...(guardrail !== undefined && { trace: { guardrail } }),
  };
}
