import { join } from 'node:path';
import { type App, Duration } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES, type StageName } from '../../lib';
import { allPacks } from '../../lib/checks/all-packs';
import {
  dataPipelineStack,
  eventDrivenStack,
  genAiRagStack,
  STORE_WARNINGS,
  VECTOR_STORES,
  validationReport,
  webAppStacks,
} from '../synthesize';

/** A handler of a user's own; what it does is of no matter here. */
const LOYALTY = join(__dirname, '../package/fresh-app/loyalty.ts');

/** The GenAI application with everything that an option or one line adds, elsewhere than CloudFront's own part. */
function genAi(app: App, stage: StageName, store: keyof typeof VECTOR_STORES): void {
  const answers = { invocationLogs: true };
  const { rag } = genAiRagStack(
    app,
    stage,
    { answers, knowledge: { vectorStore: VECTOR_STORES[store]() } },
    'eu-west-1',
  );
  rag.denyTopic({ name: 'Legal advice', definition: 'Advice on what the law allows or demands.' });
  rag.addDataSource('Manuals', { bucket: Bucket.fromBucketName(rag, 'Theirs', 'manuals-of-acme') });
  rag.addTool('points', {
    entry: LOYALTY,
    description: 'Tells how many points somebody has.',
    inputSchema: { type: 'object' },
  });
}

const STORES = Object.keys(VECTOR_STORES) as (keyof typeof VECTOR_STORES)[];

const packs = (app: App) => allPacks(app, { strict: false });

describe('our rules, and cdk-nag: AwsSolutions, Serverless, NIST 800-53 R5, HIPAA, PCI', () => {
  for (const stage of STAGE_NAMES) {
    for (const fifo of [false, true]) {
      it(`finds nothing unacknowledged in ${stage}${fifo ? ' with fifo' : ''}`, () => {
        const build = (app: App) => {
          eventDrivenStack(app, stage, { fifo, allowedOrigins: ['https://shop.example.com'] });
        };
        const all = (app: App) => allPacks(app, { strict: stage !== 'dev' });
        const { violations } = validationReport(build, all);
        expect(violations.map(({ ruleName, violatingConstructs }) => [ruleName, violatingConstructs])).toEqual([]);
      });
    }
  }

  it.each([
    ['dev', 'eu-west-1'],
    ['dev', 'us-east-1'],
    ['prod', 'eu-west-1'],
    ['prod', 'us-east-1'],
  ] as const)('finds nothing unacknowledged in %s with an edge, in %s', (stage, region) => {
    const build = (app: App) => eventDrivenStack(app, stage, { edge: {}, env: { region } });
    const { violations } = validationReport(build, (app) => allPacks(app, { strict: stage !== 'dev' }));
    expect(violations.map(({ ruleName, violatingConstructs }) => [ruleName, violatingConstructs])).toEqual([]);
  });

  for (const stage of STAGE_NAMES) {
    it(`finds nothing unacknowledged in the data pipeline in ${stage}`, () => {
      const build = (app: App) => {
        const { pipeline } = dataPipelineStack(app, stage, {
          alerts: [{ name: 'rush', of: 'events', above: 1000 }],
          warehouse: true,
        });
        pipeline.addConsumer('fraud', { entry: LOYALTY });
      };
      const all = (app: App) => allPacks(app, { strict: stage !== 'dev' });
      const { violations } = validationReport(build, all);
      expect(violations.map(({ ruleName, violatingConstructs }) => [ruleName, violatingConstructs])).toEqual([]);
    });
  }

  it.each([
    ['an API for roles', { authorizer: 'iam', allowedOrigins: ['https://shop.example.com'] }],
    ['no API', false],
  ] as const)('finds nothing unacknowledged in the data pipeline with %s', (_, api) => {
    const build = (app: App) => dataPipelineStack(app, 'prod', { api });
    const { violations } = validationReport(build, (app) => allPacks(app, { strict: true }));
    expect(violations.map(({ ruleName, violatingConstructs }) => [ruleName, violatingConstructs])).toEqual([]);
  });

  for (const stage of STAGE_NAMES) {
    it.each(['lambda', 'fargate'] as const)(
      `finds nothing unacknowledged in the web app in ${stage} with %s`,
      (compute) => {
        const build = (app: App) => {
          const { application } = webAppStacks(app, stage, { compute });
          if (compute === 'fargate') return;
          application.addRoute('GET /api/reports/{month}', { entry: LOYALTY, timeout: Duration.seconds(10) });
        };
        const all = (app: App) => allPacks(app, { strict: stage !== 'dev' });
        const { violations } = validationReport(build, all);
        expect(violations.map(({ ruleName, violatingConstructs }) => [ruleName, violatingConstructs])).toEqual([]);
      },
    );
  }

  for (const stage of STAGE_NAMES) {
    it.each(STORES)(
      `finds nothing unacknowledged but the store's own warning in the GenAI application in ${stage} with %s`,
      (store) => {
        const build = (app: App) => genAi(app, stage, store);
        const all = (app: App) => allPacks(app, { strict: stage !== 'dev' });
        const { violations, refused } = validationReport(build, all);
        expect(violations.map(({ ruleName }) => ruleName)).toEqual(STORE_WARNINGS[store]);
        expect(refused).toBe(false);
      },
    );
  }

  it('finds what the pattern would have without its handling', () => {
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

  it('acknowledges on the resource that has the finding, each time with a reason', () => {
    const { acknowledged } = validationReport((app) => {
      eventDrivenStack(app, 'prod', { edge: {}, env: { region: 'eu-west-1' } });
      webAppStacks(app, 'prod');
      genAi(app, 'prod', 'opensearch');
    }, packs);
    for (const finding of acknowledged) {
      expect(finding.violatingConstructs.map(({ constructPath }) => constructPath)).toEqual([finding.acknowledgedAt]);
      expect((finding.reason ?? '').length, finding.ruleName).toBeGreaterThan(40);
    }
  });

  it('acknowledges no more than this', () => {
    const distinct = new Set<string>();
    for (const props of [{ fifo: false }, { fifo: true }, { edge: {}, env: { region: 'eu-west-1' } }]) {
      const { acknowledged } = validationReport((app) => {
        eventDrivenStack(app, 'prod', props);
      }, packs);
      // The pack stands in the rule's name; the logical id of the claims bucket is noise.
      for (const { ruleName, reason } of acknowledged)
        distinct.add(`${ruleName.replace(/<[^>]+>/, '<...>')}: ${reason}`);
    }
    const { acknowledged } = validationReport((app) => {
      dataPipelineStack(app, 'prod', { warehouse: true }).pipeline.addConsumer('fraud', { entry: LOYALTY });
    }, packs);
    for (const { ruleName, reason } of acknowledged) distinct.add(`${ruleName.replace(/<[^>]+>/, '<...>')}: ${reason}`);
    for (const compute of ['lambda', 'fargate'] as const) {
      const { acknowledged } = validationReport((app) => {
        webAppStacks(app, 'prod', { compute });
      }, packs);
      for (const { ruleName, reason } of acknowledged)
        distinct.add(`${ruleName.replace(/<[^>]+>|\{"Fn.+\}\}/, '<...>')}: ${reason}`);
    }
    for (const store of STORES) {
      const { acknowledged } = validationReport((app) => genAi(app, 'prod', store), packs);
      for (const { ruleName, reason } of acknowledged)
        distinct.add(`${ruleName.replace(/<[^>]+>|\{"Fn.+\}\}/, '<...>')}: ${reason}`);
    }
    expect([...distinct].sort().join('\n')).toMatchSnapshot();
  });
});
