import { Problem } from '../../../lib/runtime/problem';
import { DeadlinePassed } from './timing';

/** An answer that did not come to its end. Nothing of it was kept. */
export class AnswerError extends Problem {
  /** Whether asking again may help; the same key may be used either way. */
  readonly retryable: boolean;

  constructor(
    status: number,
    code: string,
    detail: string,
    { retryable, cause }: { readonly retryable: boolean; readonly cause?: unknown },
  ) {
    super(status, code, detail);
    this.retryable = retryable;
    this.cause = cause;
  }
}

/** What says that the model cannot be called at all: past its end of life, unknown, not allowed (bedrock-model-lifecycle). */
const UNAVAILABLE = new Set(['AccessDeniedException', 'ResourceNotFoundException', 'ValidationException']);
const BUSY = new Set(['ThrottlingException', 'ModelNotReadyException', 'ServiceQuotaExceededException']);

/** An error of the model, for who asked. */
export function modelError(error: unknown): AnswerError {
  if (error instanceof AnswerError) return error;
  if (isLate(error)) return tooLate(error);
  const name = error instanceof Error ? error.name : '';
  if (UNAVAILABLE.has(name)) {
    const detail = 'The model is unavailable. An administrator has to correct this.';
    return new AnswerError(502, 'model_unavailable', detail, { retryable: false, cause: error });
  }
  if (BUSY.has(name))
    return new AnswerError(503, 'model_busy', 'The model is busy. Ask again.', { retryable: true, cause: error });
  if (name === 'ModelTimeoutException') {
    return new AnswerError(504, 'model_timeout', 'The model did not answer in time. Ask again.', {
      retryable: true,
      cause: error,
    });
  }
  return new AnswerError(502, 'answer_broke_off', 'The answer was interrupted and was not saved. Ask again.', {
    retryable: true,
    cause: error,
  });
}

/** An error of the knowledge base, for who asked. */
export function retrievalError(error: unknown): AnswerError {
  if (isLate(error)) return tooLate(error);
  return new AnswerError(503, 'retrieval_failed', 'The documents could not be searched. Ask again.', {
    retryable: true,
    cause: error,
  });
}

export function tooLate(cause?: unknown): AnswerError {
  return new AnswerError(504, 'answer_too_late', 'The answer exceeded its time limit. Ask again.', {
    retryable: true,
    cause,
  });
}

function isLate(error: unknown): boolean {
  return error instanceof DeadlinePassed || (error instanceof Error && error.name === 'AbortError');
}
