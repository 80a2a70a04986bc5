// @project proofs

import { CfnOutput, Stack } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addTryOutput, stages } from '../../../../lib';
import { readStack } from '../../../../local/assembly/cloud-assembly';
import { WallClock } from '../../../../local/clock/wall-clock';
import { operatorServices } from '../../../../local/engine/operator-services';
import { startWebApp, type WebAppPlace } from '../../../../patterns/web-app/local/place';
import { timeOf } from '../../../lib/operations/terminal-fixture';
import { commandsIn, pasted } from '../../../lib/operations/try/shell-fixture';
import { type Trying, withTrying } from '../../../lib/operations/try/try-fixture';
import { testApp, webApp } from '../../../synthesize';

/** The construct in a stack of one's own, with the outputs that `groundplan try` reads. */
function ownStack() {
  const app = testApp();
  const { url, data, application } = webApp(app);
  const stack = Stack.of(data);
  new CfnOutput(stack, 'Url', { value: url });
  new CfnOutput(stack, 'UserPoolId', { value: data.userPool.userPoolId });
  new CfnOutput(stack, 'UserPoolClientId', { value: application.client.userPoolClientId });
  addTryOutput(stack, { pattern: 'web-app', stage: stages.dev, userPool: data.userPool });
  return readStack(app.synth().directory, 'WebApp');
}

describe('groundplan try on the web app, in a stack of ones own', () => {
  let clock: WallClock;
  let place: WebAppPlace;
  beforeAll(async () => {
    clock = new WallClock();
    place = await startWebApp(ownStack(), { clock });
  });
  afterAll(async () => {
    await place?.stop();
    clock.stop();
  });

  const trying = (use: (each: Trying) => Promise<void>) =>
    withTrying(operatorServices(place.engine, { Url: place.url }), { time: timeOf(clock) }, use);
  const poolId = () => [...place.engine.userPools.values()][0]?.id ?? '';

  it('makes an item, reads it back, and leaves nothing; what it prints does it again', async () => {
    await trying(async ({ run, users, endpoint }) => {
      const { code, out, err } = await run('WebApp');
      expect([code, users(poolId())]).toEqual([0, []]);
      const [, id = ''] = /201 {"id":"([0-9a-f-]{36})","title":"First item"/.exec(out) ?? [];
      expect(out).toMatch(new RegExp(`GET ${place.url}/api/items/${id}\n200 {"id":"${id}"`));
      expect(out).toContain(`The item is deleted again. The site is at ${place.url}`);
      expect(err).not.toContain('Not deleted');
      const again = await pasted(commandsIn(out).replace(/\naws cognito-idp admin-delete-user.*/, ''), endpoint);
      expect([again.code, JSON.parse(again.out)]).toEqual([0, expect.objectContaining({ title: 'First item' })]);
    });
  });

  it('keeps the item with the user', async () => {
    await trying(async ({ run, users }) => {
      const { code, out } = await run('WebApp --keep --email you@example.com');
      expect([code, users(poolId())]).toEqual([0, ['you@example.com']]);
      expect(out).toContain('The item stays.');
    });
  });
});
