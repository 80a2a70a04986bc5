import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { Terminal } from '../../../lib/operations/terminal';
import type { ClickstreamEvent } from '../clickstream-schema';
import { createProducer } from '../producer';
import { MAX_RECORDS } from '../producer/send-records';
import { clickstreamTraffic } from './clickstream-traffic';
import type { LoadOptions } from './options';
import { pace } from './pace';
import { progress } from './report';
import { seededRandom } from './seeded-random';
import { StreamRequests } from './stream-requests';
import { Tally } from './tally';
import type { UnsentFile } from './unsent-file';

/** What to send, and with what. */
export interface Job extends Pick<LoadOptions, 'rate' | 'duration' | 'skew'> {
  readonly kinesis: KinesisClient;
  readonly stream: string;
  readonly seed: number;
  readonly unsent: UnsentFile;
  readonly terminal: Terminal;
}

/** How often a visitor does something, in seconds; ours. */
const VISITOR_SECONDS = 5;
const PROGRESS_MS = 5000;

/** Sends events of visitors for a while. */
export class Run {
  readonly tally = new Tally();
  interrupted = false;
  /** Milliseconds from the first event to the last answer. */
  took = 0;
  private readonly next: () => ClickstreamEvent;
  private readonly produce: ReturnType<typeof createProducer>;
  private readonly requests: StreamRequests;
  /** What was under way when the run failed. */
  private readonly held: ClickstreamEvent[] = [];
  private toldAt = 0;

  constructor(private readonly job: Job) {
    const { seed, terminal, rate, skew } = job;
    this.next = clickstreamTraffic({
      random: seededRandom(seed),
      now: () => terminal.now(),
      skew,
      sessions: Math.max(200, rate * VISITOR_SECONDS),
    });
    this.requests = new StreamRequests(job, this.tally);
    this.produce = createProducer({
      putRecords: this.requests.put,
      sleep: this.requests.sleep,
      now: () => terminal.now(),
      onUnsent: (events) => this.setAside(events),
    });
  }

  /** What no other try would fix, and ended the run. */
  get failure(): unknown {
    return this.requests.failure;
  }

  /** Events that were to be sent. */
  get asked(): number {
    return Math.floor((this.job.rate * this.job.duration) / 1000);
  }

  /** @throws what ended the run before anything was sent */
  async work(): Promise<void> {
    const { rate, duration, terminal, unsent } = this.job;
    const start = terminal.now();
    this.toldAt = start;
    const listenNoMore = terminal.onInterrupt(() => {
      this.interrupted = true;
      terminal.err('Stopping: waiting for requests in flight. Press Ctrl-C again to stop immediately.');
    });
    try {
      await pace({
        rate,
        duration,
        batch: MAX_RECORDS,
        terminal,
        send: (count) => this.send(Array.from({ length: count }, this.next)),
        stopped: () => this.interrupted || this.failure !== undefined,
      });
    } finally {
      listenNoMore();
      this.took = terminal.now() - start;
    }
    if (this.failure !== undefined && this.tally.sent === 0) throw this.failure;
    unsent.keep(this.held);
  }

  private async send(events: readonly ClickstreamEvent[]): Promise<void> {
    this.tally.add(await this.produce(events));
    const { terminal } = this.job;
    const since = terminal.now() - this.toldAt;
    if (since < PROGRESS_MS) return;
    this.toldAt += since;
    terminal.err(progress(this.tally, this.asked));
  }

  private setAside(events: readonly ClickstreamEvent[]): void {
    if (this.failure === undefined) this.job.unsent.keep(events);
    else this.held.push(...events);
  }
}
