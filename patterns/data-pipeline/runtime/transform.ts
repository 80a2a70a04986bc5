import type { FirehoseTransformationEventRecord, FirehoseTransformationResultRecord } from 'aws-lambda';
import { parseClickstreamEvent } from '../clickstream-schema';

/** The most that Lambda answers with (AWS Lambda quotas: 6 MB, synchronous), less what the frame of the answer takes. */
export const ANSWER_LIMIT_BYTES = 6 * 1024 * 1024 - 64 * 1024;
/** What a record takes in the answer beside its id and data. */
const RECORD_FRAME_BYTES = 64;

/**
 * Answers every record once: `Ok` with a line of JSON that has the lake's columns, or `ProcessingFailed`, which sends the
 * record as it came to the error prefix (firehose-transform-contract). It never throws: that would fail the whole batch.
 *
 * @param now milliseconds since 1970
 */
export function transformRecords(
  records: readonly FirehoseTransformationEventRecord[],
  now: number,
): FirehoseTransformationResultRecord[] {
  let left = ANSWER_LIMIT_BYTES - records.reduce((sum, { recordId }) => sum + recordId.length + RECORD_FRAME_BYTES, 0);
  return records.map(({ recordId, data }) => {
    const line = lineOf(data, now);
    const [result, answer] =
      line === undefined || line.length > left ? (['ProcessingFailed', data] as const) : (['Ok', line] as const);
    // Firehose keeps the original of a record that failed; it travels back as long as there is room for it.
    if (answer.length > left) return { recordId, result, data: '' };
    left -= answer.length;
    return { recordId, result, data: answer };
  });
}

/** A record as the lake's line, in base64; undefined for what is not a valid event. */
function lineOf(data: string, now: number): string | undefined {
  try {
    const event = parseClickstreamEvent(Buffer.from(data, 'base64'), now);
    return Buffer.from(`${JSON.stringify(event)}\n`).toString('base64');
  } catch {
    return undefined;
  }
}
