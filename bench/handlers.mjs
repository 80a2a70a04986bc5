// Load time of each prebuilt handler, in a fresh process, against the floor: the clients and tools that it must hold,
// loaded and made, and nothing else. Run it after a build with `npm run bench:handlers`. Exit code 1 when a handler takes
// 1.15 times its floor.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import handlerBundle from '../dist/lib/compute/handler-bundle.js';

const { HANDLER_BUNDLE } = handlerBundle;

const ROUNDS = 15;
const MAX_RATIO = 1.15;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'groundplan-floors-'));
const powertools = ['@aws-lambda-powertools/logger', '@aws-lambda-powertools/metrics'];
/** The database's driver, and what signs its logins. */
const database = ['pg', '@smithy/signature-v4', '@aws-crypto/sha256-js'];
const consumer = [...powertools, '@aws-lambda-powertools/batch', '@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb'];

/** What each handler cannot do without, by pattern and name. */
const FLOORS = {
  'event-driven/billing': consumer,
  'event-driven/fraud-check': consumer,
  'event-driven/notifications': consumer,
  'event-driven/inventory': [...consumer, '@aws-sdk/client-s3'],
  'event-driven/orders-api': [...powertools, '@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb', '@aws-sdk/client-s3'],
  'event-driven/outbox-events': ['@aws-sdk/util-dynamodb'],
  'event-driven/publish-order-events': ['@aws-lambda-powertools/logger', '@aws-sdk/client-sns'],
  // S3 is loaded with the first record that is not a valid event, so it is not in the floor.
  'data-pipeline/aggregate-events': [
    ...powertools,
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/lib-dynamodb',
    '@aws-sdk/client-sns',
  ],
  'data-pipeline/post-event': [...powertools, '@aws-sdk/client-kinesis', '@smithy/node-http-handler'],
  'data-pipeline/transform-events': powertools,
  'data-pipeline/register-partitions': ['@aws-lambda-powertools/logger', '@aws-sdk/client-glue'],
  'data-pipeline/create-external-schema': ['@aws-lambda-powertools/logger', '@aws-sdk/client-redshift-data'],
  // The cache's client, S3's and RDS's certificates are loaded with the first request that needs them.
  'web-app/items-api': [...powertools, ...database, 'hono', 'hono/body-limit', 'zod/mini'],
  'web-app/inspect-upload': [
    ...powertools,
    ...database,
    '@aws-lambda-powertools/batch',
    '@aws-sdk/client-s3',
    'zod/mini',
  ],
  'web-app/migrate': ['@aws-lambda-powertools/logger', '@aws-sdk/client-rds-data'],
  'edge/origin-secret': ['@aws-lambda-powertools/logger'],
  // S3 for long turns, and Lambda for tools, are loaded with the first of them.
  'genai-rag/ask': [
    ...powertools,
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/lib-dynamodb',
    '@aws-sdk/client-bedrock-runtime',
    '@aws-sdk/client-bedrock-agent-runtime',
    '@smithy/node-http-handler',
    'zod/mini',
  ],
  'genai-rag/conversations': [...powertools, '@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb', 'zod/mini'],
  'genai-rag/documents': [
    ...powertools,
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/lib-dynamodb',
    '@aws-sdk/client-s3',
    '@aws-sdk/s3-presigned-post',
    '@aws-sdk/s3-request-presigner',
    'zod/mini',
  ],
  'genai-rag/inspect-document': [...consumer, '@aws-sdk/client-s3', 'zod/mini'],
  'genai-rag/sync-knowledge-base': [
    ...powertools,
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/lib-dynamodb',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-bedrock-agent',
  ],
  'ai/invocation-logs': ['@aws-lambda-powertools/logger', '@aws-sdk/client-bedrock'],
};
/** The names that each package is used for; bundlers leave out the rest. */
const USED = {
  '@aws-lambda-powertools/logger': 'Logger',
  '@aws-lambda-powertools/metrics': 'Metrics',
  '@aws-lambda-powertools/batch': 'BatchProcessor, SqsFifoPartialProcessorAsync, processPartialResponse',
  '@aws-sdk/client-dynamodb': 'DynamoDBClient',
  '@aws-sdk/lib-dynamodb':
    'DynamoDBDocumentClient, TransactWriteCommand, PutCommand, GetCommand, QueryCommand, UpdateCommand',
  '@aws-sdk/client-s3': 'S3Client, GetObjectCommand, PutObjectCommand',
  '@aws-sdk/client-sns': 'SNSClient, PublishBatchCommand, PublishCommand',
  '@aws-sdk/util-dynamodb': 'unmarshall',
  '@aws-sdk/client-rds-data': 'RDSDataClient, ExecuteStatementCommand, BeginTransactionCommand',
  '@aws-crypto/sha256-js': 'Sha256',
  '@smithy/signature-v4': 'SignatureV4',
  pg: 'Pool',
  hono: 'Hono',
  'hono/body-limit': 'bodyLimit',
  'zod/mini': 'strictObject, string, int, array, refine, regex, gte, minLength, _default',
  '@aws-sdk/client-glue': 'GlueClient, GetTableCommand, GetPartitionsCommand, BatchCreatePartitionCommand',
  '@aws-sdk/client-redshift-data': 'RedshiftDataClient, ExecuteStatementCommand, DescribeStatementCommand',
  '@aws-sdk/client-bedrock-runtime': 'BedrockRuntimeClient, ConverseStreamCommand',
  '@aws-sdk/client-bedrock-agent-runtime': 'BedrockAgentRuntimeClient, RetrieveCommand',
  '@aws-sdk/client-bedrock-agent':
    'BedrockAgentClient, StartIngestionJobCommand, GetIngestionJobCommand, GetKnowledgeBaseDocumentsCommand',
  '@aws-sdk/client-bedrock':
    'BedrockClient, GetModelInvocationLoggingConfigurationCommand, PutModelInvocationLoggingConfigurationCommand',
  '@aws-sdk/s3-presigned-post': 'createPresignedPost',
  '@aws-sdk/s3-request-presigner': 'getSignedUrl',
  '@smithy/node-http-handler': 'NodeHttpHandler',
  '@aws-sdk/client-kinesis': 'KinesisClient, PutRecordCommand',
};
/** What a handler makes while it is loaded. */
const MADE = {
  '@aws-lambda-powertools/logger': 'new Logger()',
  '@aws-lambda-powertools/metrics': 'new Metrics()',
  '@aws-sdk/lib-dynamodb': 'DynamoDBDocumentClient.from(new DynamoDBClient({}))',
  '@aws-sdk/client-sns': 'new SNSClient({})',
  '@aws-sdk/client-rds-data': 'new RDSDataClient({})',
  hono: "new Hono().get('/', (c) => c.text(''))",
  'zod/mini':
    'strictObject({ title: _default(string().check(refine(Boolean), regex(/x/)), ""), parts: array(int().check(gte(1))).check(minLength(1)) })',
  '@aws-sdk/client-glue': 'new GlueClient({})',
  '@aws-sdk/client-redshift-data': 'new RedshiftDataClient({})',
  '@aws-sdk/client-bedrock-runtime': 'new BedrockRuntimeClient({ requestHandler: new NodeHttpHandler() })',
  '@aws-sdk/client-bedrock-agent-runtime': 'new BedrockAgentRuntimeClient({ requestHandler: new NodeHttpHandler() })',
  '@aws-sdk/client-bedrock-agent': 'new BedrockAgentClient({})',
  '@aws-sdk/client-bedrock': 'new BedrockClient({})',
  '@aws-sdk/client-kinesis': 'new KinesisClient({ requestHandler: new NodeHttpHandler() })',
};
const VARIABLES = [
  'SERVICE_TABLE',
  'OUTBOX_TABLE',
  'CLAIMS_BUCKET',
  'FAN_OUT_TOPIC_ARN',
  'ORDERS_TABLE',
  'ORDERS_BY_CUSTOMER_INDEX',
  'AGGREGATES_TABLE',
  'ALERT_TOPIC_ARN',
  'FAILURES_BUCKET',
  'CATALOG_DATABASE',
];
const env = {
  EVENT_STREAM: 'events',
  ...process.env,
  AWS_REGION: 'eu-west-1',
  NODE_NO_WARNINGS: '1',
  ...Object.fromEntries(VARIABLES.map((name) => [name, 'x'])),
  ALERT_RULES: '[]',
  TABLES: '[]',
  DATABASE_WRITER: 'x:1',
  DATABASE_READER: 'x:1',
  DATABASE_TRUST: 'amazon',
  DATABASE_CONNECT_SECONDS: '1',
  CACHE_ENDPOINT: 'x:1',
  CACHE_NAME: 'x',
  CACHE_USER: 'x',
  UPLOADS_BUCKET: 'x',
  UPLOADS_MAX_BYTES: '1',
  UPLOAD_URL_SECONDS: '300',
  ORIGIN_VERIFIERS: 'x',
  CONVERSATIONS_TABLE: 'x',
  DOCUMENTS_TABLE: 'x',
  DOCUMENTS_BUCKET: 'x',
  DOCUMENTS_MAX_BYTES: '1',
  URL_SECONDS: '300',
  KNOWLEDGE_BASE_ID: 'x',
  DATA_SOURCE_ID: 'x',
  MODEL_ID: 'x',
  GUARDRAIL_ID: 'x',
  GUARDRAIL_VERSION: '1',
  ANSWER_BOUNDS: JSON.stringify({
    maxTokens: 1000,
    maxPassages: 8,
    maxHistoryTokens: 4000,
    dailyTokens: 200_000,
    questionsPerMinute: 10,
    answerSeconds: 100,
    conversationDays: 90,
    maxToolRounds: 3,
  }),
};

