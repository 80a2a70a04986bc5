import { BEDROCK_RUNTIME_LIMITS } from '../../limits/bedrock';
import { exceeds } from '../../limits/limit';
import { isRecord } from '../input';
import type { ContentBlock, ConverseInput, Message } from './conversation';
import { refusedBy, within } from './errors';

const LIMITS = BEDROCK_RUNTIME_LIMITS.rows;
/** AWS: Bedrock API, ToolSpecification and ToolUseBlock. */
const NAME = /^[a-zA-Z0-9_-]+$/;
const STATUSES = ['success', 'error'];

/** @throws AwsError of a block that uses a tool, or tells its result, as it must not */
export function checkToolUse({ toolUse, toolResult }: ContentBlock, at: string, role: string): void {
  if (toolUse !== undefined && role !== 'assistant')
    throw refusedBy(LIMITS.toolRoles, `A toolUse block is not allowed in a user message: ${at}.`);
  if (toolResult !== undefined && role !== 'user')
    throw refusedBy(LIMITS.toolRoles, `A toolResult block is not allowed in an assistant message: ${at}.`);
  const { toolUseId } = toolUse ?? toolResult ?? { toolUseId: 'none' };
  if (toolUseId === undefined || exceeds(LIMITS.toolUseId, toolUseId.length) || !NAME.test(toolUseId))
    throw refusedBy(LIMITS.toolUseId, within(LIMITS.toolUseId, `${at}.toolUseId`, toolUseId));
  if (toolUse !== undefined) checkName(toolUse.name, `${at}.toolUse.name`);
  const { status } = toolResult ?? {};
  if (status !== undefined && !STATUSES.includes(status))
    throw refusedBy(LIMITS.toolStatus, `Value '${status}' at '${at}.toolResult.status' failed to satisfy constraint`);
}

/** Each tool that was asked for has its result in the next message, and there is no result of another. */
export function checkResults({ content = [] }: Message, before: Message | undefined, at: string): void {
  const asked = (before?.content ?? []).flatMap(({ toolUse }) => toolUse?.toolUseId ?? []);
  const given = content.flatMap(({ toolResult }) => toolResult?.toolUseId ?? []);
  const missing = asked.filter((id) => !given.includes(id));
  if (missing.length > 0)
    throw refusedBy(
      LIMITS.toolResults,
      `Expected toolResult blocks at ${at} for the following Ids: ${missing.join(', ')}`,
    );
  if (given.length > asked.length)
    throw refusedBy(
      LIMITS.toolResults,
      `The number of toolResult blocks at ${at} exceeds the number of toolUse blocks of previous turn.`,
    );
}

/** @throws AwsError of a list of tools that Bedrock refuses */
export function checkTools({ messages = [], toolConfig }: ConverseInput): void {
  const blocks = messages.flatMap(({ content = [] }) => content);
  if (toolConfig === undefined) {
    if (blocks.some(({ toolUse, toolResult }) => toolUse !== undefined || toolResult !== undefined))
      throw refusedBy(
        LIMITS.toolConfig,
        'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
      );
    return;
  }
  const { tools = [], toolChoice } = toolConfig;
  if (exceeds(LIMITS.tools, tools.length)) throw refusedBy(LIMITS.tools, within(LIMITS.tools, 'toolConfig.tools'));
  const specs = tools.flatMap(({ toolSpec }) => toolSpec ?? []);
  for (const { name, description, inputSchema } of specs) {
    checkName(name, 'toolConfig.tools.toolSpec.name');
    if (description !== undefined && exceeds(LIMITS.toolDescription, description.length))
      throw refusedBy(LIMITS.toolDescription, within(LIMITS.toolDescription, 'toolConfig.tools.toolSpec.description'));
    const schema = isRecord(inputSchema) ? inputSchema['json'] : undefined;
    if (!isRecord(schema) || schema['type'] !== 'object')
      throw refusedBy(LIMITS.toolSchema, `The schema of the tool ${name} must be of type object at its top level.`);
  }
  const names = specs.map(({ name }) => name);
  if (new Set(names).size < names.length)
    throw refusedBy(LIMITS.toolNames, 'The tool names in toolConfig must be unique.');
  if (toolChoice !== undefined) checkChoice(toolChoice, names);
}

function checkChoice(toolChoice: unknown, names: readonly (string | undefined)[]): void {
  const [[choice, value] = ['', undefined], ...more] = isRecord(toolChoice) ? Object.entries(toolChoice) : [];
  const named = isRecord(value) ? value['name'] : undefined;
  const known = choice === 'auto' || choice === 'any' || (choice === 'tool' && names.some((name) => name === named));
  if (!known || more.length > 0)
    throw refusedBy(LIMITS.toolChoice, 'toolChoice must be one of auto, any and tool, and name a tool of the list.');
}

function checkName(name: string | undefined, at: string): void {
  if (name === undefined || exceeds(LIMITS.toolName, name.length) || !NAME.test(name))
    throw refusedBy(
      LIMITS.toolName,
      `Value '${name}' at '${at}' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+`,
    );
}
