import { CommandError, type Terminal } from '../../../lib/operations/terminal';
import { pace } from '../load/pace';
import { type RequestTarget, StreamRequests } from '../load/stream-requests';
import { Tally } from '../load/tally';
import type { UnsentFile } from '../load/unsent-file';
import { MAX_BYTES, MAX_RECORDS, type NotTaken, type SizedEntry, sendRecords } from '../producer/send-records';
import type { KeptRecord } from './kept-records';
import type { ReadObject } from './read-ahead';
import { objectsOf, recordsOf } from './report';

/** What became of an object. */
export interface ReplayedObject {
  readonly key: string;
  readonly records: number;
  /** Records of it that the stream took. */
  sent: number;
}

/** An object that could not be read, and why. */
export interface UnreadableObject {
  readonly key: string;
  readonly reason: string;
}

/** What to send, and with what. */
export interface Job extends RequestTarget {
  readonly objects: AsyncGenerator<ReadObject>;
  /** Records in a second at most. */
  readonly rate: number;
  readonly unsent: UnsentFile;
  readonly terminal: Terminal;
}

interface Entry extends SizedEntry {
  readonly record: KeptRecord;
  readonly object: ReplayedObject;
}

const PROGRESS_MS = 5000;

/**
 * Sends the records of objects, request by request, so that those of a key stay in their order. An object of which nothing was
 * sent is as it was before; what is left of one that was begun when a run ends goes into the file.
 */
export class Replay {
  readonly tally = new Tally();
  /** The objects that were begun, in order. */
  readonly objects: ReplayedObject[] = [];
  readonly unreadable: UnreadableObject[] = [];
  /** The last object that was dealt with. */
  last?: string;
  interrupted = false;
  /** What ended the run before the last object. */
  failure?: unknown;
  /** Milliseconds from the first record to the last answer. */
  took = 0;
  private readonly requests: StreamRequests;
  /** What is left of the object at hand. */
  private rest: Entry[] = [];
  private over = false;
  /** What was given up. */
  private readonly held: KeptRecord[] = [];
  private start = 0;
  private toldAt = 0;

  constructor(private readonly job: Job) {
    this.requests = new StreamRequests(job, this.tally);
  }

  /** @throws what ended the run before anything was sent */
  async work(): Promise<void> {
    const { rate, terminal, unsent, objects } = this.job;
    this.start = terminal.now();
    this.toldAt = this.start;
    const listenNoMore = terminal.onInterrupt(() => {
      this.interrupted = true;
      terminal.err('Stopping: waiting for requests in flight. Press Ctrl-C again to stop immediately.');
    });
    try {
      await pace({
        rate,
        duration: Number.POSITIVE_INFINITY,
        batch: MAX_RECORDS,
        mostUnderWay: 1,
        terminal,
        send: (count) => this.send(count),
        stopped: () => this.over || this.interrupted || this.failure !== undefined,
      });
    } finally {
      listenNoMore();
      await objects.return(undefined);
    }
    if (this.failure !== undefined && this.tally.sent === 0) throw this.failure;
    unsent.keep([...this.held, ...this.rest.map(({ record }) => record)]);
    this.tally.unsent += this.rest.length;
  }

  private async send(count: number): Promise<void> {
    const entries = await this.take(count);
    if (entries.length === 0) return;
    const { terminal } = this.job;
    const { retried, unsent, shards } = await sendRecords(entries, {
      putRecords: this.requests.put,
      sleep: this.requests.sleep,
      onUnsent: (left, why) => this.giveUp(left, why),
    });
    for (const { object } of entries) object.sent += 1;
    this.tally.add({ sent: entries.length - unsent, retried, unsent, shards });
    this.took = terminal.now() - this.start;
    const since = terminal.now() - this.toldAt;
    if (since < PROGRESS_MS) return;
    this.toldAt += since;
    terminal.err(`${recordsOf(this.tally.sent)} of ${objectsOf(this.objects.length)} sent`);
  }

  /** The next records, over as many objects as it takes, in what is one request or a little more. */
  private async take(count: number): Promise<readonly Entry[]> {
    const taken: Entry[] = [];
    let bytes = 0;
    while (taken.length < count && bytes < MAX_BYTES) {
      const entry = this.rest.shift();
      if (entry !== undefined) {
        taken.push(entry);
        bytes += entry.bytes;
      } else if (!(await this.open())) {
        break;
      }
    }
    return taken;
  }

  /** Gets at the next object. @returns whether there was one */
  private async open(): Promise<boolean> {
    try {
      const { value, done } = await this.job.objects.next();
      if (done === true) {
        this.over = true;
        return false;
      }
      const { key, records, unreadable } = value;
      this.last = key;
      if (unreadable !== undefined) {
        this.unreadable.push({ key, reason: unreadable });
        return true;
      }
      const object: ReplayedObject = { key, records: records.length, sent: 0 };
      this.objects.push(object);
      this.rest = records.map((record) => entryOf(record, object));
      return true;
    } catch (error) {
      this.failure ??= error;
      return false;
    }
  }

  /**
   * A stream that takes no more after so many tries will take nothing else soon. What it refuses by itself, such as a record that
   * is larger than it takes, goes into the file, and the others go on.
   */
  private giveUp(left: readonly Entry[], why: NotTaken): void {
    this.failure ??= this.requests.failure;
    if (why === 'GAVE_UP') {
      this.failure ??= new CommandError(
        `The stream rejected ${recordsOf(left.length)} on every retry (${this.requests.trouble ?? 'no answer'}); ` +
          'wait, or lower --rate',
      );
    }
    for (const { object, record } of left) {
      object.sent -= 1;
      this.held.push(record);
    }
  }
}

function entryOf(record: KeptRecord, object: ReplayedObject): Entry {
  const { partitionKey, data } = record;
  const bytes = Buffer.byteLength(data, 'base64') + Buffer.byteLength(partitionKey);
  // Decoded when it is sent: most of an object waits for its turn.
  return {
    record,
    object,
    bytes,
    PartitionKey: partitionKey,
    get Data() {
      return Buffer.from(data, 'base64');
    },
  };
}
