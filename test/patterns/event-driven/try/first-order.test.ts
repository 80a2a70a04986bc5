import { describe, expect, it } from 'vitest';
import { serveApi } from '../../../../local/cli/api-server';
import { WallClock } from '../../../../local/clock/wall-clock';
import { operatorServices } from '../../../../local/engine/operator-services';
import { effects } from '../../../../patterns/event-driven/local/traffic';
import { timeOf } from '../../../lib/operations/terminal-fixture';
import { commandsIn, pasted } from '../../../lib/operations/try/shell-fixture';
import { type Trying, withTrying } from '../../../lib/operations/try/try-fixture';
import { type RunOptions, withEventDriven } from '../engine-fixture';

interface TriedShop {
  readonly poolId: string;
  /** Orders that were paid. */
  readonly charged: () => readonly string[];
  /** What the deployment's output says to paste. */
  readonly line: () => string;
}

/** A running shop, and a user who tries it. */
async function withTriedShop(options: RunOptions, use: (trying: Trying & TriedShop) => Promise<void>) {
  const clock = new WallClock();
  try {
    await withEventDriven({ ...options, clock }, async (engine) => {
      const api = await serveApi(engine.api, 0);
      const poolId = engine.find('AWS::Cognito::UserPool', 'ShopUsers').name;
      const charged = () => effects(engine, 'ShopBillingTable', 'payment');
      const line = () => String(engine.template.output('Try'));
      try {
        const services = operatorServices(engine, { ApiUrl: `${api.url}/` });
        await withTrying(services, { time: timeOf(clock) }, (trying) => use({ ...trying, poolId, charged, line }));
      } finally {
        await api.close();
      }
    });
  } finally {
    clock.stop();
  }
}

describe('groundplan try on the shop', () => {
  it('places an order, reads it back, and leaves no user; what it prints does it again', async () => {
    await withTriedShop({}, async ({ run, users, poolId, endpoint, charged }) => {
      const { code, out, err, listening } = await run('EventDriven --region eu-west-1');
      expect([code, listening, users(poolId)]).toEqual([0, 0, []]);
      expect(err).toMatch(/^Making the user try-[0-9a-f]{8}@example\.com in eu-west-1_\w+ …$/);
      const [, orderId = ''] = /202 {"orderId":"(ord_[0-9a-f]{32})","status":"accepted"/.exec(out) ?? [];
      expect(out).toMatch(new RegExp(`GET http://127\\.0\\.0\\.1:\\d+/orders/${orderId}\n200 {"orderId":"${orderId}"`));
      expect(out).not.toMatch(/eyJ/);
      await expect.poll(charged, { timeout: 20_000 }).toEqual([orderId]);

      const again = await pasted(commandsIn(out).split('\naws cognito-idp admin-delete-user')[0] ?? '', endpoint);
      expect([again.code, JSON.parse(again.out)]).toEqual([0, expect.objectContaining({ status: 'accepted' })]);
      expect(users(poolId)).toHaveLength(1);
      await pasted(
        commandsIn(out)
          .split('\n')
          .filter((line) => line.includes('admin-delete-user'))
          .join('\n'),
        endpoint,
      );
      expect(users(poolId)).toEqual([]);
    });
  });

  it('keeps the user whom one names, and says the password once', async () => {
    await withTriedShop({}, async ({ run, users, poolId, endpoint }) => {
      const { code, out } = await run('EventDriven --keep --email you+shop@example.com');
      expect([code, users(poolId)]).toEqual([0, ['you+shop@example.com']]);
      expect(out.match(/Try-1[\w-]{24}/g)).toHaveLength(1);
      expect(out).not.toContain('admin-create-user');
      const { code: status } = await pasted(commandsIn(out), endpoint);
      expect([status, users(poolId)]).toEqual([0, []]);
    });
  });

  it('is the line in the outputs, with the name that the stack has', async () => {
    await withTriedShop({ stackName: 'EventDriven-my-branch' }, async ({ run, line, users, poolId }) => {
      expect(line()).toBe('npx groundplan try EventDriven-my-branch --region eu-west-1');
      const { code } = await run(line().replace('npx groundplan try ', ''));
      expect([code, users(poolId)]).toEqual([0, []]);
    });
  });

  it.each(['staging', 'prod'] as const)('makes nothing in %s, and says how to make a user there', async (stage) => {
    await withTriedShop({ stage }, async ({ run, users, poolId, calls }) => {
      const { code, out, err } = await run('EventDriven');
      expect([code, out, users(poolId)]).toEqual([2, '', []]);
      expect(err).toMatch(
        `EventDriven is of stage ${stage}; groundplan try makes users in stage dev alone, and made nothing.`,
      );
      expect(err).toContain(`aws cognito-idp admin-create-user --region eu-west-1 --user-pool-id ${poolId} `);
      expect(calls).toEqual(['cloudformation:DescribeStacks', 'cloudformation:GetTemplate']);
    });
  });
});
