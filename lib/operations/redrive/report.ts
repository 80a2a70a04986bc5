import type { DeadLetterQueue } from './dead-letter-queues';
import type { LeftLetter } from './drain';
import type { Sample } from './samples';

/** The state of a queue, and what was done. */
export interface QueueReport extends Omit<DeadLetterQueue, 'origins'> {
  /** The queue itself; JSON leaves it out. */
  readonly queue: DeadLetterQueue;
  /** What sends to it, for people. */
  readonly from: readonly string[];
  /** Age of the oldest message shown, in seconds. */
  readonly oldestSeconds?: number;
  readonly samples: readonly Sample[];
  /** Why it was not tried. */
  readonly skipped?: string;
  /** Messages that went back. */
  moved: number;
  /** Messages that stay although they were meant, and what to do about each. */
  left: readonly LeftLetter[];
  /** What went wrong with the queue itself. */
  error?: string;
}

/** Messages that are named one by one; the JSON document has all. */
const NAMED = 10;

/** A queue as a person reads it. */
export function describe({ name, depth, oldestSeconds, from, samples, skipped }: QueueReport): string {
  const age = oldestSeconds === undefined ? '' : `, oldest shown ${duration(oldestSeconds)}`;
  const origin = from.length === 0 ? '' : `, from ${from.join(', ')}`;
  const lines = [`${name}: ${messages(depth)}${age}${origin}`];
  for (const { messageId, reason, body, goes, stays, fix = '' } of samples) {
    lines.push(`  ${messageId}  ${reason}`, `    ${body}`);
    if (goes !== undefined) lines.push(`    goes ${goes}`);
    if (stays !== undefined) lines.push(`    stays: ${stays}`, ...fix.split('\n').map((line) => `      ${line}`));
  }
  if (skipped !== undefined) lines.push(`  not redriven: ${skipped}`);
  return lines.join('\n');
}

/** What stays of a queue, a line each. */
export function describeLeft({ left }: Pick<QueueReport, 'left'>): string[] {
  if (left.length === 0) return [];
  const named = left.slice(0, NAMED).flatMap(({ messageId, why, fix }) => {
    return [`  ${messageId}  ${why}`, ...(fix === undefined ? [] : fix.split('\n').map((line) => `    ${line}`))];
  });
  const more = left.length - NAMED;
  return [`${messages(left.length)} left:`, ...named, ...(more > 0 ? [`  and ${more} more: --json lists all`] : [])];
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
