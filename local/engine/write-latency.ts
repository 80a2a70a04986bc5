import { OverlappingWrites } from '../aws/dynamodb/overlapping-writes';
import type { LocalDynamoDb } from '../aws/dynamodb/store';
import type { LocalService } from '../aws/service';
import { sleep } from '../clock/clock';
import type { EngineContext } from './context';

/** Tables as callers meet them: a write is in flight for as long as the faults say, and what overlaps conflicts. */
export function inFlightWrites(
  { clock, faults: { writeMs }, random, metrics }: Pick<EngineContext, 'clock' | 'faults' | 'random' | 'metrics'>,
  store: LocalDynamoDb,
): LocalService {
  if (writeMs === undefined) return store;
  const [from, to] = writeMs;
  const chance = random('writes in flight');
  return new OverlappingWrites(
    store,
    () => sleep(clock, from + (to - from) * chance()),
    (TableName) => metrics.put('AWS/DynamoDB', 'TransactionConflict', { TableName }, 1),
  );
}
