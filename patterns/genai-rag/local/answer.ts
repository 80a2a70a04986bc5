import type { Answer, AnswerEvents, TokenUsage } from '../contract';

/** A question with its answer, as far as it came. */
export interface Told {
  readonly question: string;
  readonly conversation: string;
  readonly key: string;
  /** Of the last try; 0 when there was no answer at all. */
  readonly status: number;
  /** Undefined when it was not answered: then {@link problem} says why. */
  readonly answer?: Answer;
  /** Code of the problem, or `broke_off`. */
  readonly problem?: string;
  readonly retryable?: boolean;
  /** Whether the application let it in by any of its tries: what it accepted, it has to answer. */
  readonly letIn: boolean;
  /** Tokens that the tries were charged for that failed, as far as was told. */
  readonly charged: number;
  /** Tries whose end was not heard: what they were charged for is not known. */
  readonly unheard: number;
  /** Milliseconds from the last try to its first word. */
  readonly firstWordMs?: number;
  /** Times that it was asked again. */
  readonly repeats: number;
}

/** How one try ended. */
export interface Heard extends Pick<Told, 'answer' | 'problem' | 'retryable' | 'firstWordMs'> {
  /** Tokens. */
  readonly charged?: number;
  readonly unheard?: boolean;
}

/** Tokens in and out. */
export function tokensOf({ inputTokens, outputTokens }: TokenUsage = { inputTokens: 0, outputTokens: 0 }): number {
  return inputTokens + outputTokens;
}

/** Reads the events of an answer (contract: `AnswerEvents`). */
export class EventReader {
  begun = false;
  private rest = '';
  private text = '';
  private firstWordMs?: number;
  private readonly got: { -readonly [Name in keyof AnswerEvents]?: AnswerEvents[Name] } = {};

  constructor(
    private readonly onWord: (text: string) => void,
    private readonly sinceMs: () => number,
  ) {}

  take(text: string): void {
    this.begun = true;
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, name, data] = /^event: (\w+)\ndata: (.+)$/m.exec(block) ?? [];
      if (name !== undefined && data !== undefined) this.event(name as keyof AnswerEvents, data);
    }
  }

  end(): Heard {
    const { done, citations, guardrail, usage, error } = this.got;
    if (error !== undefined) return { problem: error.code, retryable: error.retryable, charged: tokensOf(error.usage) };
    if (done === undefined || citations === undefined || guardrail === undefined || usage === undefined)
      return { problem: 'broke_off', retryable: true, unheard: true };
    const { text = this.text, ...outcome } = guardrail;
    const { inputTokens, outputTokens } = usage;
    const answer = {
      ...done,
      ...citations,
      answer: text,
      guardrail: outcome,
      usage: { inputTokens, outputTokens },
    };
    return { answer, ...(this.firstWordMs !== undefined && { firstWordMs: this.firstWordMs }) };
  }

  private event(name: keyof AnswerEvents, data: string): void {
    const parsed = JSON.parse(data) as never;
    if (name !== 'token') this.got[name] = parsed;
    else {
      const { text } = parsed as AnswerEvents['token'];
      this.firstWordMs ??= this.sinceMs();
      this.text += text;
      this.onWord(text);
    }
  }
}
