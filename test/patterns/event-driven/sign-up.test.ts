// @project memory
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalEngine } from '../../../local/engine/local-engine';
import { userPoolOf } from '../../../local/scenarios/site-place';
import { stackOf } from '../../assemblies';

/** A day of a pool: who signs up, and what the operator hears of it. */
describe('sign-up from some mail domains, with the alarms of staging', () => {
  const logged: string[] = [];
  let engine: LocalEngine;

  beforeAll(async () => {
    const stack = await stackOf('EventDriven', { stage: 'staging', props: { allowedEmailDomains: ['example.com'] } });
    engine = await LocalEngine.start(stack, { onLog: (_, line) => logged.push(line) });
  });
  afterAll(() => engine.stop());

  const signUp = (user: string) => engine.during(userPoolOf(engine).admit(user, 'client'));

  it('lets in whose address is of a domain', async () => {
    await expect(signUp('ann@example.com')).resolves.toBeUndefined();
  });

  it('refuses others as Cognito does, and notifies no operator', async () => {
    for (let n = 0; n < 50; n += 1) {
      await expect(signUp(`ann${n}@example.net`)).rejects.toMatchObject({
        code: 'UserLambdaValidationException',
        message: 'PreSignUp failed with error Only e-mail addresses of certain domains may sign up.',
      });
    }
    await engine.settle();
    // What Lambda's runtime says of each refusal, and what it counts.
    expect(logged.filter((line) => line.includes('"level":"ERROR"'))).toHaveLength(50);
    expect(engine.firedAlarms()).toEqual([]);
  });

  it('pages for a check that does not work', async () => {
    const handler = engine.find('AWS::Lambda::Function', 'ShopSignUp');
    const fn = engine.functions.get(handler.logicalId);
    await expect(engine.during(fn?.invoke({ request: {} }) ?? Promise.resolve())).rejects.toThrow();
    await engine.settle();
    expect(engine.firedAlarms().filter((id) => id.includes('SignUp'))).toHaveLength(1);
  });
});
