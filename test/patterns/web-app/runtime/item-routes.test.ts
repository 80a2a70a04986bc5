// @project unit

import { afterEach, describe, expect, it, vi } from 'vitest';
import { metrics } from '../../../../lib/runtime/observability';
import { applicationOn, ask, fakeUploads } from './application-fixture';
import { type Reply, StoreFixture } from './store-fixture';

const ID = '00000000-0000-8000-8000-000000000001';
const TIME = new Date('2026-11-24T10:00:00.000Z');
const ROW = { id: ID, title: 't', notes: 'n', version: 7, created_at: TIME, updated_at: TIME, attachments: [] };
const PATH = `/api/items/${ID}`;
const KEY = { 'idempotency-key': 'k' };
const BODY = { title: 't', notes: 'n' };

function applicationWith(...replies: readonly Reply[]) {
  const stores = new StoreFixture(...replies);
  const uploads = fakeUploads();
  const application = applicationOn(stores.database, stores.cache, { uploads: async () => uploads });
  return { stores, uploads, application };
}

afterEach(() => vi.restoreAllMocks());

describe('a list', () => {
  const askedWith = async (cacheControl?: string, path = '/api/items') => {
    const { stores, application } = applicationWith({ rows: [] });
    const asked = cacheControl === undefined ? {} : { headers: { 'cache-control': cacheControl } };
    const { status, json } = await ask(application, path, asked);
    return { status, json, asked: stores.asked };
  };

  it.each([
    ['no-cache', 'writer'],
    ['NO-CACHE', 'writer'],
    ['max-age=0, no-cache', 'writer'],
    ['no-cache, max-age=0', 'writer'],
    ['max-age=0', 'reader'],
    ['xno-cache', 'reader'],
    ['no-cachex', 'reader'],
    [undefined, 'reader'],
  ])('with Cache-Control %s asks the %s', async (cacheControl, on) => {
    const { status, json, asked } = await askedWith(cacheControl);
    expect([status, json]).toEqual([200, { items: [] }]);
    expect(asked).toMatchObject([{ on, values: ['alice', 21] }]);
  });

  it('has as many items as were asked for', async () => {
    expect((await askedWith(undefined, '/api/items?limit=5')).asked[0]?.values).toEqual(['alice', 6]);
    expect(await askedWith(undefined, '/api/items?limit=5&limit=6')).toMatchObject({
      status: 400,
      json: { field: 'limit' },
    });
    expect(await askedWith(undefined, '/api/items?cursor=a&cursor=b')).toMatchObject({
      status: 400,
      json: { field: 'cursor' },
    });
  });
});

describe('an item', () => {
  it.each([
    ['that is new is made, and counted', true, 201, [['ItemsCreated', 'Count', 1]]],
    ['that is there is found, and not counted', false, 200, []],
  ])('%s', async (_, created, expected, counted) => {
    const addMetric = vi.spyOn(metrics, 'addMetric').mockReturnThis();
    const { stores, application } = applicationWith({ rows: [{ ...ROW, created }] });
    const { status, json, headers } = await ask(application, '/api/items', {
      method: 'POST',
      headers: KEY,
      body: BODY,
    });
    expect([status, json.id, headers.get('location'), headers.get('etag')]).toEqual([expected, ID, PATH, '"7"']);
    expect(stores.asked[0]?.values.slice(1)).toEqual(['alice', 't', 'n', 'k']);
    expect(addMetric.mock.calls).toEqual(counted);
  });

  it('is given with its ETag, and is not found if there is none', async () => {
    const { stores, application } = applicationWith({ rows: [ROW] });
    const found = await ask(application, PATH);
    expect(stores.asked[0]?.values).toEqual([ID, 'alice']);
    expect([found.status, found.json.version, found.headers.get('etag')]).toEqual([200, 7, '"7"']);
    const gone = await ask(applicationWith({ rows: [] }).application, PATH);
    expect([gone.status, gone.json.code]).toEqual([404, 'not_found']);
  });

  it('is changed by its version', async () => {
    const { stores, application } = applicationWith({ rows: [ROW] });
    const headers = { 'if-match': '"6"' };
    const { status, headers: given } = await ask(application, PATH, { method: 'PUT', headers, body: BODY });
    expect([status, given.get('etag')]).toEqual([200, '"7"']);
    expect(stores.asked[0]?.values).toEqual([ID, 'alice', 6, 't', 'n']);
  });

  it('is deleted with its files', async () => {
    const { stores, uploads, application } = applicationWith({ rows: [{ object_key: 'o' }] }, { rows: [] });
    const { status, text } = await ask(application, PATH, { method: 'DELETE' });
    expect([status, text, uploads.removed]).toEqual([204, '', ['o', 'o']]);
    expect(stores.asked[1]?.values).toEqual([ID, 'alice']);
  });
});
