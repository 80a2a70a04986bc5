import { describe, expect, it } from 'vitest';
import { type ClickstreamEvent, parseClickstreamEvent } from '../../../../patterns/data-pipeline/clickstream-schema';
import { clickstreamTraffic, type TrafficOptions } from '../../../../patterns/data-pipeline/load/clickstream-traffic';
import { seededRandom } from '../../../../patterns/data-pipeline/load/seeded-random';

const NOW = Date.parse('2026-11-23T10:15:00Z');

function events(count: number, seed = 1, more: Partial<TrafficOptions> = {}): ClickstreamEvent[] {
  const next = clickstreamTraffic({ random: seededRandom(seed), now: () => NOW, ...more });
  return Array.from({ length: count }, () => next());
}

const made = events(20_000);
const count = (type: string) => made.filter(({ event_type }) => event_type === type).length;

describe('the traffic of a shop', () => {
  it('is events as the handlers read them, each with an id of its own', () => {
    for (const event of made) {
      expect(parseClickstreamEvent(Buffer.from(JSON.stringify(event)), NOW)).toEqual(event);
    }
    expect(new Set(made.map(({ event_id }) => event_id)).size).toBe(made.length);
    expect(made[0]?.occurred_at).toBe('2026-11-23T10:15:00.000Z');
  });

  it('buys only what is in the cart, and pays for nothing else', () => {
    const carts = new Set<string>();
    let bought = 0;
    for (const { event_type, session_id, amount_cents, page } of made) {
      if (event_type === 'add_to_cart') carts.add(session_id);
      expect(amount_cents === undefined).toBe(event_type !== 'purchase');
      if (event_type !== 'purchase') continue;
      bought += 1;
      expect(carts.delete(session_id)).toBe(true);
      expect(page).toBe('/checkout');
    }
    expect(bought).toBeGreaterThan(500);
  });

  it('narrows from step to step', () => {
    expect(count('page_view')).toBeGreaterThan(count('click'));
    expect(count('click')).toBeGreaterThan(count('add_to_cart'));
    expect(count('add_to_cart')).toBeGreaterThan(count('purchase'));
  });

  it('comes of many visits, each of one visitor', () => {
    const users = new Map<string, string | undefined>();
    for (const { session_id, user_id } of made) {
      expect(users.get(session_id) ?? user_id).toBe(user_id);
      users.set(session_id, user_id);
    }
    expect(users.size).toBeGreaterThan(2000);
    const signedIn = [...users.values()].filter((user) => user !== undefined).length / users.size;
    expect(signedIn).toBeGreaterThan(0.35);
    expect(signedIn).toBeLessThan(0.45);
  });

  it.each([0, 0.2, 0.9])('has a share of %d from one session', (skew) => {
    const sessions = new Map<string, number>();
    for (const { session_id } of events(10_000, 3, { skew })) {
      sessions.set(session_id, (sessions.get(session_id) ?? 0) + 1);
    }
    const [hottest = 0, second = 0] = [...sessions.values()].sort((a, b) => b - a);
    expect(second).toBeLessThan(100);
    if (skew === 0) expect(hottest).toBeLessThan(100);
    else expect(Math.abs(hottest / 10_000 - skew)).toBeLessThan(0.02);
  });

  it('is the same from the same seed', () => {
    expect(events(500, 7)).toEqual(events(500, 7));
    const ids = new Set(events(500, 7).map(({ event_id }) => event_id));
    expect(events(500, 8).filter(({ event_id }) => ids.has(event_id))).toEqual([]);
  });
});

describe('draws of a seed', () => {
  it('are from 0 up to 1, evenly', () => {
    const random = seededRandom(2 ** 32 - 1);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let index = 0; index < 100_000; index += 1) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(Object.keys(tenths)).toHaveLength(10);
    for (const drawn of tenths) expect(Math.abs(drawn - 10_000)).toBeLessThan(500);
  });
});
