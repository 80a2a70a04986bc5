import { GlueClient } from '@aws-sdk/client-glue';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';
import { requiredVariable } from '../../../lib/runtime/environment';
import { logger } from '../../../lib/runtime/observability';
import { type PartitionedTable, PartitionsEnvironment } from '../contract';
import { Partitions } from '../runtime/partitions';

const glue = new GlueClient({ maxAttempts: 5, requestHandler: callTimeouts({ answerMs: 10_000 }) });
const partitions = new Partitions(glue, requiredVariable(PartitionsEnvironment.database));
const tables = JSON.parse(requiredVariable(PartitionsEnvironment.tables)) as PartitionedTable[];

/** Registers the days of the lake's tables for Redshift, on a schedule. */
export const handler = async (): Promise<void> => {
  for (const { name, since } of tables) {
    const missing = await partitions.register(name, since, Date.now());
    logger.info('Partitions were registered', { table: name, missing });
  }
};
