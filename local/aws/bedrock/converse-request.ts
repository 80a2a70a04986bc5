import { BEDROCK_RUNTIME_LIMITS } from '../../limits/bedrock';
import { exceeds, type Limit } from '../../limits/limit';
import type { ContentBlock, ConverseInput } from './conversation';
import { textOf, wordsOf } from './conversation';
import { checkResults, checkTools, checkToolUse } from './converse-tools';
import { invalid, refusedBy, within } from './errors';
import type { Guardrails } from './guardrails';

const LIMITS = BEDROCK_RUNTIME_LIMITS.rows;
/** AWS: Bedrock API, Converse, modelId. */
const MODEL_ID = /^[a-zA-Z0-9:/._-]+$/;
const QUALIFIERS = ['grounding_source', 'query', 'guard_content'];

/** What a model takes. */
export interface ModelLimits {
  /** Models and profiles that there are. @default - any */
  readonly models?: readonly string[];
  /** Tokens, here words, that a request may hold. */
  readonly contextTokens: number;
}

/** @throws AwsError of a request that Bedrock refuses before a model sees it */
export function checkConverse(
  input: ConverseInput,
  { models, contextTokens }: ModelLimits,
  guardrails: Guardrails,
): void {
  const { modelId } = input;
  if (exceeds(LIMITS.modelId, modelId.length) || !MODEL_ID.test(modelId))
    throw refusedBy(LIMITS.modelId, 'The provided model identifier is invalid.');
  if (models !== undefined && !models.includes(modelId))
    throw refusedBy(LIMITS.unknownModel, 'The provided model identifier is invalid.');
  for (const [index, block] of (input.system ?? []).entries()) checkText(block, `system.${index}`);
  checkMessages(input);
  checkInference(input);
  checkTools(input);
  if (input.guardrailConfig !== undefined) guardrails.find(input.guardrailConfig);
  if (wordsOf(input) > contextTokens) throw refusedBy(LIMITS.context, 'Input is too long for requested model.');
}

function checkMessages(input: ConverseInput): void {
  const { messages = [] } = input;
  const [first] = messages;
  if (first?.role !== 'user')
    throw refusedBy(
      LIMITS.roles,
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    );
  for (const [index, message] of messages.entries()) {
    const { role, content = [] } = message;
    const at = `messages.${index}.content`;
    if (role !== (index % 2 === 0 ? 'user' : 'assistant'))
      throw refusedBy(
        LIMITS.roles,
        'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between ' +
          'user and assistant roles and try again.',
      );
    if (exceeds(LIMITS.content, content.length))
      throw refusedBy(
        LIMITS.content,
        `The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`,
      );
    for (const [part, block] of content.entries()) checkBlock(block, `${at}.${part}`, role);
    checkResults(message, messages[index - 1], at);
  }
  if (messages.at(-1)?.role !== 'user')
    throw refusedBy(
      LIMITS.roles,
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    );
}

function checkBlock(block: ContentBlock, at: string, role: string): void {
  const members = Object.values(block).filter((member) => member !== undefined).length;
  if (exceeds(LIMITS.blockMembers, members))
    throw refusedBy(
      LIMITS.blockMembers,
      `The ContentBlock object at ${at} must set one of its members, not ${members}.`,
    );
  const { guardContent, toolUse, toolResult } = block;
  checkToolUse(block, at, role);
  for (const qualifier of guardContent?.text?.qualifiers ?? []) {
    if (!QUALIFIERS.includes(qualifier))
      throw refusedBy(
        LIMITS.qualifiers,
        `Value '${qualifier}' at '${at}' failed to satisfy constraint: Member must satisfy enum value set: [${QUALIFIERS.join(', ')}]`,
      );
  }
  for (const [index, part] of (toolResult?.content ?? []).entries()) {
    const { text } = (part ?? {}) as { readonly text?: string };
    if (text !== undefined) requireText(text, `${at}.toolResult.content.${index}`);
  }
  if (toolUse === undefined && toolResult === undefined) checkText(block, at);
}

function checkText(block: ContentBlock, at: string): void {
  const text = textOf(block);
  if (text === undefined) throw invalid(`The local model reads text alone; ${at} has ${Object.keys(block).join()}`);
  requireText(text, at);
}

function requireText(text: string, at: string): void {
  if (text.trim() === '')
    throw refusedBy(
      LIMITS.blankText,
      `The text field in the ContentBlock object at ${at} is blank. Add text to the text field, and try again.`,
    );
}

function checkInference({ inferenceConfig = {} }: ConverseInput): void {
  const { maxTokens, temperature, topP, stopSequences = [] } = inferenceConfig;
  const bound = (limit: Limit & { readonly error: 'ValidationException' }, name: string, value: number | undefined) => {
    if (value !== undefined && exceeds(limit, value))
      throw refusedBy(limit, within(limit, `inferenceConfig.${name}`, value));
  };
  bound(LIMITS.maxTokens, 'maxTokens', maxTokens);
  if (maxTokens !== undefined && !Number.isInteger(maxTokens))
    throw invalid('inferenceConfig.maxTokens is not an integer');
  bound(LIMITS.temperature, 'temperature', temperature);
  bound(LIMITS.temperature, 'topP', topP);
  bound(LIMITS.stopSequences, 'stopSequences', stopSequences.length);
  for (const sequence of stopSequences) bound(LIMITS.stopSequence, 'stopSequences.member', sequence.length);
}
