import { describe, expect, it } from 'vitest';
import type { DocumentState } from '../../../../patterns/genai-rag/runtime/ingestion-jobs';
import type { PendingChange } from '../../../../patterns/genai-rag/runtime/ingestion-state';
import { failedBy, settledBy } from '../../../../patterns/genai-rag/runtime/settle-change';

const URI = 's3://documents/documents/t-acme/a.txt';
const JOB = { token: 'token-1', now: 1_000_000, reasons: [] };
const CHANGE: PendingChange = {
  tenant: 't-acme',
  documentId: 'd-1',
  objectKey: 'documents/t-acme/a.txt',
  isDeleted: false,
  deletesObjects: false,
  mayBeIndexed: false,
  version: 'v-1',
  at: 0,
  since: 0,
  attempts: 0,
  notBefore: 0,
};
const DELETED = { ...CHANGE, isDeleted: true };
const again = (change: PendingChange, minutes: number) => ({
  change,
  outcome: 'again',
  token: 'token-1',
  notBefore: 1_000_000 + minutes * 60_000,
});
const settled = (change: PendingChange, status: DocumentState['status'], reasons: readonly string[] = []) =>
  settledBy({ ...JOB, reasons }, change, URI, { status });

describe('a document that was to be taken in', () => {
  it('is indexed when the knowledge base says so', () => {
    expect(settled(CHANGE, 'INDEXED')).toEqual({ change: CHANGE, outcome: 'indexed' });
  });

  it.each<[NonNullable<DocumentState['status']>, string]>([
    ['PARTIALLY_INDEXED', 'Only a part of the document could be ingested.'],
    ['METADATA_PARTIALLY_INDEXED', 'Only a part of the document could be ingested.'],
    ['FAILED', 'The knowledge base could not read the document.'],
    ['METADATA_UPDATE_FAILED', 'The knowledge base could not read the document.'],
    ['IGNORED', 'The knowledge base does not support this document.'],
  ])('has failed when it is %s', (status, reason) => {
    expect(settled(CHANGE, status)).toEqual({ change: CHANGE, outcome: 'failed', reason });
    const told = [`other`, `${URI}: too large`];
    expect(settled(CHANGE, status, told)).toMatchObject({ outcome: 'failed', reason: `${URI}: too large` });
    const state = { status, statusReason: 'broken' };
    expect(settledBy({ ...JOB, reasons: told }, CHANGE, URI, state)).toMatchObject({ reason: 'broken' });
  });

  it.each<[DocumentState['status']]>([['NOT_FOUND'], ['PENDING'], ['IN_PROGRESS'], [undefined]])(
    'is tried three times while it is %s',
    (status) => {
      expect(settled(CHANGE, status)).toEqual(again(CHANGE, 1));
      const second = { ...CHANGE, attempts: 1 };
      expect(settled(second, status)).toEqual(again(second, 2));
      const third = { ...CHANGE, attempts: 2 };
      const reason = 'The knowledge base did not find the document.';
      expect(settled(third, status)).toEqual({ change: third, outcome: 'failed', reason });
      expect(settled({ ...CHANGE, attempts: 3 }, status)).toMatchObject({ outcome: 'failed' });
    },
  );

  it('has a reason of at most 500 characters', () => {
    const reasonOf = (statusReason: string) => settledBy(JOB, CHANGE, URI, { status: 'FAILED', statusReason });
    expect(reasonOf('🚂'.repeat(500))).toMatchObject({ reason: '🚂'.repeat(500) });
    expect(reasonOf('🚂'.repeat(501))).toMatchObject({ reason: '🚂'.repeat(500) });
  });
});

describe('a document that was to go', () => {
  it('is gone when it is not found, or could not be read and never was indexed', () => {
    for (const status of ['NOT_FOUND', 'FAILED', 'IGNORED'] as const)
      expect(settled(DELETED, status)).toEqual({ change: DELETED, outcome: 'gone' });
    expect(settled({ ...DELETED, mayBeIndexed: true }, 'NOT_FOUND')).toMatchObject({ outcome: 'gone' });
  });

  it('is tried for ever while something of it may be there', () => {
    const indexed = { ...DELETED, mayBeIndexed: true };
    for (const status of ['FAILED', 'IGNORED', 'INDEXED', 'DELETING'] as const)
      expect(settled(indexed, status)).toEqual(again(indexed, 1));
    expect(settled(DELETED, 'INDEXED')).toEqual(again(DELETED, 1));
    const often = { ...DELETED, attempts: 50 };
    expect(settled(often, 'INDEXED')).toEqual(again(often, 60));
  });

  it('waits twice as long with each try, and an hour at the most', () => {
    const minutes = [1, 2, 4, 8, 16, 32, 60, 60];
    minutes.forEach((wait, attempts) => {
      const change = { ...DELETED, attempts };
      expect(failedBy(JOB, change)).toEqual(again(change, wait));
    });
  });
});

describe('a job that failed', () => {
  it('is tried again, and the third time fails its documents with its first reason', () => {
    expect(failedBy(JOB, CHANGE)).toEqual(again(CHANGE, 1));
    expect(failedBy(JOB, { ...CHANGE, attempts: 1 })).toMatchObject({ outcome: 'again' });
    const change = { ...CHANGE, attempts: 2 };
    expect(failedBy({ ...JOB, reasons: ['first', 'second'] }, change)).toEqual({
      change,
      outcome: 'failed',
      reason: 'first',
    });
    expect(failedBy(JOB, change)).toMatchObject({ reason: 'The ingestion failed.' });
  });
});
