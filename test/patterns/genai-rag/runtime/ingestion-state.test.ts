import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DocumentRow } from '../../../../patterns/genai-rag/runtime/document-row';
import { DocumentsRepository } from '../../../../patterns/genai-rag/runtime/documents-repository';
import {
  type IngestionJob,
  IngestionState,
  type PendingChange,
} from '../../../../patterns/genai-rag/runtime/ingestion-state';
import { DOCUMENTS, TableInMemory } from './stores-in-memory-fixture';

const NOW = Date.parse('2026-11-24T10:00:00.000Z');
const LATER = NOW + 60_000;
const AT_LATER = '2026-11-24T10:01:00.000Z';
const JOB: IngestionJob = { state: 'starting', token: 'token-1', startedAt: 5, covers: 4 };
const STILL = { after: () => () => {}, random: () => 0 };
const AT_ONCE = {
  after: (_: number, run: () => void) => {
    run();
    return () => {};
  },
  random: () => 0,
};

let store: TableInMemory;
let client: never;
let state: IngestionState;
let documents: DocumentsRepository;
let versions = 0;
const newVersion = () => {
  versions += 1;
  return `v-${versions}`;
};
beforeEach(() => {
  versions = 0;
  store = new TableInMemory(() => NOW, DOCUMENTS);
  client = { send: store.send } as never;
  state = new IngestionState('documents', 'DS-1', client, newVersion, AT_ONCE);
  documents = new DocumentsRepository({ name: 'documents', client, now: () => NOW, newVersion, timing: STILL });
});

const rowOf = (id: string): DocumentRow => ({
  tenant: 't-acme',
  id,
  name: 'Fares',
  contentType: 'text/plain',
  size: 10,
  status: 'pending',
  createdAt: '2026-11-24T09:00:00.000Z',
  updatedAt: '2026-11-24T09:00:00.000Z',
  objectKey: `documents/t-acme/${id}.txt`,
  etag: 'e-1',
  version: '',
});
/** A document that changed, with what was noted of it. */
async function changed(id: string, how: 'put' | 'deleted' = 'put'): Promise<PendingChange> {
  await documents.write(rowOf(id), await documents.find('t-acme', id), how);
  const { changes } = await state.read();
  const change = changes.find(({ documentId }) => documentId === id);
  if (change === undefined) throw new Error('nothing was noted');
  return change;
}
const row = (id: string) => documents.find('t-acme', id);
const noted = async () => (await state.read()).changes.map(({ documentId }) => documentId);

describe('the place for a job', () => {
  it('is one, and is given back by who has it', async () => {
    expect(await state.read()).toEqual({ changes: [], isMoving: false });
    expect(await state.begin(JOB)).toBe(true);
    expect(await state.begin({ ...JOB, token: 'token-2' })).toBe(false);
    expect((await state.read()).job).toMatchObject(JOB);
    expect(await state.run('token-2', 'job-2')).toBe(false);
    expect(await state.run('token-1', 'job-1')).toBe(true);
    expect((await state.read()).job).toMatchObject({ ...JOB, state: 'running', jobId: 'job-1' });
    expect(await state.end('token-2')).toBe(false);
    expect(await state.end('token-1')).toBe(true);
    expect((await state.read()).job).toBeUndefined();
    expect(await state.end('token-1')).toBe(false);
  });

  it('is given back with the data source that it was for', async () => {
    await state.begin(JOB);
    expect(await state.complete('token-2')).toBe(false);
    expect(await state.complete('token-1')).toBe(true);
    expect(await state.read()).toEqual({ changes: [], isMoving: false });
    const next = new IngestionState('documents', 'DS-2', client, newVersion, AT_ONCE);
    expect(await next.read()).toEqual({ changes: [], isMoving: true });
  });

  it('is tried again where others are in the way, and fails as the table does', async () => {
    let conflicts = 1;
    const conflict = new TransactionCanceledException({
      message: 'conflict',
      $metadata: {},
      CancellationReasons: [{ Code: 'TransactionConflict' }],
    });
    store.onCall = () => {
      conflicts -= 1;
      if (conflicts >= 0) throw conflict;
    };
    expect(await state.begin(JOB)).toBe(true);
    const lost = new Error('lost');
    store.onCall = () => {
      throw lost;
    };
    await expect(state.begin(JOB)).rejects.toBe(lost);
    await expect(state.complete('token-1')).rejects.toBe(lost);
  });
});

describe('all that waits', () => {
  it('is read page by page, as it was written', async () => {
    await state.begin(JOB);
    for (const id of ['d-1', 'd-2', 'd-3']) await changed(id);
    const pages: unknown[] = [];
    const paged = {
      send: (command: { input: object; constructor: { name: string } }) => {
        pages.push((command.input as { ConsistentRead: unknown }).ConsistentRead);
        Object.assign(command.input, { Limit: 2 });
        return store.send(command);
      },
    };
    const { changes, job } = await new IngestionState('documents', 'DS-1', paged as never, newVersion).read();
    expect(changes.map(({ documentId }) => documentId)).toEqual(['d-1', 'd-2', 'd-3']);
    expect(job).toMatchObject(JOB);
    expect(pages.length).toBeGreaterThan(1);
    expect(new Set(pages)).toEqual(new Set([true]));
  });
});

