import type { StageName } from '../../../lib';
import { testApp, webAppStacks, webAppTemplate } from '../../synthesize';
import { templatesOf } from '../deployed-templates';
import { type PatternProof, type ProofVariant, rowsOf } from '../pattern-proof';
import { FARGATE_MUTATIONS, MUTATIONS } from './mutations';

type Compute = 'lambda' | 'fargate';

/** The web app as it is deployed. */
const inStacks = (compute: Compute): ProofVariant => ({
  name: `with ${compute}`,
  templates: templatesOf((stage: StageName) => {
    const app = testApp();
    webAppStacks(app, stage, { compute });
    return app;
  }),
  minFindings: 200,
});

const inOneStack = (compute: Compute, mutations: ProofVariant['mutations']): ProofVariant => ({
  name: `with ${compute} in one stack`,
  templates: (stage) => ({ WebApp: webAppTemplate(stage, compute).toJSON() }),
  minFindings: 200,
  mutations,
});

/** How the web app is proven. */
export const proof: PatternProof = {
  title: 'web app',
  rows: rowsOf('web-app'),
  rowCount: 96,
  variants: [
    inOneStack('lambda', MUTATIONS),
    inOneStack('fargate', FARGATE_MUTATIONS),
    inStacks('lambda'),
    inStacks('fargate'),
  ],
  tests: {
    'lambda-sync-payload-6mb': [
      {
        file: 'test/patterns/web-app/handlers/items-api.test.ts',
        name: 'never answers with more than Lambda lets through',
      },
    ],
    's3-multipart-over-100mb': [
      { file: 'test/patterns/web-app/runtime/uploads.test.ts', name: 'is had for 100 MB, and none larger' },
    ],
    's3-presign-expiry-5-15-min': [
      { file: 'test/patterns/web-app/bad-input.test.ts', name: 'a URL that lives an hour' },
    ],
    's3-concurrent-writers': [
      {
        file: 'test/patterns/web-app/runtime/inspect-upload.test.ts',
        name: 'ends right, whatever comes between its steps: files, events twice and late, and looks at once',
      },
    ],
    'rds-replica-lag-handled': [
      {
        file: 'test/patterns/web-app/runtime/items.test.ts',
        name: 'asks the reader for lists alone, and the writer for who must see what it wrote',
      },
    ],
    'rds-dns-ttl-or-proxy': [
      {
        file: 'test/lib/runtime/postgres.test.ts',
        name: 'looks the name up anew after a loss, and finds the address that it stands for now',
      },
    ],
    'cache-aside': [
      {
        file: 'test/lib/runtime/cache.test.ts',
        name: 'reads the source on a miss and not on a hit, and again once the value is forgotten',
      },
    ],
    'cache-failover-retry': [
      {
        file: 'test/patterns/web-app/runtime/items-in-trouble.test.ts',
        name: 'loses nothing and answers nothing wrongly while the cache dies and connections are cut',
      },
    ],
    'cache-stampede-protection': [
      {
        file: 'test/patterns/web-app/runtime/items-in-trouble.test.ts',
        name: 'makes one read of 100 misses on one item, in four instances of the application',
      },
    ],
    'cache-is-not-the-database': [
      {
        file: 'test/patterns/web-app/runtime/items-in-trouble.test.ts',
        name: 'loses nothing when the cache is flushed',
      },
    ],
    'apigw-payload-10mb': [
      {
        file: 'test/patterns/web-app/runtime/application.test.ts',
        name: 'is refused above the largest body, whatever it says of its length, and told where files go',
      },
    ],
    'vpc-interface-endpoint-breakeven': [
      { file: 'test/lib/facts/network-prices.test.ts', name: 'breaks even where both ways cost the same' },
    ],
    'iac-env-profiles': [{ file: 'test/patterns/web-app/stages.test.ts', name: 'prod keeps its data' }],
    'cdk-default-rules-as-errors': [{ file: 'test/proof/rule-packs.test.ts', name: 'the web app in' }],
  },
  stated: {
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
  },
};
