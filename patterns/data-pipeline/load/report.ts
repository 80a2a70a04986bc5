import type { LoadOptions } from './options';
import { MAX_IN_FLIGHT } from './pace';
import type { Run } from './run';
import { type Sending, sendingOf } from './sending';
import type { Tally } from './tally';
import type { Target } from './target-stream';
import type { UnsentFile } from './unsent-file';

/** How a run went. */
export interface Summary extends Target, Sending {
  /** Events in a second that were asked for. */
  readonly rate: number;
  readonly skew: number;
  readonly seed: number;
  /** Events that were asked for. */
  readonly asked: number;
  /** Events that were not made, because there was no room for them or the run ended. */
  readonly notMade: number;
}

/** Shards that a person is shown at most. */
const SHOWN = 10;

/** @param unsent where the run put what it could not send */
export function summaryOf(
  run: Run,
  target: Target,
  { rate, skew }: LoadOptions,
  seed: number,
  unsent: UnsentFile,
): Summary {
  const { tally, asked } = run;
  return { ...target, rate, skew, seed, asked, notMade: asked - tally.done, ...sendingOf(run, unsent) };
}

/** A summary as a person reads it. */
export function describe(summary: Summary): string {
  const { seconds, asked, sent, achievedRate, rate, retried, requests, errors, notMade, interrupted } = summary;
  const refused = Object.entries(errors).map(([name, count]) => `${number(count)} ${name}`);
  const lines = [
    `${number(sent)} of ${eventsOf(asked)} sent in ${seconds.toFixed(1)} s: ${number(achievedRate)}/s, target ${number(rate)}/s`,
    `  retried     ${number(retried)}`,
    `  unsent      ${unsentOf(summary)}`,
    `  PutRecords  ${number(requests)}${latencies(summary)}`,
  ];
  if (refused.length > 0) lines.push(`  refused     ${refused.join(', ')}`);
  if (notMade > 0 && !interrupted) lines.push(`  not made    ${number(notMade)}: ${whyNotMade(summary)}`);
  return [...lines, ...shardLines(summary)].join('\n');
}

/** How far a run is. */
export function progress({ sent, unsent, retried }: Tally, asked: number): string {
  const trouble = [unsent > 0 && `${number(unsent)} unsent`, retried > 0 && `${number(retried)} retried`];
  return [`${number(sent)} of ${number(asked)} sent`, ...trouble.filter((each) => each !== false)].join(', ');
}

/** A number of events. */
export function eventsOf(count: number): string {
  return `${number(count)} ${count === 1 ? 'event' : 'events'}`;
}

/** A number as a person reads it. */
export function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** What could not be sent, and where it is. */
export function unsentOf({ unsent, unsentFile, lost }: Pick<Summary, 'unsent' | 'unsentFile' | 'lost'>): string {
  const where = unsentFile === undefined ? '' : `, in ${unsentFile}`;
  return `${number(unsent)}${where}${lost > 0 ? `, ${number(lost)} of them lost` : ''}`;
}

/** How soon requests were answered. */
export function latencies({
  p50Milliseconds,
  p99Milliseconds,
}: Pick<Summary, 'p50Milliseconds' | 'p99Milliseconds'>): string {
  if (p50Milliseconds === undefined) return '';
  return `, answered within ${number(p50Milliseconds)} ms (p50), ${number(p99Milliseconds ?? 0)} ms (p99)`;
}

function whyNotMade({ failure }: Summary): string {
  return failure === undefined
    ? `${MAX_IN_FLIGHT} requests were in flight, the maximum`
    : 'the run ended after a rejected request';
}

/** The shards that were hit, hottest first. */
export function shardLines({ shards, sent }: Pick<Summary, 'shards' | 'sent'>): string[] {
  const hottest = Object.entries(shards).sort(([, a], [, b]) => b - a);
  const lines = hottest
    .slice(0, SHOWN)
    .map(([shard, count]) => `    ${shard}  ${number(count)}  ${((100 * count) / sent).toFixed(1)}%`);
  const more = hottest.length - lines.length;
  return [`  shards hit  ${number(hottest.length)}`, ...lines, ...(more > 0 ? [`    and ${number(more)} more`] : [])];
}
