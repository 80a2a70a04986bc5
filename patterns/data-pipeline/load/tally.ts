import type { SendSummary } from '../producer';

/** Counts of a run, of a bounded size however long it lasts. */
export class Tally {
  sent = 0;
  retried = 0;
  unsent = 0;
  requests = 0;
  /** Records by shard. */
  readonly shards = new Map<string, number>();
  /** Records and requests that were refused, by the error's name. */
  readonly errors = new Map<string, number>();
  /** Requests by whole milliseconds. */
  private readonly latencies = new Map<number, number>();

  /** Events that the stream took, or that were given up. */
  get done(): number {
    return this.sent + this.unsent;
  }

  add({ sent, retried, unsent, shards }: Omit<SendSummary, 'failures'>): void {
    this.sent += sent;
    this.retried += retried;
    this.unsent += unsent;
    for (const [shard, records] of Object.entries(shards)) count(this.shards, shard, records);
  }

  /** A request was answered, or failed. @param latency milliseconds */
  request(latency: number): void {
    this.requests += 1;
    count(this.latencies, latency);
  }

  error(name: string): void {
    count(this.errors, name);
  }

  /** Milliseconds within which a share of the requests was answered; undefined without any. */
  latency(share: number): number | undefined {
    let left = Math.ceil(this.requests * share);
    for (const [latency, requests] of [...this.latencies].sort(([a], [b]) => a - b)) {
      left -= requests;
      if (left <= 0) return latency;
    }
    return undefined;
  }
}

function count<K>(counts: Map<K, number>, key: K, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
