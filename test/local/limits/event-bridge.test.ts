import { expect } from 'vitest';
import type { ResolvedResource } from '../../../local/assembly/resolved-template';
import type { EngineContext } from '../../../local/engine/context';
import { Destinations } from '../../../local/engine/destinations';
import { LocalEventBus } from '../../../local/engine/event-bus';
import { Failure } from '../../../local/engine/failure';
import { startSchedule } from '../../../local/engine/schedules';
import { EVENT_BRIDGE_LIMITS } from '../../../local/limits/event-bridge';
import type { Limit } from '../../../local/limits/limit';
import { EngineFixture, LOCATION } from '../engine/engine-fixture';
import { onBothSides, outcome, testEachLimit } from './both-sides-fixture';

const fixture = new EngineFixture();
const textOf = (length: number) => 'x'.repeat(Math.max(0, length));

/** A bus with one rule; what its target and its dead-letter queue do is given. */
function bus(properties: Readonly<Record<string, unknown>> = {}, refuses = false) {
  const rule: ResolvedResource = {
    logicalId: 'Rule',
    type: 'AWS::Events::Rule',
    name: 'Bus|Rule',
    attributes: {},
    properties: {
      EventBusName: 'Bus',
      State: 'ENABLED',
      EventPattern: { source: ['shop'] },
      Targets: [],
      ...properties,
    },
  };
  const refuse = async () => {
    if (refuses) throw new Failure('no');
  };
  return new LocalEventBus([rule], {
    location: LOCATION,
    clock: fixture.clock,
    newId: () => 'id',
    metrics: fixture.metrics,
    deliver: refuse,
    deadLetter: refuse,
  });
}

const entry = { source: 'shop', detailType: 'a', detail: '{}' };
const put = (more: Partial<typeof entry>) => {
  const [code] = bus().putEvents([{ ...entry, ...more }]);
  return code;
};
const pattern = (EventPattern: unknown) => bus({ EventPattern });
const target = (RetryPolicy: object) => bus({ Targets: [{ Arn: 'arn:t', Id: 't', RetryPolicy }] });

/** An entry that fails alone: the request does not. */
async function forEntry(limit: Limit, value: (length: number) => Partial<typeof entry>): Promise<void> {
  const { min = 0, max = 0 } = limit;
  for (const length of [min - 1, min, min + 1, max - 1, max, max + 1]) {
    const code = length < min || length > max ? limit.error : undefined;
    expect({ length, code: put(value(Math.max(0, length))) }).toEqual({ length, code });
  }
  expect(bus().putEvents([{ ...entry, ...value(max + 1) }, entry])).toEqual([limit.error, undefined]);
}

async function refusedFor(limit: Limit, patterns: readonly unknown[]): Promise<void> {
  for (const each of patterns) {
    expect([each, await outcome(() => pattern({ detail: each }))]).toEqual([each, limit.error]);
  }
}

function schedule(Target: object): unknown {
  const resource: ResolvedResource = {
    logicalId: 'Schedule',
    type: 'AWS::Scheduler::Schedule',
    name: 'Schedule',
    attributes: {},
    properties: {
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: 'arn:aws:lambda:eu-west-1:111111111111:function:f', ...Target },
    },
  };
  const engine = { clock: fixture.clock, deployment: LOCATION, newId: () => 'id' } as unknown as EngineContext;
  return startSchedule(engine, resource, new Destinations(engine));
}

