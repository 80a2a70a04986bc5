import type { BedrockErrorCode, StreamErrorType } from './errors';
import type { Cuts } from './recut';

/** A tool that the model asks for. */
export interface ScriptedToolUse {
  readonly name: string;
  /** Text is taken for the JSON that the model writes, so that it may be none. */
  readonly input: unknown;
  /** @default tooluse_ and a number */
  readonly id?: string;
}

/** What a guardrail does in one answer. It needs a `guardrailConfig` in the request, as at AWS. */
export interface ScriptedGuardrail {
  /**
   * `blocked-input`: the model is not asked; `blocked-output`: the guardrail's message comes in place of the rest of the answer;
   * `masked`: the answer is `text`, which has placeholders as `{EMAIL}` in it.
   */
  readonly action: 'blocked-input' | 'blocked-output' | 'masked';
  /** @default - what the guardrail says when it blocks; for `masked`, the answer with its mail addresses hidden */
  readonly text?: string;
  /** Chunks that come before `blocked-output`. @default 0 */
  readonly after?: number;
}

/** What the model does with one request, in place of answering from the passages. */
export interface ModelBehaviour extends Cuts {
  /** What it answers. @default - what it finds in the passages; with `toolUse`, nothing */
  readonly text?: string;
  /** The answer in chunks, as they are streamed. @default - word by word */
  readonly chunks?: readonly string[];
  /** Answers with an error before anything else. */
  readonly fail?: BedrockErrorCode;
  /** What the error says. */
  readonly message?: string;
  /** Cuts the connection after so many chunks. */
  readonly dieAfter?: number;
  /** Sends an error in the stream after so many chunks. Converse, which has no stream, answers with the error. */
  readonly streamError?: { readonly after: number; readonly type: StreamErrorType; readonly message?: string };
  readonly guardrail?: ScriptedGuardrail;
  /** @default end_turn, max_tokens if the answer was cut, tool_use or guardrail_intervened */
  readonly stopReason?: string;
  readonly toolUse?: readonly ScriptedToolUse[];
  /** @default - a token for a word */
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
  /** The model thinks for as long as this is open: nothing but `messageStart` comes before. */
  readonly hold?: Promise<void>;
  /** Chunks that come before `hold`. @default 0 */
  readonly holdAfter?: number;
}
