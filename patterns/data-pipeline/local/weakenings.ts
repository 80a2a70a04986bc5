import type { CatalogueId } from '../../../lib/checks';
import type { Weakening } from '../../../local/weaken/weakening';
import { addConsumers } from './more-consumers';
import type { DataPipelineRun } from './run';

const MAPPING = 'AWS::Lambda::EventSourceMapping';
const STREAM = 'AWS::Kinesis::Stream';

/** Name under which the producer is built, as a handler is. */
export const PRODUCER = 'producer';

/** What the data pipeline can be run without, by catalogue id. */
export const DATA_PIPELINE_WEAKENINGS: Partial<
  Record<CatalogueId, Weakening<Pick<DataPipelineRun, 'faults' | 'peak'>>>
> = {
  'kinesis-poison-record': {
    without:
      'the isolation of records that are not valid events: the handler fails on them, and Lambda tries for as long as they last',
    damage: 'The first such record blocks its shard, and everything behind it waits.',
    shows: /events not counted a quarter of an hour later/,
    template: (t) => {
      t.set(MAPPING, 'MaximumRetryAttempts', -1);
      t.drop(MAPPING, 'BisectBatchOnFunctionError');
    },
    handler: {
      handlers: { aggregates: 'data-pipeline/handlers/aggregate-events' },
      source: 'patterns/data-pipeline/runtime/batch.ts',
      replace: ['if (!(error instanceof InvalidEvent)) throw error;', 'throw error;'],
    },
  },
  'kinesis-order-per-key': {
    without: 'the guard of the totals: the last sequence number that is counted in them',
    damage: 'A batch that comes again, because its function died after its writes, is counted again.',
    shows: /events counted twice/,
    handler: {
      handlers: { aggregates: 'data-pipeline/handlers/aggregate-events' },
      source: 'patterns/data-pipeline/runtime/totals.ts',
      replace: ['OR #last < :first', 'OR attribute_exists(#last) OR #last < :first'],
    },
    day: { faults: { crashAfterEffect: 0.3 } },
  },
  'kinesis-hot-shard': {
    without:
      'the session as partition key, and the refusal of one key for all: the producer sends everything by one key',
    damage:
      'One of four shards gets everything and refuses most of it, the others idle. The producer tries again until it gives up.',
    shows: /events that their senders gave up[\s\S]*refusals by 1 of 4 shards, while the others had room/,
    given: 'a stream of four shards, and 12000 more events in four seconds',
    prepare: (t) => t.set(STREAM, 'ShardCount', 4),
    handler: {
      handlers: { [PRODUCER]: 'data-pipeline/producer/index' },
      source: 'patterns/data-pipeline/producer/index.ts',
      replace: [
        'const constant = constantKey(entries);',
        "const constant = undefined; for (const entry of entries) Object.assign(entry, { PartitionKey: 'all' });",
      ],
    },
    // Three quarters of what four shards take; and no one splits them meanwhile.
    day: { faults: { shardSplits: 0 }, peak: { events: 12_000, perSecond: 3000 } },
  },
  'kinesis-efo-over-two-consumers': {
    without: 'enhanced fan-out: six readers share the stream, four of them consumers that were added',
    damage: 'They share 5 reads and 2 MB a second of each shard: reads are refused, and every reader falls behind.',
    shows: /reads refused: too many readers share a shard/,
    given: 'four more consumers, and 3000 more and larger events in twelve seconds',
    prepare: (t) => addConsumers(t, ['Fraud', 'Recommendations', 'Pricing', 'Audit']),
    template: (t) => {
      for (const [, { Properties }] of t.all(MAPPING)) {
        Properties['EventSourceArn'] = { 'Fn::GetAtt': [t.id(STREAM), 'Arn'] };
      }
    },
    // Half of what a shard takes: two readers share that, even when one of them has to catch up.
    day: { faults: { shardSplits: 0 }, peak: { events: 3000, perSecond: 250, larger: 1500 } },
  },
  'kinesis-putrecords-partial-failure': {
    without: "the producer's look at each record's outcome: a 200 counts as sent",
    damage: 'What a shard throttled inside a 200 is lost without a trace.',
    shows: /events that were said to be sent and never came to the stream/,
    handler: {
      handlers: { [PRODUCER]: 'data-pipeline/producer/index' },
      source: 'patterns/data-pipeline/producer/send-records.ts',
      replace: ['if (ErrorCode !== undefined) {', 'if (ErrorCode === NO_ANSWER.ErrorCode) {'],
    },
    day: { faults: { throttles: 0.02 } },
  },
  'firehose-transform-contract': {
    without: "the transform's answer for each record: it throws on records that are not valid events",
    damage: 'One bad record sends the whole batch to the error prefix, good events and all.',
    shows: /good events under the error prefix instead of in the table/,
    handler: {
      handlers: { transform: 'data-pipeline/handlers/transform-events' },
      source: 'patterns/data-pipeline/runtime/transform.ts',
      replace: ['  } catch {\n    return undefined;', '  } catch (error) {\n    throw error;'],
    },
  },
};
