import { beforeEach, describe, expect, it } from 'vitest';
import { LocalEventBus } from '../../../local/engine/event-bus';
import { Failure, RefusedDelivery } from '../../../local/engine/failure';
import { EngineFixture, LOCATION } from './engine-fixture';

let fixture: EngineFixture;
let dead: unknown[];
let reasons: Readonly<Record<string, string>>[];
beforeEach(() => {
  fixture = new EngineFixture();
  dead = [];
  reasons = [];
});

/** A bus with one rule and one target that behaves as told. */
function bus(target: object, deliver: (attempt: number) => void) {
  let attempts = 0;
  const rule = {
    logicalId: 'Rule',
    type: 'AWS::Events::Rule',
    name: 'Bus|Rule',
    arn: 'arn:rule',
    attributes: {},
    properties: {
      EventBusName: 'Bus',
      State: 'ENABLED',
      EventPattern: { source: ['shop'] },
      Targets: [{ Arn: 'arn:t', ...target }],
    },
  };
  const made = new LocalEventBus([rule], {
    location: LOCATION,
    clock: fixture.clock,
    newId: () => 'id',
    metrics: fixture.metrics,
    deliver: async () => {
      attempts += 1;
      deliver(attempts);
    },
    deadLetter: async (_, event, why) => {
      dead.push(event);
      reasons.push(why);
    },
  });
  return { bus: made, attempts: () => attempts };
}

const DEAD = { DeadLetterConfig: { Arn: 'arn:dead' } };

describe('a rule', () => {
  it('delivers what its pattern matches, once', async () => {
    const { bus: one, attempts } = bus(DEAD, () => undefined);
    one.put('shop', 'a', {});
    one.put('other', 'a', {});
    await fixture.clock.settle();
    expect([attempts(), dead]).toEqual([1, []]);
  });

  it('tries again, later each time, until its target takes the event', async () => {
    const { bus: one, attempts } = bus(DEAD, (attempt) => {
      if (attempt < 6) throw new Failure('busy');
    });
    one.put('shop', 'a', {});
    await fixture.clock.settle();
    expect([attempts(), dead, one.lost]).toEqual([6, [], []]);
  });

  it('dead-letters after its retries, or at once what is refused for good', async () => {
    const busy = bus({ ...DEAD, RetryPolicy: { MaximumRetryAttempts: 2 } }, () => {
      throw new Failure('busy');
    });
    busy.bus.put('shop', 'a', {});
    const refused = bus(DEAD, () => {
      throw new RefusedDelivery('no permission');
    });
    refused.bus.put('shop', 'a', {});
    await fixture.clock.settle();
    expect([busy.attempts(), refused.attempts(), dead.length]).toEqual([3, 1, 2]);
    expect(fixture.metrics.total('InvocationsSentToDlq')).toBe(2);
    const both = { RULE_ARN: 'arn:rule', TARGET_ARN: 'arn:t' };
    expect(reasons).toEqual([
      { ...both, ERROR_CODE: 'NO_PERMISSIONS', ERROR_MESSAGE: 'no permission', RETRY_ATTEMPTS: '0' },
      {
        ...both,
        ERROR_CODE: 'ERROR_FROM_TARGET',
        ERROR_MESSAGE: 'busy',
        RETRY_ATTEMPTS: '2',
        EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      },
    ]);
  });

  it('loses the event without a dead-letter queue', async () => {
    const { bus: one } = bus({ RetryPolicy: { MaximumEventAgeInSeconds: 60 } }, () => {
      throw new Failure('busy');
    });
    one.put('shop', 'a', { n: 1 });
    await fixture.clock.settle();
    expect(one.lost.map(({ detail }) => detail)).toEqual([{ n: 1 }]);
    expect(fixture.metrics.total('FailedInvocations')).toBe(1);
  });
});

describe('the default bus', () => {
  const on = (name: string, EventBusName?: string) => ({
    logicalId: name,
    type: 'AWS::Events::Rule',
    name,
    attributes: {},
    properties: {
      EventBusName,
      State: 'ENABLED',
      EventPattern: { source: ['aws.s3', 'shop'] },
      Targets: [{ Arn: name }],
    },
  });

  it('is that of the rules that name no other, and of what AWS tells', async () => {
    const delivered: unknown[] = [];
    const made = new LocalEventBus([on('A'), on('B', 'default'), on('C|c', 'C')], {
      location: LOCATION,
      clock: fixture.clock,
      newId: () => 'id',
      metrics: fixture.metrics,
      deliver: async (target, _, { detail, resources }) => {
        delivered.push([target, detail, resources]);
      },
      deadLetter: async () => undefined,
    });
    made.putOnDefault('aws.s3', 'Object Created', { on: 'default' }, ['arn:aws:s3:::files']);
    made.put('shop', 'Object Created', { on: 'C' });
    await fixture.clock.settle();
    expect(delivered).toEqual([
      ['A', { on: 'default' }, ['arn:aws:s3:::files']],
      ['B', { on: 'default' }, ['arn:aws:s3:::files']],
      ['C|c', { on: 'C' }, []],
    ]);
    expect(made.archive.map(({ detail }) => detail)).toEqual([{ on: 'C' }]);
  });
});
