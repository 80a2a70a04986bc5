import type { CatalogueId } from '../../lib/checks';
import type { DataPipelineRun } from '../scenarios/data-pipeline-run';
import type { Weakening } from './weakening';

const MAPPING = 'AWS::Lambda::EventSourceMapping';
const DELIVERY = 'AWS::KinesisFirehose::DeliveryStream';

/** Name under which the producer is built, as a handler is. */
export const PRODUCER = 'producer';

/** What the data pipeline can be run without, by catalogue id. */
export const DATA_PIPELINE_WEAKENINGS: Partial<Record<CatalogueId, Weakening<Pick<DataPipelineRun, 'faults'>>>> = {
  'kinesis-poison-record': {
    without:
      'the isolation of records that are no events: the handler fails on them, and Lambda tries for as long as they last',
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
  'kinesis-putrecords-partial-failure': {
    without: "the producer's look at each record's outcome: a 200 counts as sent",
    damage: 'What a shard throttled inside a 200 is gone, and nobody knows.',
    shows: /events that were said to be sent and never came to the stream/,
    handler: {
      handlers: { [PRODUCER]: 'data-pipeline/producer/index' },
      source: 'patterns/data-pipeline/producer/index.ts',
      replace: ['if (ErrorCode !== undefined) return true;', ''],
    },
    day: { faults: { throttles: 0.02 } },
  },
  'firehose-failed-records-kept': {
    without: 'the error prefix of the delivery stream',
    damage: 'What cannot become a row is gone.',
    shows: /records that are no events are nowhere in the lake/,
    template: (t) => t.drop(DELIVERY, 'ExtendedS3DestinationConfiguration.ErrorOutputPrefix'),
  },
  'firehose-transform-contract': {
    without: "the transform's answer for each record: it throws on what is no event",
    damage: 'One bad record sends the whole batch to the error prefix, good events and all.',
    shows: /good events under the error prefix instead of in the table/,
    handler: {
      handlers: { transform: 'data-pipeline/handlers/transform-events' },
      source: 'patterns/data-pipeline/runtime/transform.ts',
      replace: ['  } catch {\n    return undefined;', '  } catch (error) {\n    throw error;'],
    },
  },
};
