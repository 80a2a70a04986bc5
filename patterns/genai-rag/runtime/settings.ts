import { requiredVariable } from '../../../lib/runtime/environment';
import { type AnswerBounds, RagEnvironment, type ToolDefinition } from '../contract';
import { reservationOf } from './tokens';

/** What a deployment decides of its answers. */
export interface AnswerSettings {
  readonly bounds: AnswerBounds;
  readonly knowledgeBaseId: string;
  readonly modelId: string;
  readonly guardrail: { readonly id: string; readonly version: string };
  readonly tools: readonly ToolDefinition[];
}

/** Bounds that a deployment may leave out. */
const OPTIONAL: ReadonlySet<string> = new Set<keyof AnswerBounds>(['tenantDailyTokens', 'stackDailyTokens']);

/** The least that each bound may be. */
const BOUNDS: Readonly<Record<keyof AnswerBounds, number>> = {
  maxTokens: 1,
  maxPassages: 1,
  maxHistoryTokens: 0,
  dailyTokens: 1,
  tenantDailyTokens: 1,
  stackDailyTokens: 1,
  questionsPerMinute: 1,
  answerSeconds: 1,
  conversationDays: 1,
  maxToolRounds: 0,
};

/**
 * Reads what the construct set, once, when the handler is loaded.
 *
 * @throws Error naming the variable, so that a function wired wrongly fails at its first import and not at its first question
 */
export function answerSettings(): AnswerSettings {
  const version = requiredVariable(RagEnvironment.guardrailVersion);
  if (!/^[1-9]\d{0,7}$/.test(version)) {
    throw new Error(
      `${RagEnvironment.guardrailVersion} is a number, not ${JSON.stringify(version)} (bedrock-guardrail-required)`,
    );
  }
  const settings = {
    bounds: answerBounds(),
    knowledgeBaseId: requiredVariable(RagEnvironment.knowledgeBaseId),
    modelId: requiredVariable(RagEnvironment.modelId),
    guardrail: { id: requiredVariable(RagEnvironment.guardrailId), version },
    tools: toolDefinitions(process.env[RagEnvironment.tools]),
  };
  const least = reservationOf(settings.bounds, toolRoundsOf(settings));
  for (const name of ['dailyTokens', 'tenantDailyTokens', 'stackDailyTokens'] as const) {
    if ((settings.bounds[name] ?? least) >= least) continue;
    throw new Error(`${RagEnvironment.bounds}.${name} is at least ${least}, which one question may take`);
  }
  return settings;
}

/** Rounds of tools that an answer may take. */
export function toolRoundsOf({ bounds, tools }: Pick<AnswerSettings, 'bounds' | 'tools'>): number {
  return tools.length === 0 ? 0 : bounds.maxToolRounds;
}

/** @throws Error naming the bound */
export function answerBounds(): AnswerBounds {
  const given = parsed(RagEnvironment.bounds, requiredVariable(RagEnvironment.bounds));
  const entries = Object.entries(BOUNDS).flatMap(([name, least]) => {
    const value: unknown = (given as Readonly<Record<string, unknown>> | null)?.[name];
    if (value === undefined && OPTIONAL.has(name)) return [];
    if (!Number.isSafeInteger(value) || (value as number) < least) {
      throw new Error(`${RagEnvironment.bounds}.${name} is a whole number from ${least}, not ${JSON.stringify(value)}`);
    }
    return [[name, value] as const];
  });
  return Object.fromEntries(entries) as unknown as AnswerBounds;
}

function toolDefinitions(text = '[]'): ToolDefinition[] {
  const tools = parsed(RagEnvironment.tools, text);
  const isTool = (tool: Partial<ToolDefinition> | null) =>
    /^[A-Za-z0-9_-]{1,64}$/.test(tool?.name ?? '') &&
    typeof tool?.description === 'string' &&
    typeof tool.functionArn === 'string' &&
    typeof tool.inputSchema === 'object' &&
    tool.inputSchema?.['type'] === 'object';
  if (Array.isArray(tools) && tools.every(isTool)) return tools as ToolDefinition[];
  throw new Error(
    `${RagEnvironment.tools} is a list of tools, each with a name, description, inputSchema and functionArn`,
  );
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`Environment variable ${name} is not JSON`);
  }
}
