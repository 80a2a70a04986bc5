import type { DocumentState } from './ingestion-jobs';
import type { PendingChange, Settlement } from './ingestion-state';

/** Jobs that may fail to ingest a document before it counts as failed. A deletion is retried forever, and an alarm fires. */
const MAX_ATTEMPTS = 3;
const MINUTE_MS = 60_000;
/** Waits between tries double up to this. */
const LONGEST_WAIT_MS = 60 * MINUTE_MS;
/** Characters of a reason that are kept. */
const REASON_CHARACTERS = 500;

/** What a job that ended means for its changes. */
export interface EndedJob {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Why it failed, or what it could not read. */
  readonly reasons: readonly string[];
}

/** What a complete job did about a change, by what the knowledge base says of the document (AWS: KnowledgeBaseDocumentDetail). */
export function settledBy(
  job: EndedJob,
  change: PendingChange,
  uri: string,
  { status, statusReason }: DocumentState,
): Settlement {
  const told = statusReason ?? job.reasons.find((reason) => reason.includes(uri));
  if (change.isDeleted) {
    // Of a document that never was in the index, a failure to read it is all that may be left.
    const isGone = status === 'NOT_FOUND' || ((status === 'FAILED' || status === 'IGNORED') && !change.mayBeIndexed);
    return isGone ? { change, outcome: 'gone' } : again(job, change);
  }
  switch (status) {
    case 'INDEXED':
      return { change, outcome: 'indexed' };
    case 'PARTIALLY_INDEXED':
    case 'METADATA_PARTIALLY_INDEXED':
      return failed(change, told ?? 'Only a part of the document could be ingested.');
    case 'FAILED':
    case 'METADATA_UPDATE_FAILED':
      return failed(change, told ?? 'The knowledge base could not read the document.');
    case 'IGNORED':
      return failed(change, told ?? 'The knowledge base does not support this document.');
    default:
      return tried(job, change, told ?? 'The knowledge base did not find the document.');
  }
}

/** What a job that failed as a whole means for a change. */
export function failedBy(job: EndedJob, change: PendingChange): Settlement {
  if (change.isDeleted) return again(job, change);
  return tried(job, change, job.reasons[0] ?? 'The ingestion failed.');
}

function tried(job: EndedJob, change: PendingChange, reason: string): Settlement {
  return change.attempts + 1 >= MAX_ATTEMPTS ? failed(change, reason) : again(job, change);
}

function again({ token, now }: EndedJob, change: PendingChange): Settlement {
  const wait = Math.min(MINUTE_MS * 2 ** change.attempts, LONGEST_WAIT_MS);
  return { change, outcome: 'again', token, notBefore: now + wait };
}

function failed(change: PendingChange, reason: string): Settlement {
  return { change, outcome: 'failed', reason: [...reason].slice(0, REASON_CHARACTERS).join('') };
}