testEachLimit(EVENT_BRIDGE_LIMITS, {
  entries: (limit) =>
    onBothSides(limit, (count) => bus().putEvents(Array.from({ length: Math.max(0, count) }, () => entry))),
  requestSize: (limit) =>
    onBothSides(limit, (bytes) => {
      const half = { ...entry, detail: `{"a":"${'é'.repeat(50_000)}"}` };
      // Each entry has five bytes of Source and DetailType, and eight around the text.
      bus().putEvents([half, { ...entry, detail: `{"a":"${textOf(bytes - 100_000 - 26)}"}` }]);
    }),
  source: (limit) => forEntry(limit, (length) => ({ source: textOf(length) })),
  awsSource: ({ error }) => {
    expect(put({ source: 'aws.s3' })).toBe(error);
    expect(put({ source: 'awsome' })).toBeUndefined();
  },
  detailType: (limit) => forEntry(limit, (length) => ({ detailType: textOf(length) })),
  detail: ({ error }) => {
    for (const detail of ['', 'x', '[]', '1', 'null', '"{}"', '{']) expect(put({ detail })).toBe(error);
    expect(put({ detail: '{"a":[1]}' })).toBeUndefined();
  },
  // {"source":[""]} has 15 characters.
  patternSize: (limit) => onBothSides(limit, (length) => pattern({ source: [textOf(length - 15)] }), { from: 15 }),
  patternShape: async (limit) => {
    await refusedFor(limit, [{}, { a: [] }, { a: {} }, { a: 'x' }, { a: [['x']] }, { $or: [{ a: [1] }] }, { $or: {} }]);
    expect(await outcome(() => pattern({}))).toBe(limit.error);
  },
  patternOperator: (limit) =>
    refusedFor(
      limit,
      [
        { contains: 'x' },
        { prefix: 'x', suffix: 'y' },
        { prefix: 1 },
        { prefix: { suffix: 'x' } },
        { exists: 'true' },
        { numeric: ['>'] },
        { numeric: ['>', '1'] },
        { numeric: ['!=', 1] },
        { numeric: ['<', 5, '>', 1] },
        { numeric: ['>', 5, '<', 1] },
        { 'anything-but': [] },
        { 'anything-but': [1, 'x'] },
        { 'anything-but': true },
        { 'anything-but': { exists: true } },
        { 'anything-but': { prefix: 1 } },
        { wildcard: 'a**b' },
        { wildcard: 'a\\b' },
        { cidr: '10.0.0.0' },
        { cidr: '10.0.0.0/33' },
        { cidr: 'x/8' },
      ].map((operator) => ({ a: [operator] })),
    ),
  numericOperand: async (limit) => {
    await onBothSides(limit, (bound) => pattern({ detail: { a: [{ numeric: ['<', bound] }] } }));
    await onBothSides(limit, (bound) => pattern({ detail: { a: [{ numeric: ['=', bound] }] } }));
  },
  orCombinations: async ({ error }) => {
    const branches = (count: number) => Array.from({ length: count }, (_, index) => ({ a: [index] }));
    const or = (...counts: readonly number[]) =>
      Object.fromEntries(counts.map((count, field) => [`f${field}`, { $or: branches(count) }]));
    for (const [counts, code] of [
      [[10, 10, 10], undefined],
      [[7, 11, 13], error],
      [[10, 10, 10, 2], error],
    ] as const) {
      expect(await outcome(() => pattern(or(...counts)))).toBe(code);
    }
  },
  targets: (limit) =>
    onBothSides(limit, (count) =>
      bus({ Targets: Array.from({ length: Math.max(0, count) }, (_, index) => ({ Arn: 'arn:t', Id: `t${index}` })) }),
    ),
  retryAttempts: (limit) => onBothSides(limit, (MaximumRetryAttempts) => target({ MaximumRetryAttempts })),
  eventAge: (limit) => onBothSides(limit, (MaximumEventAgeInSeconds) => target({ MaximumEventAgeInSeconds })),
  deadLetterRefused: async () => {
    const RetryPolicy = { MaximumRetryAttempts: 0 };
    const made = bus({ Targets: [{ Arn: 'arn:t', RetryPolicy, DeadLetterConfig: { Arn: 'arn:dead' } }] }, true);
    made.put('shop', 'a', { n: 1 });
    await fixture.clock.settle();
    expect(made.lost.map(({ detail }) => detail)).toEqual([{ n: 1 }]);
    expect(fixture.metrics.total('InvocationsFailedToBeSentToDlq')).toBe(1);
    expect(fixture.metrics.total('InvocationsSentToDlq')).toBe(0);
  },
  scheduleRetryAttempts: (limit) =>
    onBothSides(limit, (MaximumRetryAttempts) => schedule({ RetryPolicy: { MaximumRetryAttempts } })),
  scheduleEventAge: (limit) =>
    onBothSides(limit, (MaximumEventAgeInSeconds) => schedule({ RetryPolicy: { MaximumEventAgeInSeconds } })),
  scheduleInput: (limit) => onBothSides(limit, (bytes) => schedule({ Input: JSON.stringify(textOf(bytes - 2)) })),
});