/** Milliseconds that a fresh process takes to load a file. */
function load(file) {
  // Lambda gives it to handlers that stream.
  const lambda = 'globalThis.awslambda = { streamifyResponse: (handler) => handler };';
  const script = `${lambda} const t = process.hrtime.bigint(); require(${JSON.stringify(file)}); process.stdout.write(String(process.hrtime.bigint() - t))`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { env, encoding: 'utf8' });
  // The last line: before it Node shows the line of the bundle, which is all of it.
  if (status !== 0)
    throw new Error(stderr.split('\n').find((line) => /^\w*Error/.test(line)) ?? `${file} does not load`);
  return Number(/\d+$/.exec(stdout)[0]) / 1e6;
}

// The least disturbed run: loading a file does the same work each time, and all else only adds to it.
const best = (values) => Math.min(...values);

try {
  const rows = {};
  for (const [name, packages] of Object.entries(FLOORS)) {
    const imports = packages.map((each) => `import { ${USED[each]} } from '${each}';`);
    const used = packages.map((each) => `console.assert(${USED[each].split(', ').join(' && ')});`);
    const made = packages.flatMap((each) => (MADE[each] === undefined ? [] : [`globalThis.made = ${MADE[each]};`]));
    const contents = [...imports, ...used, ...made].join('\n');
    const floor = join(folder, `${name.replace('/', '-')}.js`);
    await build({
      stdin: { contents, resolveDir: root },
      outfile: floor,
      ...HANDLER_BUNDLE,
      logLevel: 'error',
    });
    const handler = join(root, 'dist/handlers', name, 'index.js');
    const times = { handler: [], floor: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      times.handler.push(load(handler));
      times.floor.push(load(floor));
    }
    const [ours, least] = [best(times.handler), best(times.floor)];
    rows[name] = {
      KB: Math.round(statSync(handler).size / 1000),
      'floor KB': Math.round(statSync(floor).size / 1000),
      ms: ours.toFixed(1),
      'floor ms': least.toFixed(1),
      ratio: (ours / least).toFixed(2),
    };
    // Below 10 ms the start of the measurement itself is what is measured.
    if (ours > 10 && ours / least > MAX_RATIO) process.exitCode = 1;
  }
  console.log(`node ${process.version}, best of ${ROUNDS} alternating runs`);
  console.table(rows);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
