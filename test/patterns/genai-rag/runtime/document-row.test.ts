import { describe, expect, it } from 'vitest';
import {
  type DocumentRow,
  documentOf,
  isForgotten,
  pendingRow,
} from '../../../../patterns/genai-rag/runtime/document-row';

const SHOWN = {
  id: 'd-1',
  name: 'Fares',
  contentType: 'text/plain',
  size: 10,
  status: 'failed',
  reason: 'broken',
  createdAt: '2026-11-24T10:00:00.000Z',
  updatedAt: '2026-11-24T10:00:01.000Z',
} as const;
const ROW: DocumentRow = {
  ...SHOWN,
  tenant: 't-acme',
  objectKey: 'documents/x',
  etag: 'e',
  version: 'v',
  expiresAt: 9,
};

describe('a document in the table', () => {
  it('is shown without what is only ours', () => {
    expect(documentOf(ROW)).toStrictEqual(SHOWN);
    const { reason: _, ...without } = SHOWN;
    const { reason: __, ...row } = ROW;
    expect(documentOf(row)).toStrictEqual(without);
  });

  it('is forgotten from its second on, and never without one', () => {
    expect([9999, 10_000, 10_001].map((now) => isForgotten({ expiresAt: 10 }, now))).toEqual([false, true, true]);
    expect(isForgotten({}, 1e15)).toBe(false);
  });

  it('waits for the knowledge base without a reason and without an end', () => {
    const { reason: _, expiresAt: __, ...rest } = ROW;
    expect(pendingRow(ROW)).toStrictEqual({ ...rest, status: 'pending' });
  });
});
