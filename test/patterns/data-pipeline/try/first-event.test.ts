import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws/service';
import type { OnCall } from '../../../../local/aws/wire';
import { serveApi } from '../../../../local/cli/api-server';
import { WallClock } from '../../../../local/clock/wall-clock';
import { operatorServices } from '../../../../local/engine/operator-services';
import { timeOf } from '../../../lib/operations/terminal-fixture';
import { commandsIn, pasted } from '../../../lib/operations/try/shell-fixture';
import { type Trying, withTrying } from '../../../lib/operations/try/try-fixture';
import { type RunOptions, withDataPipeline } from '../engine-fixture';

/** A running pipeline, and a user who tries it. */
async function withTriedPipeline(
  { onCall, ...options }: RunOptions,
  use: (trying: Trying & { readonly poolIds: readonly string[] }) => Promise<void>,
) {
  const clock = new WallClock();
  try {
    await withDataPipeline({ ...options, clock }, async (engine) => {
      const api = await serveApi(engine.api, 0);
      const poolIds = [...engine.userPools.values()].map(({ id }) => id);
      try {
        const services = operatorServices(engine, { EventsUrl: `${api.url}/events` });
        await withTrying(services, { time: timeOf(clock), onCall }, (trying) => use({ ...trying, poolIds }));
      } finally {
        await api.close();
      }
    });
  } finally {
    clock.stop();
  }
}

/** An operator who may do everything but read the totals. */
const withoutTotals: OnCall = ({ service }) => {
  if (service === 'dynamodb') throw new AwsError('AccessDeniedException', 'no');
};

describe('groundplan try on the pipeline', () => {
  it('sends an event, and shows what it was added to; what it prints does it again', async () => {
    await withTriedPipeline({}, async ({ run, users, poolIds, endpoint }) => {
      const { code, out } = await run('DataPipeline');
      expect([code, poolIds.map(users)]).toEqual([0, [[]]]);
      expect(out).toMatch(
        /POST http:\S+\/events\n{"event_id":"[0-9a-f-]{36}","event_type":"purchase".*\n200 {"SequenceNumber":"\d+"/,
      );
      expect(out).toMatch(/\nLive totals of \d{4}-\d\d-\d\d \d\d:\d\d: events 1, purchase 1, amount_cents 1990\./);
      expect(out).toMatch(/saved query EventsPerMinute in Athena's workgroup \S+\./);
      const again = await pasted(commandsIn(out), endpoint);
      expect([again.code, again.out]).toEqual([0, expect.stringContaining('"SequenceNumber"')]);
    });
  });

  it('says how to read the totals, for who may not', async () => {
    await withTriedPipeline({ onCall: withoutTotals }, async ({ run }) => {
      const { code, out } = await run('DataPipeline');
      expect(code).toBe(0);
      expect(out).toMatch(
        /The live totals cannot be read \(dynamodb:Query, .*aws dynamodb query --region eu-west-1 --table-name \S+ /,
      );
    });
  });

  it('makes no user where roles send the events', async () => {
    await withTriedPipeline({ props: { api: { authorizer: 'iam' } } }, async ({ run, calls }) => {
      const { code, err } = await run('DataPipeline');
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/^DataPipeline has no output Try: .* or its callers are roles of IAM\./),
      ]);
      expect(calls.filter((call) => call.startsWith('cognito-idp'))).toEqual([]);
    });
  });
});
