import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { messageOf, type Terminal } from '../../../lib/operations/terminal';
import type { PutRecordsAnswer, StreamEntry } from '../producer';
import { fateOf } from '../producer/passing-error';
import type { Tally } from './tally';

/** By default the client makes a connection for each request. With one stream a connection it keeps and reuses them. */
export const ONE_STREAM_A_CONNECTION = {
  maxConcurrentStreams: 1,
  /** Nothing is waited for longer, in milliseconds; ours. The SDK's handler of HTTP/2 ends a silent stream by it, also before it connects. */
  requestTimeout: 30_000,
} as const;

/** Where requests go. */
export interface RequestTarget {
  readonly kinesis: KinesisClient;
  readonly stream: string;
  readonly terminal: Pick<Terminal, 'now' | 'sleep'>;
}

/** Puts records into a stream, counts how it went, and puts none once it is known to fail. */
export class StreamRequests {
  /** What no other try would fix. */
  failure?: unknown;
  /** What was refused last, and why. */
  trouble?: string;

  constructor(
    private readonly target: RequestTarget,
    private readonly tally: Tally,
  ) {}

  /** Sends a request. */
  readonly put = async (records: readonly StreamEntry[]): Promise<PutRecordsAnswer> => {
    if (this.failure !== undefined) throw this.failure;
    const { kinesis, stream, terminal } = this.target;
    const { tally } = this;
    const before = terminal.now();
    try {
      const answer = await kinesis.send(new PutRecordsCommand({ StreamName: stream, Records: [...records] }));
      // The client tries a request again by itself when none of it was taken.
      tally.retried += ((answer.$metadata.attempts ?? 1) - 1) * records.length;
      for (const { ErrorCode } of answer.Records ?? []) {
        if (ErrorCode === undefined) continue;
        tally.error(ErrorCode);
        this.trouble = ErrorCode;
      }
      return answer;
    } catch (error) {
      tally.error(error instanceof Error ? error.name : String(error));
      this.trouble = messageOf(error);
      if (fateOf(error) === 'STAYS') this.failure ??= error;
      throw error;
    } finally {
      tally.request(terminal.now() - before);
    }
  };

  /** Waits between tries; not at all when there is nothing to wait for. */
  readonly sleep = (ms: number): Promise<void> =>
    this.failure === undefined ? this.target.terminal.sleep(ms) : Promise.resolve();
}
