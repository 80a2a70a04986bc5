import type { App } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../lib';
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

describe('the built-in CloudFormation validator, as errors', () => {
  const before = process.env['CDK_VALIDATION'];
  beforeAll(() => {
    delete process.env['CDK_VALIDATION'];
  });
  afterAll(() => {
    process.env['CDK_VALIDATION'] = before;
  });

  for (const stage of STAGE_NAMES) {
    it(`finds neither an error nor a warning in ${stage}`, () => {
      const { violations } = validationReport(
        (app) => eventDrivenStack(app, stage),
        () => [],
        true,
      );
      expect(violations).toEqual([]);
    });
  }

  it.each([
    ['dev', 'eu-west-1'],
    ['dev', 'us-east-1'],
    ['prod', 'eu-west-1'],
    ['prod', 'us-east-1'],
  ] as const)('finds neither in %s with an edge, in %s', (stage, region) => {
    const build = (app: App) => eventDrivenStack(app, stage, { edge: {}, env: { region } });
    expect(validationReport(build, () => [], true).violations).toEqual([]);
  });

  for (const stage of STAGE_NAMES) {
    it(`finds neither in the data pipeline in ${stage}`, () => {
      const build = (app: App) => dataPipelineStack(app, stage, { warehouse: true });
      expect(validationReport(build, () => [], true).violations).toEqual([]);
    });
  }

  it('finds neither in the data pipeline with an API for roles', () => {
    const build = (app: App) => dataPipelineStack(app, 'prod', { api: { authorizer: 'iam' } });
    expect(validationReport(build, () => [], true).violations).toEqual([]);
  });

  it.each([
    ['dev', 'opensearch', 'us-east-1'],
    ['staging', 's3-vectors', 'eu-west-1'],
    ['prod', 'opensearch', 'eu-west-1'],
    ['prod', 'opensearch-nextgen', 'eu-west-1'],
  ] as const)(
    'finds neither but what a store warns of in the GenAI application in %s with %s, in %s',
    (stage, store, region) => {
      const build = (app: App) => {
        genAiRagStack(app, stage, { knowledge: { vectorStore: VECTOR_STORES[store]() } }, region);
      };
      const { violations, refused } = validationReport(build, () => [], true);
      expect(violations.map(({ ruleName }) => ruleName)).toEqual(STORE_WARNINGS[store]);
      expect(refused).toBe(false);
    },
  );

  it.each([
    ['dev', 'lambda'],
    ['dev', 'fargate'],
    ['staging', 'lambda'],
    ['prod', 'lambda'],
    ['prod', 'fargate'],
  ] as const)('finds neither in the web app in %s with %s', (stage, compute) => {
    const build = (app: App) => webAppStacks(app, stage, { compute });
    expect(validationReport(build, () => [], true).violations).toEqual([]);
  });

  it.each(['lambda', 'fargate'] as const)('finds neither in the web app in one stack with %s', (compute) => {
    const build = (app: App) => webApp(app, 'prod', { compute });
    expect(validationReport(build, () => [], true).violations).toEqual([]);
  });

  it('finds neither with fifo', () => {
    const { violations } = validationReport(
      (app) => eventDrivenStack(app, 'prod', { fifo: true }),
      () => [],
      true,
    );
    expect(violations).toEqual([]);
  });

  it('is really on', () => {
    const build = (app: Parameters<typeof eventDrivenStack>[0]) => {
      new sqs.CfnQueue(eventDrivenStack(app), 'Bad', { messageRetentionPeriod: 5 });
    };
    expect(validationReport(build, () => [], true).refused).toBe(true);
  });
});
