import { join } from 'node:path';
import { type App, Duration } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STAGE_NAMES, type StageName } from '../../lib';
import { allPacks } from '../../lib/checks/all-packs';
import {
  dataPipelineStack,
  eventDrivenStack,
  genAiRagStack,
  STORE_WARNINGS,
  VECTOR_STORES,
  validationReport,
  webApp,
  webAppStacks,
} from '../synthesize';

/** A handler of a user's own; what it does is of no matter here. */
const LOYALTY = join(__dirname, '../package/fresh-app/loyalty.ts');

/** The GenAI application with everything that an option or one line adds. */
function genAi(app: App, stage: StageName, store: keyof typeof VECTOR_STORES, region: string): void {
  const answers = { invocationLogs: true };
  const knowledge = { vectorStore: VECTOR_STORES[store]() };
  const { rag } = genAiRagStack(app, stage, { answers, knowledge }, region);
  rag.denyTopic({ name: 'Legal advice', definition: 'Advice on what the law allows or demands.' });
  rag.addDataSource('Manuals', { bucket: Bucket.fromBucketName(rag, 'Theirs', 'manuals-of-acme') });
  rag.addTool('points', {
    entry: LOYALTY,
    description: 'Tells how many points somebody has.',
    inputSchema: { type: 'object' },
  });
}

/** The vector stores of the GenAI application. */
const STORES = Object.keys(VECTOR_STORES) as (keyof typeof VECTOR_STORES)[];

/** What is judged: each way to build a pattern, in a stage. Each is synthesized once. */
interface Variant {
  readonly stage: StageName;
  /** Rules whose warnings it has, and that stop no synth. @default - none */
  readonly warnings?: readonly string[];
  readonly build: (app: App) => void;
}

const VARIANTS: Readonly<Record<string, Variant>> = Object.fromEntries([
  ...STAGE_NAMES.flatMap((stage) => [
    ...[false, true].map((fifo) => [
      `the event-driven pattern in ${stage}${fifo ? ' with fifo' : ''}`,
      {
        stage,
        build: (app: App) => eventDrivenStack(app, stage, { fifo, allowedOrigins: ['https://shop.example.com'] }),
      },
    ]),
    [
      `the data pipeline in ${stage}`,
      {
        stage,
        build: (app: App) => {
          const alerts = [{ name: 'rush', of: 'events', above: 1000 }] as const;
          // Without a region there is a warning of the warehouse's zones.
          const env = { region: 'eu-west-1' };
          const { pipeline } = dataPipelineStack(app, stage, { alerts, warehouse: true, env });
          pipeline.addConsumer('fraud', { entry: LOYALTY });
        },
      },
    ],
    [
      `the web app in ${stage} with lambda`,
      {
        stage,
        build: (app: App) => {
          const { application } = webAppStacks(app, stage, { compute: 'lambda' });
          application.addRoute('GET /api/reports/{month}', { entry: LOYALTY, timeout: Duration.seconds(10) });
        },
      },
    ],
    [
      `the web app in ${stage} with fargate`,
      { stage, build: (app: App) => webAppStacks(app, stage, { compute: 'fargate' }) },
    ],
    ...STORES.map((store) => [
      // Elsewhere than CloudFront's own part.
      `the GenAI application in ${stage} with ${store}`,
      { stage, warnings: STORE_WARNINGS[store], build: (app: App) => genAi(app, stage, store, 'eu-west-1') },
    ]),
  ]),
  ...(['dev', 'prod'] as const).flatMap((stage) =>
    ['eu-west-1', 'us-east-1'].map((region) => [
      `the event-driven pattern in ${stage} with an edge, in ${region}`,
      { stage, build: (app: App) => eventDrivenStack(app, stage, { edge: {}, env: { region } }) },
    ]),
  ),
  [
    'the data pipeline with an API for roles',
    {
      stage: 'prod',
      build: (app: App) =>
        dataPipelineStack(app, 'prod', { api: { authorizer: 'iam', allowedOrigins: ['https://shop.example.com'] } }),
    },
  ],
  [
    'the data pipeline with no API',
    { stage: 'prod', build: (app: App) => dataPipelineStack(app, 'prod', { api: false }) },
  ],
  ...(['lambda', 'fargate'] as const).map((compute) => [
    `the web app in one stack with ${compute}`,
    { stage: 'prod', build: (app: App) => webApp(app, 'prod', { compute }) },
  ]),
  [
    'the GenAI application in one region with its edge',
    {
      stage: 'dev',
      warnings: STORE_WARNINGS.opensearch,
      build: (app: App) => genAi(app, 'dev', 'opensearch', 'us-east-1'),
    },
  ],
]);

