import { type App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Secret } from 'aws-cdk-lib/aws-ecs';
import { Secret as StoredSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES, type StageName } from '../../../lib';
import { allPacks } from '../../../lib/checks/all-packs';
import { type ReportedFinding, validationReport } from '../../synthesize';
import { fargateFixture } from './fargate-fixture';

/** Everything on: two instances, a secret, TLS on one of them, and a grant. */
function buildAll(app: App, stage: StageName): void {
  const { stack, api, make } = fargateFixture(app, stage);
  const elsewhere = new Stack(app, 'Elsewhere');
  const stored = new StoredSecret(elsewhere, 'Stored');
  const arn = 'arn:aws:acm:eu-west-1:111122223333:certificate/abc';
  make('Second', {
    secrets: { KEY: Secret.fromSecretsManager(stored) },
    tls: { certificate: Certificate.fromCertificateArn(stack, 'Certificate', arn), domainName: 'origin.example.com' },
  });
  stored.grantRead(api);
}

/** Alarms, which are the pattern's to make. */
const ALARMS = /^Groundplan-(pattern-has-alarms|cw-error-rate-alarm|cw-p99-latency-alarm|cw-log-metric-filter)$/;

/** Findings on what the block makes: the fixture's own VPC and distribution are judged where they belong. */
function ofTheBlock(findings: readonly ReportedFinding[]): [string, string][] {
  return findings.flatMap(({ ruleName, violatingConstructs }) =>
    violatingConstructs
      .map(({ constructPath }): [string, string] => [ruleName, constructPath])
      .filter(([, path]) => /^Mine\/(Api|Second|AWS679f|Custom)/.test(path)),
  );
}

describe('an API on Fargate, judged by every pack', () => {
  it.each(STAGE_NAMES)('has nothing unacknowledged in %s, alarms apart', (stage) => {
    const { violations } = validationReport(
      (app) => buildAll(app, stage),
      (app) => allPacks(app, { strict: stage !== 'dev' }),
    );
    expect(ofTheBlock(violations).filter(([rule]) => !ALARMS.test(rule))).toEqual([]);
  });

  it('is really judged', () => {
    const { violations } = validationReport(
      (app) => buildAll(app, 'prod'),
      (app) => allPacks(app),
    );
    expect(ofTheBlock(violations)).toContainEqual(['Groundplan-pattern-has-alarms', 'Mine/Api/Service/Service']);
  });

  it('acknowledges on the resource that has the finding, each time with a reason', () => {
    const { acknowledged } = validationReport(
      (app) => buildAll(app, 'dev'),
      (app) => allPacks(app),
    );
    expect(ofTheBlock(acknowledged).length).toBeGreaterThan(20);
    for (const finding of acknowledged) {
      expect(finding.violatingConstructs.map(({ constructPath }) => constructPath)).toEqual([finding.acknowledgedAt]);
      expect((finding.reason ?? '').length, finding.ruleName).toBeGreaterThan(40);
    }
  });

  it.each(STAGE_NAMES)("has neither an error nor a warning of CDK's own validator in %s", (stage) => {
    const before = process.env['CDK_VALIDATION'];
    delete process.env['CDK_VALIDATION'];
    try {
      const { violations } = validationReport(
        (app) => buildAll(app, stage),
        () => [],
        { validator: true },
      );
      expect(violations).toEqual([]);
    } finally {
      process.env['CDK_VALIDATION'] = before;
    }
  });
});
