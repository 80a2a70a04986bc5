import type { ContentBlock, ConverseInput, Message } from './conversation';
import { textOf, wordsOf } from './conversation';
import { invalid } from './errors';
import type { Guardrails } from './guardrails';

/** AWS: Bedrock API, InferenceConfiguration. */
const LARGEST_STOP_SEQUENCES = 2500;
/** AWS: Bedrock API, ToolSpecification. */
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
/** AWS: Bedrock API, Converse, modelId. */
const MODEL_ID = /^[a-zA-Z0-9:/._-]{1,2048}$/;
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
  if (!MODEL_ID.test(modelId) || (models !== undefined && !models.includes(modelId)))
    throw invalid('The provided model identifier is invalid.');
  for (const [index, block] of (input.system ?? []).entries()) checkText(block, `system.${index}`);
  checkMessages(input);
  checkInference(input);
  checkTools(input);
  if (input.guardrailConfig !== undefined) guardrails.find(input.guardrailConfig);
  if (wordsOf(input) > contextTokens) throw invalid('Input is too long for requested model.');
}

function checkMessages(input: ConverseInput): void {
  const { messages = [] } = input;
  const [first] = messages;
  if (first?.role !== 'user')
    throw invalid(
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    );
  for (const [index, message] of messages.entries()) {
    const { role, content = [] } = message;
    const at = `messages.${index}.content`;
    if (role !== (index % 2 === 0 ? 'user' : 'assistant'))
      throw invalid(
        'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between ' +
          'user and assistant roles and try again.',
      );
    if (content.length === 0)
      throw invalid(
        `The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`,
      );
    for (const [part, block] of content.entries()) checkBlock(block, `${at}.${part}`, role);
    checkResults(message, messages[index - 1], at);
  }
  if (messages.at(-1)?.role !== 'user')
    throw invalid(
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    );
}

function checkBlock(block: ContentBlock, at: string, role: string): void {
  const members = Object.keys(block);
  if (members.length !== 1)
    throw invalid(`The ContentBlock object at ${at} must set one of its members, not ${members.length}.`);
  const { guardContent, toolUse, toolResult } = block;
  if (toolUse !== undefined && role !== 'assistant')
    throw invalid(`A toolUse block is not allowed in a user message: ${at}.`);
  if (toolResult !== undefined && role !== 'user')
    throw invalid(`A toolResult block is not allowed in an assistant message: ${at}.`);
  for (const qualifier of guardContent?.text?.qualifiers ?? []) {
    if (!QUALIFIERS.includes(qualifier))
      throw invalid(
        `Value '${qualifier}' at '${at}' failed to satisfy constraint: Member must satisfy enum value set: [${QUALIFIERS.join(', ')}]`,
      );
  }
  if (toolUse === undefined && toolResult === undefined) checkText(block, at);
}

function checkText(block: ContentBlock, at: string): void {
  const text = textOf(block);
  if (text === undefined) throw invalid(`The local model reads text alone; ${at} has ${Object.keys(block).join()}`);
  if (text.trim() === '')
    throw invalid(
      `The text field in the ContentBlock object at ${at} is blank. Add text to the text field, and try again.`,
    );
}

/** Each tool that was asked for has its result in the next message, and there is no result of another. */
function checkResults({ content = [] }: Message, before: Message | undefined, at: string): void {
  const asked = (before?.content ?? []).flatMap(({ toolUse }) => toolUse?.toolUseId ?? []);
  const given = content.flatMap(({ toolResult }) => toolResult?.toolUseId ?? []);
  const missing = asked.filter((id) => !given.includes(id));
  if (missing.length > 0)
    throw invalid(`Expected toolResult blocks at ${at} for the following Ids: ${missing.join(', ')}`);
  if (given.length > asked.length)
    throw invalid(`The number of toolResult blocks at ${at} exceeds the number of toolUse blocks of previous turn.`);
}

function checkInference({ inferenceConfig = {} }: ConverseInput): void {
  const { maxTokens, temperature, topP, stopSequences = [] } = inferenceConfig;
  if (maxTokens !== undefined && !(Number.isInteger(maxTokens) && maxTokens >= 1))
    throw invalid(
      `Value '${maxTokens}' at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    );
  for (const [name, value] of Object.entries({ temperature, topP })) {
    if (value !== undefined && !(value >= 0 && value <= 1))
      throw invalid(
        `Value '${value}' at 'inferenceConfig.${name}' failed to satisfy constraint: Member must have value between 0 and 1`,
      );
  }
  if (stopSequences.length > LARGEST_STOP_SEQUENCES || stopSequences.includes(''))
    throw invalid("Value at 'inferenceConfig.stopSequences' failed to satisfy constraint");
}

function checkTools({ messages = [], toolConfig }: ConverseInput): void {
  const blocks = messages.flatMap(({ content = [] }) => content);
  if (toolConfig === undefined) {
    if (blocks.some(({ toolUse, toolResult }) => toolUse !== undefined || toolResult !== undefined))
      throw invalid('The toolConfig field must be defined when using toolUse and toolResult content blocks.');
    return;
  }
  const { tools = [] } = toolConfig;
  if (tools.length === 0)
    throw invalid(
      "Value at 'toolConfig.tools' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  const names = tools.flatMap(({ toolSpec }) => toolSpec?.name ?? []);
  for (const name of names) {
    if (!TOOL_NAME.test(name))
      throw invalid(
        `Value '${name}' at 'toolConfig.tools.toolSpec.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+`,
      );
  }
  if (new Set(names).size < names.length) throw invalid('The tool names in toolConfig must be unique.');
}
