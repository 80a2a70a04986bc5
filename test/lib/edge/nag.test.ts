import type { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { allPacks } from '../../../lib/checks/all-packs';
import { validationReport } from '../../synthesize';
import { edgeStack, IRELAND, VIRGINIA } from './edge-fixture';

describe('the edge under our rules and every pack of cdk-nag', () => {
  for (const stage of STAGE_NAMES) {
    for (const [place, env] of [
      ['Ireland', IRELAND],
      ['us-east-1', VIRGINIA],
    ] as const) {
      it(`has no finding without a reason in ${stage} in ${place}`, () => {
        const { violations, acknowledged } = validationReport(
          (app: App) => {
            edgeStack(app, env, { stage });
          },
          (app) => allPacks(app, { strict: stage !== 'dev' }),
        );
        expect(
          violations
            .map(({ ruleName, violatingConstructs }) => [
              ruleName,
              ...violatingConstructs.map((at) => at.constructPath),
            ])
            // Alarms are the pattern's, which knows what else to watch.
            .filter(([rule]) => !rule?.endsWith('-alarm') && rule !== 'Groundplan-pattern-has-alarms'),
        ).toEqual([]);
        for (const { violatingConstructs, acknowledgedAt, reason, ruleName } of acknowledged) {
          expect(violatingConstructs.map(({ constructPath }) => constructPath)).toEqual([acknowledgedAt]);
          expect((reason ?? '').length, ruleName).toBeGreaterThan(40);
        }
      });
    }
  }
});
