import type { DeadLetterQueue } from './dead-letter-queues';
import type { Sample } from './samples';

/** What is known of a queue, and what was done. */
export interface QueueReport extends DeadLetterQueue {
  /** Age of the oldest message shown, in seconds. */
  readonly oldestSeconds?: number;
  readonly samples: readonly Sample[];
  /** Name of the queue that its messages are sent to; absent when SQS returns each to where it came from. */
  readonly to?: string;
  /** Why it was not tried. */
  readonly skipped?: string;
  /** Messages that went back. */
  moved: number;
  /** What was left on purpose, and why. */
  left?: string;
  /** What went wrong. */
  error?: string;
}

/** A queue as a person reads it. */
export function describe({ name, depth, oldestSeconds, sources, samples, to, skipped }: QueueReport): string {
  const age = oldestSeconds === undefined ? '' : `, oldest shown ${duration(oldestSeconds)}`;
  const from = sources.length === 0 ? '' : `, from ${sources.join(', ')}`;
  const lines = [`${name}: ${messages(depth)}${age}${from}`];
  for (const { messageId, reason, body } of samples) lines.push(`  ${messageId}  ${reason}`, `    ${body}`);
  if (depth > 0) {
    lines.push(skipped === undefined ? `  goes to ${to ?? 'where it came from'}` : `  not redriven: ${skipped}`);
  }
  return lines.join('\n');
}

/** A number of messages. */
export function messages(count: number): string {
  return `${count} ${count === 1 ? 'message' : 'messages'}`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
