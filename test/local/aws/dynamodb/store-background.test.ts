import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareScalars, type Item } from '../../../../local/aws/dynamodb/attribute-value';
import { sleep } from '../../../../local/clock/clock';
import { SEED } from '../../limits/both-sides-fixture';
import { KEY, orders } from '../../limits/dynamodb-fixture';

const HOUR_MS = 3_600_000;
const OWNED = { owner: { S: 'o' }, place: { S: 'x' } };

describe('items that expire', () => {
  const inSeconds = (now: number, seconds: number) => ({ N: `${Math.floor(now / 1000) + seconds}` });

  it('are read until they are deleted, which is late and told as a removal by the service', async () => {
    const { put, get, clock, table, call } = orders();
    put({ ...OWNED, expiresAt: inSeconds(clock.now(), 60) });
    await clock.during(sleep(clock, 47 * HOUR_MS));
    expect(get()).toBeDefined();
    await clock.during(sleep(clock, 3 * HOUR_MS));
    expect(get()).toBeUndefined();
    const byOwner = {
      IndexName: 'byOwner',
      KeyConditionExpression: '#o = :o',
      ExpressionAttributeNames: { '#o': 'owner' },
      ExpressionAttributeValues: { ':o': OWNED.owner },
    };
    expect(call('Query', byOwner)['Items']).toEqual([]);
    const removed = table.stream.at(-1);
    expect(removed).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      dynamodb: { Keys: KEY, OldImage: OWNED },
    });
    expect(removed?.dynamodb).not.toHaveProperty('NewImage');
  });

  it('tell nothing of the service when a request deletes them', () => {
    const { put, call, table, clock } = orders();
    put({ expiresAt: inSeconds(clock.now(), 60) });
    call('DeleteItem', { Key: KEY });
    expect(table.stream.at(-1)?.eventName).toBe('REMOVE');
    expect(table.stream.at(-1)).not.toHaveProperty('userIdentity');
  });

  it('stay when their time was put off or taken away', async () => {
    const { put, table, clock } = orders({ expiryDelayMs: 1000 });
    const named = (sk: string) => ({ sk: { S: sk } });
    for (const sk of ['late', 'never', 'gone']) put({ ...named(sk), expiresAt: inSeconds(clock.now(), 60) });
    await clock.during(sleep(clock, 30_000));
    put({ ...named('late'), expiresAt: inSeconds(clock.now(), 10 * 3600) });
    put(named('never'));
    await clock.during(sleep(clock, 2 * HOUR_MS));
    expect(table.all().map(({ sk }) => sk)).toEqual([{ S: 'late' }, { S: 'never' }]);
    await clock.during(sleep(clock, 10 * HOUR_MS));
    expect(table.all().map(({ sk }) => sk)).toEqual([{ S: 'never' }]);
  });

  it('keep nothing from ending', async () => {
    const { put, clock, table } = orders();
    put({ expiresAt: inSeconds(clock.now(), 60) });
    const before = clock.now();
    await clock.settle();
    expect([clock.now() - before, table.size]).toEqual([0, 1]);
  });
});

describe('an index that lags', () => {
  const places = (query: ReturnType<typeof orders>['query']) =>
    query({
      IndexName: 'byOwner',
      KeyConditionExpression: '#o = :o',
      ExpressionAttributeNames: { '#o': 'owner' },
      ExpressionAttributeValues: { ':o': OWNED.owner },
    }).Items.map(({ place }) => place);

  it('shows a write some time later, and the table at once', async () => {
    const { put, query, clock } = orders({ indexLagMs: () => 500 });
    put(OWNED);
    expect([places(query), query().Items.length]).toEqual([[], 1]);
    await clock.during(sleep(clock, 499));
    expect(places(query)).toEqual([]);
    await clock.during(sleep(clock, 1));
    expect(places(query)).toEqual([{ S: 'x' }]);
  });

  it('shows writes in their order, whatever each takes', async () => {
    const lags = [500, 10];
    const { put, query, clock } = orders({ indexLagMs: () => lags.shift() ?? 0 });
    put({ ...OWNED, place: { S: 'first' } });
    put({ ...OWNED, place: { S: 'second' } });
    await clock.during(sleep(clock, 100));
    expect(places(query)).toEqual([]);
    await clock.during(sleep(clock, 400));
    expect(places(query)).toEqual([{ S: 'second' }]);
  });
});

it('finds in a table and its index what a look at every item finds, in order', () => {
  const one = (...values: string[]) => fc.constantFrom(...values).map((S) => ({ S }));
  const key = fc.record({ pk: one('p', 'q', 'p\u0000'), sk: one('a', 'b', 'ä', '\ue000', '😀', '\u0000b') });
  const index = fc.record({ owner: one('o', 'r'), place: one('x', 'y') }, { requiredKeys: [] });
  const write = fc.record({ key, index, deletes: fc.boolean() });
  fc.assert(
    fc.property(fc.array(write, { maxLength: 40 }), fc.boolean(), (writes, ScanIndexForward) => {
      const { put, call, query, table } = orders();
      const expected = new Map<string, Item>();
      for (const { key: Key, index: attributes, deletes } of writes) {
        const place = JSON.stringify(Key);
        expected.delete(place);
        if (!deletes) expected.set(place, { ...Key, ...attributes } as Item);
        if (deletes) call('DeleteItem', { Key });
        else put({ ...Key, ...attributes });
      }
      expect(table.size).toBe(expected.size);
      const sorted = (items: Item[], name: string) => {
        const order = (a: Item, b: Item) => {
          const [left, right] = [a[name], b[name]];
          return left === undefined || right === undefined ? 0 : (compareScalars(left, right) ?? 0);
        };
        const found = items.map((item) => item).sort(order);
        return (ScanIndexForward ? found : found.reverse()).map((item) => item[name]);
      };
      const all = [...expected.values()];
      for (const S of ['p', 'q', 'p\u0000']) {
        const own = all.filter(({ pk }) => pk !== undefined && 'S' in pk && pk.S === S);
        const { Items } = query({ ExpressionAttributeValues: { ':pk': { S } }, ScanIndexForward });
        expect(Items.map(({ sk }) => sk)).toEqual(sorted(own, 'sk'));
      }
      const owned = all.filter(({ owner, place }) => owner !== undefined && 'S' in owner && owner.S === 'o' && place);
      const { Items } = query({
        IndexName: 'byOwner',
        KeyConditionExpression: '#o = :o',
        ExpressionAttributeNames: { '#o': 'owner' },
        ExpressionAttributeValues: { ':o': { S: 'o' } },
        ScanIndexForward,
      });
      expect(Items.map(({ place }) => place)).toEqual(sorted(owned, 'place'));
    }),
    { seed: SEED, numRuns: 200 },
  );
});
