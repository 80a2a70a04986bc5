import type { ContentBlock, Message, ToolConfiguration } from '@aws-sdk/client-bedrock-runtime';
import type { ToolCall, ToolDefinition } from '../contract';
import type { Caller } from './caller';
import type { ToolUse } from './model';
import type { Deadline } from './timing';
import { cutToTokens, TOOL_RESULT_TOKENS } from './tokens';
import { inputProblem } from './tool-input';
import { visible } from './visible-text';

/** Tools that are called for one reply; a model that asks for more is told so. */
const MAX_CONCURRENT = 4;

/** Calls a tool's function. @returns what it answered, as JSON @throws for a function that failed */
export type InvokeTool = (functionArn: string, call: ToolCall, signal: AbortSignal) => Promise<string>;

type Document = NonNullable<NonNullable<ContentBlock['toolUse']>['input']>;

/** The functions that the model may call, and no others. What it says of their input is never trusted. */
export class ToolBox {
  /** Undefined for none: then the request knows of no tools at all. */
  readonly config: ToolConfiguration | undefined;

  constructor(
    private readonly tools: readonly ToolDefinition[],
    private readonly invoke: InvokeTool = invokeFunction,
    private readonly onFailure: (name: string, error: unknown) => void = () => {},
  ) {
    if (tools.length === 0) return;
    this.config = {
      tools: tools.map(({ name, description, inputSchema }) => ({
        toolSpec: { name, description, inputSchema: { json: inputSchema as Document } },
      })),
    };
  }

  /** The results of what a reply asked for, each for its own request, as the message that answers it. */
  async results(uses: readonly ToolUse[], caller: Caller, deadline: Deadline): Promise<Message> {
    const tokens = Math.floor(TOOL_RESULT_TOKENS / Math.max(1, uses.length));
    const content = await Promise.all(
      uses.map(async (use, index): Promise<ContentBlock> => {
        const { text, failed } = await this.result(use, index, caller, deadline);
        // Bedrock refuses a blank text.
        const shown = cutToTokens(visible(text), tokens);
        const blocks = [{ text: shown.trim() === '' ? '-' : shown }];
        return { toolResult: { toolUseId: use.id, content: blocks, ...(failed && { status: 'error' as const }) } };
      }),
    );
    return { role: 'user', content };
  }

  /** What the model wrote as an input; undefined for what is no JSON object. */
  inputOf(input: string): Record<string, Document> | undefined {
    try {
      const value: unknown = JSON.parse(input === '' ? '{}' : input);
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? (value as Record<string, Document>)
        : undefined;
    } catch {
      return undefined;
    }
  }

  private async result(use: ToolUse, index: number, { tenant, user }: Caller, deadline: Deadline) {
    const tool = this.tools.find(({ name }) => name === use.name);
    if (tool === undefined) return refused('There is no such tool.');
    if (index >= MAX_CONCURRENT) return refused(`At most ${MAX_CONCURRENT} tools are called at once.`);
    const input = this.inputOf(use.input);
    const problem = input === undefined ? 'input is no JSON object' : inputProblem(input, tool.inputSchema);
    if (input === undefined || problem !== undefined) return refused(`The input was refused: ${problem}.`);
    try {
      const call = { tenant, user, input };
      return { text: await deadline.race(this.invoke(tool.functionArn, call, deadline.signal)), failed: false };
    } catch (error) {
      if (deadline.left() === 0) throw error;
      this.onFailure(use.name, error);
      // What went wrong inside is for the log; the model, and who talks to it, need not know.
      return refused('The tool failed.');
    }
  }
}

function refused(text: string) {
  return { text, failed: true };
}

const invokeFunction: InvokeTool = async (functionArn, call, signal) => {
  const { invoke } = await import('./invoke-tool.lazy.js');
  return invoke(functionArn, call, signal);
};
