import {
  type BedrockRuntimeClient,
  type ContentBlock,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  type Message,
} from '@aws-sdk/client-bedrock-runtime';
import type { GuardrailOutcome, TokenUsage } from '../contract';
import { AnswerError } from './answer-error';
import { CallUsage } from './call-usage';
import { guardrailOutcome } from './guardrail';
import { SYSTEM } from './prompt';
import type { AnswerSettings } from './settings';
import { type Deadline, DeadlinePassed, fullJitter, type Timing } from './timing';
import type { ToolBox } from './tools';
import { visibleRequest } from './visible-text';

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

/** Who hears how a model is asked. */
export interface ModelListener {
  /** Each piece of the answer, as it comes. */
  onText(text: string): void;
  /** Each time that the model was throttled. */
  onThrottle(): void;
  /** What a call used, once for each, however it ended. */
  onUsage(usage: TokenUsage): void;
}

/** Asks a model by ConverseStream, always behind the guardrail and always with a bound (bedrock-guardrail-required, bedrock-token-budget). */
export class Model {
  constructor(
    private readonly client: Pick<BedrockRuntimeClient, 'send'>,
    private readonly settings: Pick<AnswerSettings, 'modelId' | 'guardrail' | 'bounds'>,
    private readonly timing: Timing,
  ) {}

  /** The model's reply, after up to two tries more while it is busy and no word has come. */
  async reply(
    messages: readonly Message[],
    tools: ToolBox,
    deadline: Deadline,
    listener: ModelListener,
  ): Promise<Reply> {
    for (let attempt = 1; ; attempt += 1) {
      let spoke = false;
      const onText = (text: string) => {
        spoke = true;
        listener.onText(text);
      };
      try {
        return await this.once(messages, tools, deadline, { onText, onUsage: (usage) => listener.onUsage(usage) });
      } catch (error) {
        const name = error instanceof Error ? error.name : '';
        if (name === 'ThrottlingException') listener.onThrottle();
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
    { onText, onUsage }: Pick<ModelListener, 'onText' | 'onUsage'>,
  ): Promise<Reply> {
    const { modelId, guardrail, bounds } = this.settings;
    const prompt = visibleRequest({
      system: [...SYSTEM],
      messages: [...messages],
      ...(tools.config !== undefined && { toolConfig: tools.config }),
    });
    const command = new ConverseStreamCommand({
      ...prompt,
      modelId,
      inferenceConfig: { maxTokens: bounds.maxTokens },
      guardrailConfig: {
        guardrailIdentifier: guardrail.id,
        guardrailVersion: guardrail.version,
        streamProcessingMode: 'sync',
        trace: 'enabled',
      },
    });
    const used = new CallUsage(prompt, bounds.maxTokens);
    try {
      const stream = await this.begin(command, deadline, used);
      const reading = new ReplyReader(onText);
      const read = async () => {
        for await (const event of stream) {
          // No request waits for it any more.
          if (deadline.signal.aborted) return;
          used.take(event);
          reading.take(event);
        }
      };
      await deadline.race(read());
      return reading.end(used.tokens);
    } finally {
      onUsage(used.tokens);
    }
  }

  private async begin(
    command: ConverseStreamCommand,
    deadline: Deadline,
    used: CallUsage,
  ): Promise<AsyncIterable<ConverseStreamOutput>> {
    const { signal } = deadline;
    // Nothing is sent, and so nothing read, once the time is up.
    if (signal.aborted) throw new DeadlinePassed();
    used.sent();
    try {
      const { stream } = await deadline.race(this.client.send(command, { abortSignal: signal }));
      return stream ?? NO_EVENTS;
    } catch (error) {
      used.refused(error);
      throw error;
    }
  }
}

const NO_EVENTS: AsyncIterable<ConverseStreamOutput> = { async *[Symbol.asyncIterator]() {} };

/** Puts a reply together from its events. */
class ReplyReader {
  private text = '';
  private pieces = 0;
  private stopReason = '';
  private readonly toolUses = new Map<number, { id: string; name: string; input: string }>();
  private guardrail: GuardrailOutcome | undefined;

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
      const { outputTokens = 0 } = metadata.usage ?? {};
      const signs = { stopReason: this.stopReason, outputTokens, trace: metadata.trace?.guardrail };
      this.guardrail = guardrailOutcome(signs);
    }
  }

  /** @throws AnswerError for a stream that ended before its end */
  end(usage: TokenUsage): Reply {
    const { text, pieces, stopReason, guardrail } = this;
    if (stopReason === '' || guardrail === undefined) {
      throw new AnswerError(502, 'answer_broke_off', 'The answer was interrupted and was not saved. Ask again.', {
        retryable: true,
      });
    }
    return { text, pieces, stopReason, toolUses: [...this.toolUses.values()], usage, guardrail };
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
