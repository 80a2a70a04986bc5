import { REJECTED_PREFIX } from '../contract';
import type { RejectedRecord } from './batch';

/**
 * Keeps records that are not valid events where failed batches are kept, payload and all. They would fail however often they were
 * tried, with everything of their shard waiting behind them (kinesis-poison-record).
 */
export class Rejections {
  constructor(private readonly Bucket: string) {}

  /** Keeps a batch's rejected records: an object for all, whose name is the same when the batch comes again. */
  async keep(rejected: readonly RejectedRecord[]): Promise<void> {
    const [first] = rejected;
    if (first === undefined) return;
    const day = new Date(first.arrival).toISOString().slice(0, 10).replaceAll('-', '/');
    const lines = rejected.map(({ error, ...record }) =>
      JSON.stringify({ ...record, code: error.code, field: error.field }),
    );
    // A file of its own beside the handler, read on first use: most batches have nothing to keep, and most environments never
    // pay for S3's client.
    const { putObject } = await import('./put-object.lazy.js');
    await putObject({
      Bucket: this.Bucket,
      Key: `${REJECTED_PREFIX}${first.shard}/${day}/${first.sequenceNumber}-${rejected.length}.jsonl`,
      Body: `${lines.join('\n')}\n`,
      ContentType: 'application/x-ndjson',
    });
  }
}
