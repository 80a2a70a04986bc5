import type { ConverseStreamOutput } from '@aws-sdk/client-bedrock-runtime';
import type { TokenUsage } from '../contract';
import { estimatedTokens } from './tokens';

/** Errors of a model that had the prompt. Any other refusal comes before a model reads a word. */
const READ = new Set(['ModelTimeoutException', 'ModelErrorException', 'ModelStreamErrorException']);
/** System calls that fail before a connection is there to send anything on. */
const CONNECTING = new Set(['connect', 'getaddrinfo']);

/**
 * What one call of a model used, however it ended (bedrock-token-budget). Bedrock says so in the last event of its stream
 * (docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamMetadataEvent.html). A call that ends before has read its
 * prompt and written what came of it, at three bytes to a token: more than most texts have, and of what was written no more than the
 * model was allowed. What it wrote after its client had left is not seen, nor whether AWS bills it.
 */
export class CallUsage {
  #sent = false;
  #written = 0;
  #counted: TokenUsage | undefined;
  readonly #prompt: unknown;
  readonly #maxTokens: number;

  /** @param prompt all that is sent: its texts are what is counted */
  constructor(prompt: unknown, maxTokens: number) {
    this.#prompt = prompt;
    this.#maxTokens = maxTokens;
  }

  /** The request goes out. */
  sent(): void {
    this.#sent = true;
  }

  take({ contentBlockDelta, metadata }: ConverseStreamOutput): void {
    const { text = '', toolUse } = contentBlockDelta?.delta ?? {};
    this.#written += Buffer.byteLength(text) + Buffer.byteLength(toolUse?.input ?? '');
    const { inputTokens, outputTokens } = metadata?.usage ?? {};
    if (isCount(inputTokens) && isCount(outputTokens)) this.#counted = { inputTokens, outputTokens };
  }

  /** The call was refused, or its answer never began. A stream that has begun has been read for. */
  refused(error: unknown): void {
    if (isAnswered(error) ? !READ.has(error.name) : !wasConnected(error)) this.#sent = false;
  }

  get tokens(): TokenUsage {
    if (this.#counted !== undefined) return this.#counted;
    if (!this.#sent) return { inputTokens: 0, outputTokens: 0 };
    const written = estimatedTokens(this.#written);
    return { inputTokens: estimatedTokens(bytesOf(this.#prompt)), outputTokens: Math.min(written, this.#maxTokens) };
  }
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}

/** Whether Bedrock said no, and not the way to it. */
function isAnswered(error: unknown): error is Error {
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return error instanceof Error && $metadata?.httpStatusCode !== undefined;
}

function wasConnected(error: unknown): boolean {
  const { syscall, message } = error as { readonly syscall?: string; readonly message?: string };
  // The SDK's own name for a time-out does not tell which it was.
  return !CONNECTING.has(syscall ?? '') && !/did not establish a connection/.test(message ?? '');
}

/** Bytes of all texts in a value. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((bytes, each) => bytes + bytesOf(each), 0);
}
