import type { CatalogueId } from '../../../lib/checks';
import { DATA_PIPELINE_WEAKENINGS } from '../../../patterns/data-pipeline/local/weakenings';
import { dataPipelineTemplate } from '../../synthesize';
import { type NamedTest, type PatternProof, rowsOf } from '../pattern-proof';
import { MUTATIONS } from './mutations';

/** The demo's run without a handling, beside the one with it. @throws Error for a row that it cannot be run without */
function runWithout(id: CatalogueId): NamedTest {
  if (DATA_PIPELINE_WEAKENINGS[id] === undefined) throw new Error(`The data pipeline has no run without ${id}`);
  const file = 'test/patterns/data-pipeline/local/weakenings.test.ts';
  return { file, name: 'the damage appears', takesOut: true };
}

/** How the data pipeline is proven. */
export const proof: PatternProof = {
  title: 'data pipeline',
  rows: rowsOf('data-pipeline'),
  rowCount: 57,
  variants: [
    {
      name: '',
      templates: (stage) => ({ DataPipeline: dataPipelineTemplate(stage).toJSON() }),
      minFindings: 100,
      mutations: MUTATIONS,
    },
  ],
  tests: {
    'kinesis-capacity-for-peak': [
      {
        file: 'test/patterns/data-pipeline/bad-input.test.ts',
        name: 'is the cheapest in dev, grows by itself elsewhere, and holds a declared peak with a quarter to spare',
      },
    ],
    'kinesis-efo-over-two-consumers': [runWithout('kinesis-efo-over-two-consumers')],
    'kinesis-order-per-key': [
      runWithout('kinesis-order-per-key'),
      {
        file: 'test/patterns/data-pipeline/handlers/aggregate-events.test.ts',
        name: 'counts each record once, whatever dies and however batches are cut',
      },
    ],
    'kinesis-putrecords-partial-failure': [
      runWithout('kinesis-putrecords-partial-failure'),
      {
        file: 'test/patterns/data-pipeline/producer/send-records.test.ts',
        name: 'sends again only what a 200 says was not taken, later each time',
      },
    ],
    'firehose-transform-contract': [
      runWithout('firehose-transform-contract'),
      {
        file: 'test/patterns/data-pipeline/runtime/transform.test.ts',
        name: 'answers each record once: events as lines with the columns of the lake, the rest as failed',
      },
    ],
    'firehose-same-stream': [
      {
        file: 'test/proof/data-pipeline/stream.test.ts',
        name: 'Firehose and the aggregator read one stream',
        takesOut: true,
      },
    ],
    'iac-env-profiles': [{ file: 'test/patterns/data-pipeline/stages.test.ts', name: 'prod keeps its data' }],
    'cdk-default-rules-as-errors': [{ file: 'test/proof/rule-packs.test.ts', name: 'the data pipeline in' }],
  },
  stated: {
    's3-no-object-lambda-or-select': 'no handler reads objects',
    'sfn-type-fits-duration': 'there is no state machine',
    'kinesis-efo-over-two-consumers': 'consumers that are added get enhanced fan-out (`addConsumer`)',
    'kinesis-putrecords-partial-failure': 'the producer (`groundplan/data-pipeline/producer`)',
    'iac-env-profiles': '`StageSettings`',
    'cdk-default-rules-as-errors': '`cdk.json`',
  },
  absent: {
    's3-request-rate-per-prefix': 'Firehose alone writes to the lake, some files a minute; it retries by itself',
    's3-concurrent-writers': 'the aggregator writes each object under a name of its own batch, and never changes one',
  },
};
