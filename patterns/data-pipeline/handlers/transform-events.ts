import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { logger } from '../../../lib/runtime/observability';
import { transformRecords } from '../runtime/transform';

/** Checks and reshapes what Firehose is about to convert to Parquet. */
export const handler = async (event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> => {
  const records = transformRecords(event.records, Date.now());
  const failed = records.filter(({ result }) => result === 'ProcessingFailed').length;
  if (failed > 0) logger.warn('Records were written to the error prefix', { failed, of: records.length });
  return { records };
};
