import type { ResolvedResource } from '../assembly/resolved-template';
import type { StreamRecord } from '../aws/dynamodb/table';
import type { Entry, LocalStream } from '../aws/stream';
import { DYNAMODB_LIMITS } from '../limits/dynamodb';
import { EVENT_FILTER_LIMITS } from '../limits/event-filters';
import { enforce, type Limit, refused } from '../limits/limit';
import { type EventPattern, eventPattern } from '../matching/event-pattern';
import { MAPPING_FILTER, type PatternDialect } from '../matching/pattern-dialect';
import type { EngineContext } from './context';

/** Seconds for which a table's stream keeps a record. */
export const TABLE_STREAM_SECONDS = DYNAMODB_LIMITS.rows.streamRetention.max * 3600;

/** Where records are to be found in a table's stream (docs.aws.amazon.com/lambda: services-ddb-errors). */
export function tablePosition(
  stream: LocalStream<StreamRecord>,
  streamArn: string,
  records: readonly StreamRecord[],
): Readonly<Record<string, unknown>> {
  const [first] = records;
  const written = (record: StreamRecord | undefined) =>
    new Date((record?.dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString();
  return {
    shardId: first && stream.holding(first)?.id,
    startSequenceNumber: first?.dynamodb.SequenceNumber,
    endSequenceNumber: records.at(-1)?.dynamodb.SequenceNumber,
    approximateArrivalOfFirstRecord: written(first),
    approximateArrivalOfLastRecord: written(records.at(-1)),
    batchSize: records.length,
    streamArn,
  };
}

/** Measures how long records took to be handled. */
export function observeAge({ hops, clock }: EngineContext, hop: string, entries: readonly Entry<unknown>[]): void {
  for (const { at } of entries) hops.observe(hop, clock.now() - at);
}

/** Whether a mapping asks which records failed. */
export function reportsItems(properties: ResolvedResource['properties']): boolean {
  return ((properties['FunctionResponseTypes'] ?? []) as string[]).includes('ReportBatchItemFailures');
}

/** The function that a mapping feeds. */
export function consumerOf(engine: EngineContext, properties: ResolvedResource['properties']) {
  const reference = String(properties['FunctionName']);
  // Mappings may name a function by its name.
  const named = engine.template.ofType('AWS::Lambda::Function').find(({ name }) => name === reference);
  return engine.functionOf(named?.arn ?? reference);
}

/** Which filters a service takes. */
export interface FilterRules {
  readonly filters: Limit;
  readonly filterPattern: Limit;
  readonly filterOperator: Limit;
}

/**
 * What a mapping or a pipe lets through.
 *
 * @throws AwsError for what the service refuses
 */
export function filtersOf(
  criteria: unknown,
  rules: FilterRules,
  dialect: PatternDialect,
  where: string,
): EventPattern[] {
  const { Filters = [] } = (criteria ?? {}) as { Filters?: { Pattern: string }[] };
  enforce(rules.filters, Filters.length, `${where}: ${Filters.length} filters`);
  return Filters.map(({ Pattern }) => {
    enforce(rules.filterPattern, Pattern.length, `${where}: a pattern of ${Pattern.length} characters`);
    let pattern: unknown;
    try {
      pattern = JSON.parse(Pattern);
    } catch {
      throw refused(rules.filterOperator, `${where}: the pattern ${Pattern} is no JSON`);
    }
    return eventPattern(pattern, dialect, where);
  });
}

/** What an event source mapping of a function lets through. */
export function mappingFilters({ logicalId, properties }: ResolvedResource): EventPattern[] {
  return filtersOf(properties['FilterCriteria'], EVENT_FILTER_LIMITS.rows, MAPPING_FILTER, logicalId);
}
