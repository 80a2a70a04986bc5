import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { matchesEventPattern } from '../../local/matching/event-pattern';
import type { Json } from './aws-client';
import { Comparison, closeAccount } from './comparison';
import { several } from './draw';
import { drawFields, drawPattern } from './draw-pattern';
import { type MotoFixture, type QueueOnBoth, startMotoFixture } from './moto-fixture';
import { messagesOf } from './queue-side';

const PATTERNS = 60;
/** As many as PutEvents takes at once, and ReceiveMessage hands out at once. */
const EVENTS = 10;

let fixture: MotoFixture;
let queue: QueueOnBoth;
let bus: string;
beforeAll(async () => {
  fixture = await startMotoFixture('eu-west-3');
  bus = `bus-${randomUUID().slice(0, 8)}`;
  // What was received once stays away.
  queue = await fixture.createQueue(`events-of-${bus}`, { VisibilityTimeout: '43200' });
  await fixture.arrange('events', 'CreateEventBus', { Name: bus });
});
afterAll(() => fixture.close());

/** Which of the events moto's bus hands to the target of a rule with the pattern. */
async function motoMatches(pattern: Json, events: readonly Json[]): Promise<boolean[]> {
  const rule = { Name: 'rule', EventBusName: bus };
  await fixture.arrange('events', 'PutRule', { ...rule, EventPattern: JSON.stringify(pattern) });
  await fixture.arrange('events', 'PutTargets', {
    Rule: 'rule',
    EventBusName: bus,
    Targets: [{ Id: 'queue', Arn: queue.arn }],
  });
  const entries = events.map((event) => ({
    EventBusName: bus,
    Source: event['source'],
    DetailType: event['detail-type'],
    Detail: JSON.stringify(event['detail']),
  }));
  await fixture.arrange('events', 'PutEvents', { Entries: entries });
  const arrived: number[] = [];
  // A receive may return fewer messages than there are.
  for (let count = 1; count > 0; ) {
    const received = await fixture.moto('sqs', 'ReceiveMessage', { QueueUrl: queue.url, MaxNumberOfMessages: EVENTS });
    const ids = messagesOf(received).map(({ Body }) => (JSON.parse(Body) as { detail: { id: number } }).detail.id);
    arrived.push(...ids);
    count = ids.length;
  }
  return events.map(({ detail }) => arrived.includes((detail as { id: number }).id));
}

describe('event patterns', () => {
  it('match the same events', async () => {
    const comparison = new Comparison('patterns');
    const { random } = comparison;
    for (let round = 0; round < PATTERNS; round += 1) {
      const pattern = { source: [{ prefix: 'shop' }], detail: drawPattern(random) };
      const events = several(random, EVENTS, EVENTS, (id) => ({
        source: id % 5 === 4 ? 'elsewhere' : 'shop.orders',
        'detail-type': 'OrderChanged',
        // Told apart from those of other rounds, which a slow machine may hand out late.
        detail: { id: round * EVENTS + id, ...drawFields(random) },
      }));
      const theirs = await motoMatches(pattern, events);
      events.forEach((event, id) => {
        comparison.same('match', { pattern, event }, matchesEventPattern(pattern, event), theirs[id]);
      });
    }
  }, 180_000);
});

it('known differences', async () => {
  const comparison = new Comparison('known differences of patterns');
  const pattern = { source: ['shop'], detail: { lines: { sku: ['b'] } } };
  const event = { source: 'shop', 'detail-type': 'a', detail: { id: -1, lines: [{ sku: 'a' }, { sku: 'b' }] } };
  const [theirs] = await motoMatches(pattern, [event]);
  comparison.differs('array-of-objects', { pattern, event }, matchesEventPattern(pattern, event), theirs);
});

closeAccount('patterns', PATTERNS * EVENTS);
