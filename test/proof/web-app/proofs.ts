import { CATALOGUE, type CatalogueId, type CatalogueRow } from '../../../lib/checks';

/** The tier 1 and 2 rows that touch the pattern. */
export const ROWS: readonly (CatalogueRow & { readonly id: CatalogueId })[] = CATALOGUE.filter(
  ({ patterns, tier }) => patterns.includes('web-app') && tier !== 3,
);

/** Rows that a test of their own proves: its file and name. */
export const TESTS: Partial<Record<CatalogueId, readonly [string, string]>> = {
  'lambda-sync-payload-6mb': [
    'test/patterns/web-app/handlers/items-api.test.ts',
    'never answers with more than Lambda lets through',
  ],
  's3-multipart-over-100mb': ['test/patterns/web-app/runtime/uploads.test.ts', 'is had for 100 MB, and none larger'],
  's3-presign-expiry-5-15-min': ['test/patterns/web-app/bad-input.test.ts', 'a URL that lives an hour'],
  's3-concurrent-writers': [
    'test/patterns/web-app/runtime/inspect-upload.test.ts',
    'ends right, whatever comes between its steps: files, events twice and late, and looks at once',
  ],
  'rds-replica-lag-handled': [
    'test/patterns/web-app/runtime/items.test.ts',
    'asks the reader for lists alone, and the writer for who must see what it wrote',
  ],
  'rds-dns-ttl-or-proxy': [
    'test/lib/runtime/postgres.test.ts',
    'looks the name up anew after a loss, and finds the address that it stands for now',
  ],
  'cache-aside': [
    'test/lib/runtime/cache.test.ts',
    'reads the source on a miss and not on a hit, and again once the value is forgotten',
  ],
  'cache-failover-retry': [
    'test/patterns/web-app/runtime/items-in-trouble.test.ts',
    'loses nothing and answers nothing wrongly while the cache dies and connections are cut',
  ],
  'cache-stampede-protection': [
    'test/patterns/web-app/runtime/items-in-trouble.test.ts',
    'makes one read of 100 misses on one item, in four instances of the application',
  ],
  'cache-is-not-the-database': [
    'test/patterns/web-app/runtime/items-in-trouble.test.ts',
    'loses nothing when the cache is flushed',
  ],
  'apigw-payload-10mb': [
    'test/patterns/web-app/runtime/application.test.ts',
    'is refused above the largest body, whatever it says of its length, and told where files go',
  ],
  'vpc-interface-endpoint-breakeven': [
    'test/lib/facts/network-prices.test.ts',
    'breaks even where both ways cost the same',
  ],
  'iac-env-profiles': ['test/patterns/web-app/stages.test.ts', 'prod keeps its data'],
  'cdk-default-rules-as-errors': ['test/proof/rule-packs.test.ts', 'the web app in'],
};

/** What handles a row where no resource can say so. */
export const STATED: Partial<Record<CatalogueId, string>> = {
  'lambda-sync-payload-6mb': 'the application: pages and bodies are bounded, files go by presigned URLs',
  'lambda-async-failure-destination': 'no function is invoked asynchronously: queues and the API call them',
  's3-multipart-over-100mb': 'the application, and `UploadsBucket` at synth',
  's3-concurrent-writers': 'the inspection, which ends right in any order',
  'rds-replica-lag-handled': 'the application: only lists read from a reader',
  'rds-size-for-connections': 'refused at synth (`scaling`)',
  'cache-failover-retry': 'the application',
  'cache-stampede-protection': 'the application',
  'cache-is-not-the-database': 'the application: the database first, then the cache forgets',
  'cloudfront-versioned-assets': 'the deployment of the site',
  'apigw-payload-10mb': 'the application: bodies of at most 64 KB, files by presigned URLs',
  'vpc-interface-endpoint-breakeven': 'a note at synth where endpoints come into question',
  'iam-roles-not-users': 'there is no user',
  'iac-env-profiles': '`StageSettings`',
  'cdk-default-rules-as-errors': '`cdk.json`',
};
