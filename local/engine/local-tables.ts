import type { ResolvedTemplate } from '../assembly/resolved-template';
import { LocalDynamoDb } from '../aws/dynamodb/store';
import { DYNAMODB_LIMITS } from '../limits/dynamodb';
import { exceeds } from '../limits/limit';
import type { EngineContext } from './context';

/**
 * Tables on the engine's clock: expired items are deleted in the background, which nothing waits for; a partition has its
 * throughput and no more; and indexes lag where the faults say so.
 */
export function localTables({
  clock,
  deployment,
  faults: { indexLagMs, expiryDelayMs },
  random,
  metrics,
}: Pick<EngineContext, 'clock' | 'deployment' | 'faults' | 'random' | 'metrics'>): LocalDynamoDb {
  const lag = random('index lag');
  return new LocalDynamoDb(deployment, () => clock.now(), {
    after: (ms, run) => clock.after(ms, run, { idle: true }),
    expiryDelayMs,
    indexLagMs: indexLagMs && (() => indexLagMs[0] + (indexLagMs[1] - indexLagMs[0]) * lag()),
    partitionLimits: true,
    onThrottle: (TableName, kind) => metrics.put('AWS/DynamoDB', `${kind}ThrottleEvents`, { TableName }, 1),
  });
}

/** @throws Error for a table's stream with more readers than AWS lets read it */
export function checkStreamReaders(template: ResolvedTemplate): void {
  const readers = new Map<string, string[]>();
  const add = (source: unknown, logicalId: string) => {
    const arn = String(source);
    if (arn.includes(':dynamodb:')) readers.set(arn, [...(readers.get(arn) ?? []), logicalId]);
  };
  for (const { logicalId, properties } of template.ofType('AWS::Lambda::EventSourceMapping')) {
    add(properties['EventSourceArn'], logicalId);
  }
  for (const { logicalId, properties } of template.ofType('AWS::Pipes::Pipe')) add(properties['Source'], logicalId);
  const { streamReaders } = DYNAMODB_LIMITS.rows;
  for (const [arn, found] of readers) {
    if (!exceeds(streamReaders, found.length)) continue;
    throw new Error(
      `${arn} has ${found.length} readers (${found.join(', ')}); AWS throttles more than ${streamReaders.max}`,
    );
  }
}
