import {
  type BedrockRuntimeClient,
  type ContentBlock,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  type Message,
} from '@aws-sdk/client-bedrock-runtime';
import type { GuardrailOutcome, TokenUsage } from '../contract';
import { AnswerError } from './answer-error';
import { guardrailOutcome } from './guardrail';
import { SYSTEM } from './prompt';
import type { AnswerSettings } from './settings';
import { type Deadline, fullJitter, type Timing } from './timing';
import type { ToolBox } from './tools';

/** Tries after the first, while no word has come. */
const RETRIES = 2;
const BACKOFF_MS = { first: 400, most: 3000 } as const;
/** What passes by itself; anything else is told at once. */
const PASSING = new Set(['ThrottlingException', 'ModelTimeoutException', 'ModelNotReadyException']);

/** A tool that the model asks for. */
export interface ToolUse {
  readonly id: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly input: string;
}

/** One call of the model, at its end. */
export interface Reply {
  readonly text: string;
  /** Pieces that the text came in. */
  readonly pieces: number;
  readonly toolUses: readonly ToolUse[];
  readonly stopReason: string;
  readonly usage: TokenUsage;
  readonly guardrail: GuardrailOutcome;
}

/** Asks a model by ConverseStream, always behind the guardrail and always with a bound (bedrock-guardrail-required, bedrock-token-budget). */
export class Model {
  constructor(
    private readonly client: Pick<BedrockRuntimeClient, 'send'>,
    private readonly settings: Pick<AnswerSettings, 'modelId' | 'guardrail' | 'bounds'>,
    private readonly timing: Timing,
  ) {}

  /**
   * @param onText hears each piece as it comes
   * @param onThrottle hears of each time that the model was throttled
   */
  async reply(
    messages: readonly Message[],
    tools: ToolBox,
    deadline: Deadline,
    onText: (text: string) => void,
    onThrottle: () => void,
  ): Promise<Reply> {
    for (let attempt = 1; ; attempt += 1) {
      let spoke = false;
      try {
        return await this.once(messages, tools, deadline, (text) => {
          spoke = true;
          onText(text);
        });
      } catch (error) {
        const name = error instanceof Error ? error.name : '';
        if (name === 'ThrottlingException') onThrottle();
        const wait = fullJitter(this.timing, attempt, BACKOFF_MS.first, BACKOFF_MS.most);
        if (spoke || !PASSING.has(name) || attempt > RETRIES || wait >= deadline.left()) throw error;
        await deadline.sleep(wait);
      }
    }
  }

  private async once(
    messages: readonly Message[],
    tools: ToolBox,
    deadline: Deadline,
    onText: (text: string) => void,
  ): Promise<Reply> {
    const { modelId, guardrail, bounds } = this.settings;
    const command = new ConverseStreamCommand({
      modelId,
      system: [...SYSTEM],
      messages: [...messages],
      inferenceConfig: { maxTokens: bounds.maxTokens },
      guardrailConfig: {
        guardrailIdentifier: guardrail.id,
        guardrailVersion: guardrail.version,
        streamProcessingMode: 'sync',
        trace: 'enabled',
      },
      ...(tools.config !== undefined && { toolConfig: tools.config }),
    });
    const { stream } = await deadline.race(this.client.send(command, { abortSignal: deadline.signal }));
    const reading = new ReplyReader(onText);
    const read = async () => {
      for await (const event of stream ?? []) {
        // Nobody waits for it any more.
        if (deadline.signal.aborted) return;
        reading.take(event);
      }
    };
    await deadline.race(read());
    return reading.end();
  }
}

/** Puts a reply together from its events. */
class ReplyReader {
  private text = '';
  private pieces = 0;
  private stopReason = '';
  private readonly toolUses = new Map<number, { id: string; name: string; input: string }>();
  private end_: Pick<Reply, 'usage' | 'guardrail'> | undefined;

  constructor(private readonly onText: (text: string) => void) {}

  take({ contentBlockStart, contentBlockDelta, messageStop, metadata }: ConverseStreamOutput): void {
    const { toolUse } = contentBlockStart?.start ?? {};
    if (toolUse !== undefined) {
      const { toolUseId = '', name = '' } = toolUse;
      this.toolUses.set(contentBlockStart?.contentBlockIndex ?? 0, { id: toolUseId, name, input: '' });
    }
    const { delta, contentBlockIndex = 0 } = contentBlockDelta ?? {};
    if (delta?.text !== undefined && delta.text !== '') {
      this.text += delta.text;
      this.pieces += 1;
      this.onText(delta.text);
    }
    const asked = this.toolUses.get(contentBlockIndex);
    if (delta?.toolUse !== undefined && asked !== undefined) asked.input += delta.toolUse.input ?? '';
    if (messageStop !== undefined) this.stopReason = messageStop.stopReason ?? '';
    if (metadata !== undefined) {
      const { inputTokens = 0, outputTokens = 0 } = metadata.usage ?? {};
      const signs = { stopReason: this.stopReason, outputTokens, trace: metadata.trace?.guardrail };
      this.end_ = { usage: { inputTokens, outputTokens }, guardrail: guardrailOutcome(signs) };
    }
  }

  /** @throws AnswerError for a stream that ended before its end */
  end(): Reply {
    const { text, pieces, stopReason, end_ } = this;
    if (stopReason === '' || end_ === undefined) {
      throw new AnswerError(502, 'answer_broke_off', 'The answer broke off and was not kept; ask again.', true);
    }
    return { text, pieces, stopReason, toolUses: [...this.toolUses.values()], ...end_ };
  }
}

/** A reply as it goes into the next call, after which the results of its tools come. */
export function replyMessage({ text, toolUses }: Reply, tools: ToolBox): Message {
  const content: ContentBlock[] = text.trim() === '' ? [] : [{ text }];
  for (const { id, name, input } of toolUses) {
    content.push({ toolUse: { toolUseId: id, name, input: tools.inputOf(input) ?? {} } });
  }
  return { role: 'assistant', content };
}