const reports = new Map<string, ReturnType<typeof validationReport>>();

/** What our rules, the packs of cdk-nag and CDK's own validator say of a variant, its warnings as errors. */
function reportOf(name: string): ReturnType<typeof validationReport> {
  const known = reports.get(name);
  if (known !== undefined) return known;
  const variant = VARIANTS[name];
  if (variant === undefined) throw new Error(`There is no ${name}`);
  const report = validationReport(variant.build, (app) => allPacks(app, { strict: variant.stage !== 'dev' }), {
    validator: true,
    keep: true,
  });
  reports.set(name, report);
  return report;
}

const packs = (app: App) => allPacks(app, { strict: false });

/** CDK's own validator, which the tests' environment turns off: it costs three CPU seconds a process. */
const before = process.env['CDK_VALIDATION'];
beforeAll(() => {
  delete process.env['CDK_VALIDATION'];
});
afterAll(() => {
  process.env['CDK_VALIDATION'] = before;
});

describe("our rules, cdk-nag (AwsSolutions, Serverless, NIST 800-53 R5, HIPAA, PCI), and CDK's validator", () => {
  it.each(Object.entries(VARIANTS))(
    "find nothing unacknowledged but a store's own warning in %s",
    (name, { warnings = [] }) => {
      const { violations, refused } = reportOf(name);
      expect(violations.map(({ ruleName }) => ruleName)).toEqual(warnings);
      expect(refused).toBe(false);
    },
  );

  it('find what the pattern would have without its handling', () => {
    const { violations, refused } = validationReport((app) => {
      new sqs.Queue(eventDrivenStack(app), 'Bare');
    }, packs);
    expect(refused).toBe(true);
    expect(violations.map(({ ruleName }) => ruleName)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('AwsSolutions-SQS3'),
        expect.stringContaining('Groundplan-sqs-dlq-required'),
      ]),
    );
  });

  it("are really on: CDK's validator alone refuses a value", () => {
    const build = (app: App) => {
      new sqs.CfnQueue(eventDrivenStack(app), 'Bad', { messageRetentionPeriod: 5 });
    };
    expect(validationReport(build, () => [], { validator: true }).refused).toBe(true);
  });

  it('acknowledge on the resource that has the finding, each time with a reason', () => {
    for (const finding of Object.keys(VARIANTS).flatMap((name) => reportOf(name).acknowledged)) {
      expect(finding.violatingConstructs.map(({ constructPath }) => constructPath)).toEqual([finding.acknowledgedAt]);
      expect((finding.reason ?? '').length, finding.ruleName).toBeGreaterThan(40);
    }
  });

  it('acknowledge no more than this', () => {
    const distinct = new Set<string>();
    for (const [name, { stage }] of Object.entries(VARIANTS)) {
      if (stage !== 'prod') continue;
      // The pack stands in the rule's name; the logical id of the claims bucket is noise.
      for (const { ruleName, reason } of reportOf(name).acknowledged)
        distinct.add(`${ruleName.replace(/<[^>]+>|\{"Fn.+\}\}/, '<...>')}: ${reason}`);
    }
    expect([...distinct].sort().join('\n')).toMatchSnapshot();
  });
});
