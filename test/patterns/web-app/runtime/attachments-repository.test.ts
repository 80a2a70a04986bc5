// @project unit

import { describe, expect, it } from 'vitest';
import { AttachmentsRepository, MAX_ATTACHMENTS } from '../../../../patterns/web-app/runtime/attachments-repository';
import { problemOfAsync } from './problem-fixture';
import { DUPLICATE, type Reply, StoreFixture } from './store-fixture';

const ITEM = '00000000-0000-8000-8000-000000000001';
const FILE = { name: 'a.png', contentType: 'image/png', size: 7 } as const;
const ROW = { id: 'x', object_key: 'uploads/ada/x' };
const FORGOTTEN = `item:{ada:${ITEM}}`;

function attachmentsWith(...replies: readonly Reply[]) {
  const stores = new StoreFixture(...replies);
  return { stores, attachments: new AttachmentsRepository(stores.database, stores.cache) };
}

describe('an attachment', () => {
  const made = (...replies: readonly Reply[]) => {
    const { stores, attachments } = attachmentsWith(...replies);
    return { stores, outcome: attachments.create('ada', ITEM, 'key', FILE) };
  };

  it('is made with a key of its owner, and the cache forgets its item after that', async () => {
    const { stores, outcome } = made({ rows: [ROW] });
    expect(await outcome).toEqual(ROW);
    const [id, ...others] = stores.asked[0]?.values ?? [];
    expect(others).toEqual([ITEM, 'ada', 'a.png', 'image/png', 7, `uploads/ada/${id}`, 'key']);
    expect(stores.forgotten).toEqual([[FORGOTTEN, 1]]);
  });

  it('is found when PostgreSQL calls a repeat a duplicate of its key', async () => {
    const { stores, outcome } = made(DUPLICATE, { rows: [ROW] });
    expect(await outcome).toEqual(ROW);
    expect(stores.asked[1]?.values).toEqual([stores.asked[0]?.values[0], ITEM, 'ada']);
  });

  it('is refused when its key names another, and fails for all else', async () => {
    expect(await problemOfAsync(made(DUPLICATE, { rows: [] }).outcome)).toMatchObject({
      status: 409,
      code: 'idempotency_key_reused',
    });
    const { stores, outcome } = made(new Error('broken'));
    await expect(outcome).rejects.toThrow('broken');
    expect([stores.asked.length, stores.forgotten]).toEqual([1, [[FORGOTTEN, 1]]]);
  });

  it('is refused without its item, and by one that is full', async () => {
    const none = made({ rows: [] }, { rows: [] });
    expect(await problemOfAsync(none.outcome)).toMatchObject({ status: 404, code: 'not_found' });
    expect(none.stores.asked[1]?.values).toEqual([ITEM, 'ada']);
    expect(await problemOfAsync(made({ rows: [] }, { rows: [{}] }).outcome)).toMatchObject({
      status: 409,
      code: 'too_many_attachments',
      message: 'An item may have at most 100 attachments.',
    });
    expect(MAX_ATTACHMENTS).toBe(100);
  });

  it('is found by its owner, and the upload is kept for it', async () => {
    const { stores, attachments } = attachmentsWith({ rows: [ROW] }, { rows: [] }, { rows: [] });
    expect(await attachments.find('ada', ITEM, 'x')).toEqual(ROW);
    expect(await attachments.find('bob', ITEM, 'x')).toBeUndefined();
    await attachments.keepUpload('ada', 'x', 'u');
    expect(stores.asked.map(({ values }) => values)).toEqual([
      ['x', ITEM, 'ada'],
      ['x', ITEM, 'bob'],
      ['x', 'ada', 'u'],
    ]);
  });

  it('is settled, and the cache forgets its item, if there is one', async () => {
    const { stores, attachments } = attachmentsWith({ rows: [{ owner: 'ada', item_id: ITEM }] }, { rows: [] });
    expect(await attachments.settle('uploads/ada/x', 'ready')).toBe(true);
    expect(await attachments.settle('uploads/ada/y', 'quarantined')).toBe(false);
    expect(stores.asked.map(({ values }) => values)).toEqual([
      ['uploads/ada/x', 'ready'],
      ['uploads/ada/y', 'quarantined'],
    ]);
    expect(stores.forgotten).toEqual([[FORGOTTEN, 1]]);
  });
});