describe('a change that is settled', () => {
  it('is gone, and its document indexed since the first time', async () => {
    const change = await changed('d-1');
    const { version: _, ...before } = (await row('d-1')) ?? {};
    expect(await state.settle([{ change, outcome: 'indexed' }], LATER)).toEqual([{ change, outcome: 'indexed' }]);
    const indexed = { ...before, status: 'indexed', updatedAt: AT_LATER, indexedAt: AT_LATER, version: 'v-2' };
    expect([await row('d-1'), await noted()]).toEqual([indexed, []]);
    await documents.write({ ...rowOf('d-1'), indexedAt: AT_LATER, reason: 'once' }, await row('d-1'), 'put');
    const [again] = (await state.read()).changes;
    await state.settle([{ change: again as PendingChange, outcome: 'indexed' }], LATER + 1000);
    expect(await row('d-1')).toMatchObject({ indexedAt: AT_LATER, updatedAt: '2026-11-24T10:01:01.000Z' });
    expect(await row('d-1')).not.toHaveProperty('reason');
  });

  it('is gone, and its document failed for a reason', async () => {
    const change = await changed('d-1');
    await state.settle([{ change, outcome: 'failed', reason: 'broken' }], LATER);
    const failed = { status: 'failed', reason: 'broken', updatedAt: AT_LATER, version: 'v-2' };
    expect([await row('d-1'), await noted()]).toEqual([expect.objectContaining(failed), []]);
    expect(await row('d-1')).not.toHaveProperty('indexedAt');
  });

  it('is gone with its document, whether that is there or not', async () => {
    const change = await changed('d-1', 'deleted');
    await state.settle([{ change, outcome: 'gone' }], LATER);
    expect([await row('d-1'), await noted()]).toEqual([undefined, []]);
    const other = await changed('d-2', 'deleted');
    const unknown = { ...other, documentId: 'd-2' };
    class DeleteCommand {
      readonly input = { TableName: 'documents', Key: { pk: 'tenant#t-acme', sk: 'document#d-2' } };
    }
    await store.send(new DeleteCommand());
    const settled = await state.settle([{ change: unknown, outcome: 'gone' }], LATER);
    expect([settled, await noted()]).toEqual([[{ change: unknown, outcome: 'gone' }], []]);
  });

  it('is tried again, and a job counts once', async () => {
    const change = await changed('d-1');
    const again = { change, outcome: 'again', token: 'token-1', notBefore: 99 } as const;
    const counted = { attempts: 1, countedBy: 'token-1', notBefore: 99 };
    expect(await state.settle([again], LATER)).toEqual([again]);
    expect((await state.read()).changes).toEqual([expect.objectContaining(counted)]);
    expect(await state.settle([{ ...again, notBefore: 100 }], LATER)).toEqual([]);
    expect((await state.read()).changes).toEqual([expect.objectContaining(counted)]);
    await state.settle([{ ...again, token: 'token-2', notBefore: 101 }], LATER);
    expect((await state.read()).changes).toEqual([expect.objectContaining({ attempts: 2, notBefore: 101 })]);
    expect(await row('d-1')).toMatchObject({ status: 'pending', version: 'v-1' });
  });

  it('stays where the document changed again, and others are settled all the same', async () => {
    const [one, two] = [await changed('d-1'), await changed('d-2')];
    await changed('d-1');
    const settlements = [
      { change: one, outcome: 'indexed' },
      { change: two, outcome: 'indexed' },
    ] as const;
    expect(await state.settle(settlements, LATER)).toEqual([settlements[1]]);
    expect(await noted()).toEqual(['d-1']);
    expect(await row('d-1')).toMatchObject({ status: 'pending' });
  });

  it('is orphaned where its row is another’s', async () => {
    const [one, two] = [await changed('d-1'), await changed('d-2')];
    await documents.write(rowOf('d-2'), await row('d-2'), 'none');
    const settlements = [
      { change: one, outcome: 'indexed' },
      { change: two, outcome: 'indexed' },
    ] as const;
    expect(await state.settle(settlements, LATER)).toEqual([settlements[0], { change: two, outcome: 'orphaned' }]);
    expect([await noted(), (await row('d-2'))?.status]).toEqual([[], 'pending']);
  });

  it('goes with 49 others in a request', async () => {
    const changes: PendingChange[] = [];
    for (let id = 0; id < 51; id += 1) changes.push(await changed(`d-${id}`));
    const sizes: number[] = [];
    store.onCall = (_, { TransactItems }) => sizes.push((TransactItems as unknown[]).length);
    const settlements = changes.map((change) => ({ change, outcome: 'indexed' as const }));
    expect(await state.settle(settlements, LATER)).toEqual(settlements);
    expect(sizes).toEqual([100, 2]);
    expect(await state.settle([], LATER)).toEqual([]);
    expect(sizes).toHaveLength(2);
  });

  it('fails as the table does', async () => {
    const change = await changed('d-1');
    const invalid = { message: 'x', $metadata: {}, CancellationReasons: [{ Code: 'ValidationError' }] };
    const failures = [
      new Error('lost'),
      new TransactionCanceledException({ message: 'x', $metadata: {} }),
      new TransactionCanceledException(invalid),
    ];
    for (const failure of failures) {
      store.onCall = () => {
        throw failure;
      };
      await expect(state.settle([{ change, outcome: 'indexed' }], LATER)).rejects.toBe(failure);
    }
  });
});
