import type { Handler } from './load-handler.cjs';

/** What handlers that stream know as the global `awslambda`. */
export const awslambda: Readonly<Record<string, unknown>>;

/** Whether a handler streams its answer. */
export function isStreamed(handler: Handler): boolean;

/** Runs a handler that streams, until it is done and its stream is, too. @param onChunk gets each write as it is made */
export function runStreamed(
  handler: Handler,
  event: unknown,
  context: unknown,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void>;
