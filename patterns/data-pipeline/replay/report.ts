import { latencies, number, shardLines, unsentOf } from '../load/report';
import { type Sending, sendingOf } from '../load/sending';
import type { Target } from '../load/target-stream';
import type { UnsentFile } from '../load/unsent-file';
import type { FailureStore, Stock } from './failure-store';
import type { Found } from './look';
import type { ReplayOptions, Selection } from './options';
import type { Replay, ReplayedObject, UnreadableObject } from './run';

/** What was meant. */
interface Meant extends Target, Selection {
  readonly bucket: string;
  readonly dryRun: boolean;
}

/** What a dry run found. */
export interface Inventory extends Meant, Omit<Found, 'oldest' | 'newest'> {
  /** When the oldest and the newest record came to the stream. */
  readonly oldest?: string;
  readonly newest?: string;
}

/** How a replay went. What the file could not take is in the store still. */
export interface Summary extends Meant, Sending {
  /** Records in a second that were allowed. */
  readonly rate: number;
  /** The objects that were begun; what of one was not sent is in the file. */
  readonly objects: readonly ReplayedObject[];
  readonly unreadable: readonly UnreadableObject[];
  /** Objects that were left as they were. */
  readonly untouched: number;
  /** For `--after`, to go on. */
  readonly last?: string;
}

/** Lines of a kind that a person is shown at most. */
const SHOWN = 20;

export function meantBy({ bucket }: FailureStore, target: Target, options: ReplayOptions): Meant {
  const { prefix, since, until, after, dryRun } = options;
  return { ...target, bucket, prefix, since, until, after, dryRun };
}

export function inventoryOf(meant: Meant, { oldest, newest, ...found }: Found): Inventory {
  return { ...meant, ...found, oldest: iso(oldest), newest: iso(newest) };
}

export function summaryOf(
  meant: Meant,
  { rate }: ReplayOptions,
  replay: Replay,
  stock: Stock,
  file: UnsentFile,
): Summary {
  const { objects, unreadable, last } = replay;
  const untouched = Math.max(0, stock.objects - objects.length - unreadable.length);
  return { ...meant, rate, objects, unreadable, untouched, last, ...sendingOf(replay, file) };
}

/** What lies there, before anything is read. */
export function describeStock({ place }: FailureStore, { objects, bytes, firstDay, lastDay }: Stock): string {
  const days = firstDay === undefined ? '' : firstDay === lastDay ? ` of ${firstDay}` : ` of ${firstDay} to ${lastDay}`;
  return `${objectsOf(objects)} (${sizeOf(bytes)})${days} under ${place}`;
}

/** An inventory as a person reads it. */
export function describeInventory(inventory: Inventory): string {
  const { records, bytes, oldest, newest, reasons, objects, unreadable } = inventory;
  const came = oldest === undefined ? '' : `, which came from ${oldest} to ${newest}`;
  return [
    `${recordsOf(records)} in ${objectsOf(objects.length)}, ${sizeOf(bytes)} of data and keys${came}`,
    ...reasons
      .slice(0, SHOWN)
      .flatMap(({ reason, records: kept, samples }) => [
        `  ${number(kept)}  ${reason}`,
        ...samples.map(({ partitionKey, data }) => `    ${partitionKey}  ${data}`),
      ]),
    ...more(reasons.length, 'reasons'),
    ...objectLines(objects.map((each) => ({ ...each, sent: each.records }))),
    ...unreadableLines(unreadable),
  ].join('\n');
}

/** A summary as a person reads it. */
export function describeSummary(summary: Summary): string {
  const { sent, objects, seconds, achievedRate, retried, requests, errors, unreadable } = summary;
  const refused = Object.entries(errors).map(([name, count]) => `${number(count)} ${name}`);
  return [
    `${recordsOf(sent)} of ${objectsOf(objects.length)} sent in ${seconds.toFixed(1)} s: ${number(achievedRate)}/s`,
    `  retried     ${number(retried)}`,
    `  unsent      ${unsentOf(summary)}`,
    `  PutRecords  ${number(requests)}${latencies(summary)}`,
    ...(refused.length > 0 ? [`  refused     ${refused.join(', ')}`] : []),
    ...shardLines(summary),
    ...objectLines(objects),
    ...unreadableLines(unreadable),
    ...howToGoOn(summary),
  ].join('\n');
}

/** A number of records. */
export function recordsOf(count: number): string {
  return `${number(count)} ${count === 1 ? 'record' : 'records'}`;
}

/** A number of objects. */
export function objectsOf(count: number): string {
  return `${number(count)} ${count === 1 ? 'object' : 'objects'}`;
}

/** Objects by their folders: a batch that was halved down to single records is one of hundreds. */
function objectLines(objects: readonly ReplayedObject[]): string[] {
  const folders = new Map<string, { objects: number; records: number; sent: number; only: string }>();
  for (const { key, records, sent } of objects) {
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    const sums = folders.get(folder) ?? { objects: 0, records: 0, sent: 0, only: key };
    folders.set(folder, sums);
    sums.objects += 1;
    sums.records += records;
    sums.sent += sent;
  }
  const lines = [...folders].slice(0, SHOWN).map(([folder, { objects: count, records, sent, only }]) => {
    const all = sent === records ? recordsOf(records) : `${number(sent)} of ${recordsOf(records)}`;
    return count === 1 ? `    ${only}  ${all}` : `    ${folder}  ${objectsOf(count)}, ${all}`;
  });
  return [`  objects     ${number(objects.length)}`, ...lines, ...more(folders.size, 'folders')];
}

function unreadableLines(unreadable: readonly UnreadableObject[]): string[] {
  if (unreadable.length === 0) return [];
  const lines = unreadable.slice(0, SHOWN).map(({ key, reason }) => `    ${key}: ${reason}`);
  return [`  unreadable  ${number(unreadable.length)}`, ...lines, ...more(unreadable.length, 'objects')];
}

function howToGoOn({ interrupted, failure, untouched, last, unsentFile, bucket }: Summary): string[] {
  const ended = (interrupted || failure !== undefined) && last !== undefined;
  return [
    ...(ended ? [`${objectsOf(untouched)} not sent; to continue, add --after ${last}`] : []),
    ...(unsentFile === undefined
      ? []
      : [`To send what is in ${unsentFile}, copy it to s3://${bucket}/unsent/ and replay with --prefix unsent/`]),
  ];
}

function more(count: number, what: string): string[] {
  return count > SHOWN ? [`    and ${number(count - SHOWN)} more ${what}; --json tells all`] : [];
}

/** Bytes as a person reads them. */
function sizeOf(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${power === 0 ? number(bytes) : (bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}

function iso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
