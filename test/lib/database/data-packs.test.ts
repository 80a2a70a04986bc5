import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HandlerCode, STAGE_NAMES, type StageName } from '../../../lib';
import { allPacks } from '../../../lib/checks/all-packs';
import { DatabaseSchema } from '../../../lib/database/schema';
import { type ReportedFinding, validationReport } from '../../synthesize';
import { type DataStackProps, dataStack } from './data-stack-fixture';

const ENTRY = join(__dirname, '../../../patterns/web-app/handlers/migrate.ts');

/** The blocks alone have no alarms; a pattern has. */
const OF_A_PATTERN = /Groundplan-[a-z-]+-alarms?$/;

const named = (violations: readonly ReportedFinding[]) =>
  violations
    .filter(({ ruleName }) => !OF_A_PATTERN.test(ruleName))
    .map(({ ruleName, violatingConstructs }) => [
      ruleName,
      violatingConstructs.map(({ constructPath }) => constructPath),
    ]);

function build(stage: StageName, props: DataStackProps = {}) {
  return (app: App) => {
    const {
      stack,
      stage: settings,
      encryptionKey,
      database,
      network,
    } = dataStack({
      app,
      stage,
      env: { region: 'eu-west-1' },
      ...props,
    });
    network.addInterfaceEndpoints(InterfaceVpcEndpointAwsService.ECR);
    const { cluster, secret, databaseName } = database;
    const code = HandlerCode.entry(ENTRY);
    const common = { stage: settings, encryptionKey, cluster, secret, databaseName, code };
    new DatabaseSchema(stack, 'Schema', { ...common, user: 'app', version: '1' });
  };
}

const CASES: readonly (readonly [string, StageName, DataStackProps])[] = [
  ...STAGE_NAMES.map((stage) => [stage, stage, {}] as const),
  ['prod in a region', 'prod', { env: { account: '111122223333', region: 'eu-west-1' } }],
  ['staging with a regional NAT', 'staging', { network: { nat: 'regional', egressGbPerMonth: 1000 } }],
];

describe('network and data, by our rules and those of cdk-nag', () => {
  it.each(CASES)('have nothing unacknowledged in %s', (_, stage, props) => {
    const { violations } = validationReport(build(stage, props), (app) => allPacks(app, { strict: stage !== 'dev' }));
    expect(named(violations)).toEqual([]);
  });

  it('acknowledge on the resource that has the finding, each time with a reason', () => {
    const { acknowledged } = validationReport(build('dev'), (app) => allPacks(app, { strict: false }));
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const finding of acknowledged) {
      expect(finding.violatingConstructs.map(({ constructPath }) => constructPath)).toEqual([finding.acknowledgedAt]);
      expect((finding.reason ?? '').length, finding.ruleName).toBeGreaterThan(40);
    }
  });
});

describe('network and data, by the built-in CloudFormation validator', () => {
  const before = process.env['CDK_VALIDATION'];
  beforeAll(() => {
    delete process.env['CDK_VALIDATION'];
  });
  afterAll(() => {
    process.env['CDK_VALIDATION'] = before;
  });

  it.each(CASES)('have no finding in %s', (_, stage, props) => {
    expect(named(validationReport(build(stage, props), () => [], { validator: true }).violations)).toEqual([]);
  });
});
