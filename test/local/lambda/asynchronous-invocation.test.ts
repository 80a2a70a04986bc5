import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AsynchronousSettings,
  type DestinationRecord,
  invokeAsynchronously,
} from '../../../local/lambda/asynchronous-invocation';
import type { LocalFunction } from '../../../local/lambda/local-function';
import { EngineFixture } from '../engine/engine-fixture';

let fixture: EngineFixture;
let sent: [string, DestinationRecord][];
beforeEach(() => {
  fixture = new EngineFixture();
  sent = [];
});

const invoke = (target: LocalFunction, settings: AsynchronousSettings = {}) =>
  fixture.clock.during(
    invokeAsynchronously(target, { n: 1 }, settings, fixture.clock, async (arn, record) => {
      sent.push([arn, record]);
    }),
  );

describe('an asynchronous invocation', () => {
  it('tries twice more, after one and two minutes, and is then gone', async () => {
    const begun = fixture.clock.now();
    const tries: number[] = [];
    const failing = fixture.fn(() => {
      tries.push((fixture.clock.now() - begun) / 1000);
      throw new Error('no');
    });
    expect(await invoke(failing)).toBe(false);
    expect(tries).toEqual([0, 60, 180]);
    expect(sent).toEqual([]);
  });

  it('tells the failure destination what it was given and what came of it', async () => {
    const failing = fixture.fn(() => {
      throw new Error('no');
    });
    expect(await invoke(failing, { maximumRetryAttempts: 0, onFailure: 'arn:q' })).toBe(true);
    expect(sent).toEqual([
      [
        'arn:q',
        expect.objectContaining({
          requestContext: expect.objectContaining({ condition: 'RetriesExhausted', approximateInvokeCount: 1 }),
          requestPayload: { n: 1 },
          responsePayload: { errorType: 'Error', errorMessage: 'no' },
        }),
      ],
    ]);
  });

  it('tells the success destination', async () => {
    expect(
      await invoke(
        fixture.fn(() => 'done'),
        { onSuccess: 'arn:s' },
      ),
    ).toBe(true);
    expect(sent.map(([arn, { responsePayload }]) => [arn, responsePayload])).toEqual([['arn:s', 'done']]);
  });

  it('waits for concurrency for as long as the event may age', async () => {
    const begun = fixture.clock.now();
    const throttled = fixture.fn(() => 'never', { invocationThrottles: 1 });
    expect(await invoke(throttled, { maximumEventAge: 600, onFailure: 'arn:q' })).toBe(true);
    expect(sent[0]?.[1].requestContext).toMatchObject({ condition: 'EventAgeExceeded', approximateInvokeCount: 0 });
    expect(fixture.clock.now() - begun).toBeLessThanOrEqual(600_000);
    expect(fixture.clock.now() - begun).toBeGreaterThan(300_000);
  });
});
