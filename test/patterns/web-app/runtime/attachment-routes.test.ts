// @project unit

import { describe, expect, it } from 'vitest';
import { UploadIncompleteError } from '../../../../lib/runtime/presigned-upload';
import type { Uploads } from '../../../../patterns/web-app/runtime/uploads';
import { applicationOn, ask, fakeUploads } from './application-fixture';
import { type Reply, StoreFixture } from './store-fixture';

const ITEM = '00000000-0000-8000-8000-000000000001';
const ID = '00000000-0000-8000-8000-000000000002';
const ITEM_PATH = `/api/items/${ITEM}/attachments`;
const PATH = `${ITEM_PATH}/${ID}`;
const FILE = { name: 'a.png', contentType: 'image/png', size: 1000 };
const ROW = {
  id: ID,
  name: 'a.png',
  content_type: 'image/png',
  size: '1000',
  object_key: 'uploads/alice/o',
  upload_id: null,
  status: 'pending',
};
const SHOWN = { ...FILE, id: ID, status: 'pending' };
const PARTS = [{ number: 1, etag: 'a' }];

function applicationWith(replies: readonly Reply[], given: Partial<Uploads> = {}, inParts = false) {
  const stores = new StoreFixture(...replies);
  const fake = fakeUploads(() => inParts);
  const begun: object[] = [];
  const uploads: Uploads = {
    ...fake,
    begin: (request) => {
      begun.push(request);
      return fake.begin(request);
    },
    ...given,
  };
  const options = { uploads: async () => uploads, maxUploadBytes: 1000 };
  return {
    stores,
    begun,
    completed: fake.completed,
    application: applicationOn(stores.database, stores.cache, options),
  };
}

describe('a file', () => {
  const attach = async (replies: readonly Reply[], { body = FILE, inParts = false } = {}) => {
    const all = applicationWith(replies, {}, inParts);
    const headers = { 'idempotency-key': 'k' };
    return { ...all, answer: await ask(all.application, ITEM_PATH, { method: 'POST', headers, body }) };
  };

  it('of the largest size is granted a form', async () => {
    const { answer, begun, stores } = await attach([{ rows: [ROW] }]);
    expect([answer.status, answer.headers.get('location')]).toEqual([201, PATH]);
    expect(answer.json.attachment).toEqual(SHOWN);
    expect(answer.json.upload).toMatchObject({ kind: 'form' });
    expect(answer.json.upload).not.toHaveProperty('completePath');
    expect(begun).toEqual([{ ...FILE, key: 'uploads/alice/o' }]);
    expect(stores.asked).toHaveLength(1);
  });

  it('of a byte more is refused, and nobody is asked', async () => {
    const { answer, begun, stores } = await attach([], { body: { ...FILE, size: 1001 } });
    expect([answer.status, answer.json.code, answer.json.field]).toEqual([413, 'too_large', 'size']);
    expect([begun, stores.asked]).toEqual([[], []]);
  });

  it('in parts is told where to complete it, and its upload is kept', async () => {
    const { answer, stores } = await attach([{ rows: [ROW] }, { rows: [] }], { inParts: true });
    expect(answer.json.upload).toMatchObject({ kind: 'parts', completePath: `${PATH}/complete` });
    expect(stores.asked[1]?.values).toEqual([ID, 'alice', 'upload-1']);
  });

  it('in parts that goes on is granted the same upload, which is kept already', async () => {
    const row = { ...ROW, upload_id: 'upload-1' };
    const { begun, stores, answer } = await attach([{ rows: [row] }], { inParts: true });
    expect([answer.status, stores.asked.length]).toEqual([201, 1]);
    expect(begun).toMatchObject([{ uploadId: 'upload-1' }]);
  });

  it('in parts that begins anew is kept by its new upload', async () => {
    const { stores } = await attach([{ rows: [{ ...ROW, upload_id: 'old' }] }, { rows: [] }], { inParts: true });
    expect(stores.asked[1]?.values).toEqual([ID, 'alice', 'upload-1']);
  });
});

describe('an upload in parts', () => {
  const complete = async (row: object | undefined, given: Partial<Uploads> = {}) => {
    const all = applicationWith([{ rows: row === undefined ? [] : [row] }], given);
    const answer = await ask(all.application, `${PATH}/complete`, { method: 'POST', body: { parts: PARTS } });
    return { ...all, answer };
  };
  const begun = { ...ROW, upload_id: 'u' };

  it('is completed', async () => {
    const { answer, completed, stores } = await complete(begun);
    expect([answer.status, answer.json]).toEqual([202, { attachment: SHOWN }]);
    expect(completed).toEqual([{ key: 'uploads/alice/o', uploadId: 'u', parts: PARTS }]);
    expect(stores.asked[0]?.values).toEqual([ID, ITEM, 'alice']);
  });

  it.each(['ready', 'quarantined'])('that was completed, and is %s, is told the same', async (status) => {
    const { answer, completed } = await complete({ ...begun, status });
    expect([answer.status, answer.json.attachment.status, completed]).toEqual([202, status, []]);
  });

  it('is none of a file that came as a form, and not of one that is not there', async () => {
    const form = await complete(ROW);
    expect([form.answer.status, form.answer.json.code, form.completed]).toEqual([409, 'not_in_parts', []]);
    const gone = await complete(undefined);
    expect([gone.answer.status, gone.answer.json.code]).toEqual([404, 'not_found']);
  });

  it('says that parts are missing, and nothing of another failure', async () => {
    const failing = (error: unknown) => complete(begun, { complete: () => Promise.reject(error) });
    const { answer } = await failing(new UploadIncompleteError('a part'));
    expect([answer.status, answer.json.code, answer.json.field]).toEqual([409, 'upload_incomplete', 'parts']);
    expect((await failing(new Error('broken'))).answer.status).toBe(500);
  });
});

describe('a download', () => {
  const get = async (status: string) => {
    const { application, stores } = applicationWith([{ rows: [{ ...ROW, status }] }]);
    const answer = await ask(application, PATH);
    expect(stores.asked[0]?.values).toEqual([ID, ITEM, 'alice']);
    return answer;
  };

  it('is given for a file that is ready', async () => {
    const { status, json } = await get('ready');
    expect([status, json.attachment.status]).toEqual([200, 'ready']);
    expect(json.download.url).toBe('https://s3.test/uploads/alice/o?name=a.png');
  });

  it.each(['pending', 'quarantined'])('is not given for a file that is %s', async (state) => {
    const { status, json } = await get(state);
    expect([status, json]).toEqual([200, { attachment: { ...SHOWN, status: state } }]);
  });
});
