import { CATALOGUE, type CatalogueId, type CatalogueRow } from '../../../lib/checks';

/** The tier 1 and 2 rows that touch the pattern. */
export const ROWS: readonly (CatalogueRow & { readonly id: CatalogueId })[] = CATALOGUE.filter(
  ({ patterns, tier }) => patterns.includes('data-pipeline') && tier !== 3,
);

/** Rows that a test of their own proves: its file and name. */
export const TESTS: Partial<Record<CatalogueId, readonly [string, string]>> = {
  'kinesis-capacity-for-peak': [
    'test/patterns/data-pipeline/bad-input.test.ts',
    'is the cheapest in dev, grows by itself elsewhere, and holds a declared peak with a quarter to spare',
  ],
  'kinesis-order-per-key': [
    'test/patterns/data-pipeline/handlers/aggregate-events.test.ts',
    'counts each record once, whatever dies and however batches are cut',
  ],
  'kinesis-putrecords-partial-failure': [
    'test/patterns/data-pipeline/producer/send-records.test.ts',
    'sends again only what a 200 says was not taken, later each time',
  ],
  'firehose-transform-contract': [
    'test/patterns/data-pipeline/runtime/transform.test.ts',
    'answers each record once: events as lines with the columns of the lake, the rest as failed',
  ],
  'firehose-same-stream': ['test/proof/data-pipeline/rows.test.ts', 'Firehose and the aggregator read one stream'],
  'iac-env-profiles': ['test/patterns/data-pipeline/stages.test.ts', 'prod keeps its data'],
  'cdk-default-rules-as-errors': ['test/proof/rule-packs.test.ts', 'the data pipeline in'],
};

/** Rows about what the pattern does not have. */
export const ABSENT: Partial<Record<CatalogueId, string>> = {
  's3-request-rate-per-prefix': 'Firehose alone writes to the lake, some files a minute; it retries by itself',
  's3-concurrent-writers': 'the aggregator writes each object under a name of its own batch, and never changes one',
  's3-no-object-lambda-or-select': 'no handler reads objects',
  'sfn-type-fits-duration': 'there is no state machine',
};
