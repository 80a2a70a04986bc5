import type { LocalTable, StreamRecord } from '../aws/dynamodb/table';
import { type EventPattern, matchesEventPattern } from '../matching/event-pattern';

/** How a template says a stream is read: by an event source mapping or by a pipe. */
export interface StreamSource {
  readonly batchSize: number;
  readonly filters: readonly EventPattern[];
  /** Tries of a record after the first. */
  readonly retryAttempts: number;
  /** Halves a batch that failed, down to the record at fault. */
  readonly bisects: boolean;
}

/**
 * Handles a batch. Returns how many records of it are done; the rest is tried again, the first of them counted as failed.
 * Throwing means that none is.
 */
export type HandleBatch = (records: readonly StreamRecord[]) => Promise<number>;

/** Reads a table's stream from its beginning, in order, with the retry rules of Lambda and Pipes. */
export class StreamReader {
  private position = 0;
  private attempts = 0;
  /** Size of the next batch, smaller while a failing one is being bisected. */
  private size: number;

  constructor(
    private readonly table: LocalTable,
    private readonly source: StreamSource,
    private readonly handle: HandleBatch,
    private readonly giveUp: (record: StreamRecord) => void,
  ) {
    this.size = source.batchSize;
  }

  /** Reads one batch. @returns whether there was any */
  async step(): Promise<boolean> {
    const { batchSize, bisects, retryAttempts } = this.source;
    const read = this.table.stream.slice(this.position, this.position + this.size);
    if (read.length === 0) return false;
    const matching = read.filter((record) => this.matches(record));
    const done = matching.length === 0 ? 0 : await this.handle(matching).catch(() => 0);
    if (done >= matching.length) {
      this.advance(read.length);
      this.size = batchSize;
      return true;
    }
    // Records before the first failure are done, those that matched no filter among them.
    const failed = matching[done];
    const ahead = failed === undefined ? 0 : read.indexOf(failed);
    if (ahead > 0) this.advance(ahead);
    this.attempts += 1;
    if (bisects && read.length - ahead > 1) {
      this.size = Math.max(1, Math.floor((read.length - ahead) / 2));
    } else if (this.attempts > retryAttempts && failed !== undefined) {
      this.giveUp(failed);
      this.advance(1);
      this.size = batchSize;
    }
    return true;
  }

  private advance(records: number): void {
    this.position += records;
    this.attempts = 0;
  }

  private matches(record: StreamRecord): boolean {
    const { filters } = this.source;
    return filters.length === 0 || filters.some((filter) => matchesEventPattern(filter, record));
  }
}
