import { describe, expect, it } from 'vitest';
import { AnswerError, modelError, retrievalError, tooLate } from '../../../../patterns/genai-rag/runtime/answer-error';
import { DeadlinePassed } from '../../../../patterns/genai-rag/runtime/timing';

const named = (name: string) => Object.assign(new Error(name), { name });
const told = ({ status, code, retryable }: AnswerError) => [status, code, retryable];

describe('an error of the model', () => {
  it.each<[string, number, string, boolean]>([
    ['AccessDeniedException', 502, 'model_unavailable', false],
    ['ResourceNotFoundException', 502, 'model_unavailable', false],
    ['ValidationException', 502, 'model_unavailable', false],
    ['ThrottlingException', 503, 'model_busy', true],
    ['ModelNotReadyException', 503, 'model_busy', true],
    ['ServiceQuotaExceededException', 503, 'model_busy', true],
    ['ModelTimeoutException', 504, 'model_timeout', true],
    ['AbortError', 504, 'answer_too_late', true],
    ['InternalServerException', 502, 'answer_broke_off', true],
  ])('%s is told as %i %s', (name, ...answer) => {
    const cause = named(name);
    expect(told(modelError(cause))).toEqual(answer);
    expect(modelError(cause).cause).toBe(cause);
  });

  it('is told once, and anything else broke off', () => {
    const error = new AnswerError(502, 'too_many_tools', 'x', { retryable: true });
    expect(modelError(error)).toBe(error);
    expect(told(modelError(new DeadlinePassed()))).toEqual([504, 'answer_too_late', true]);
    for (const thrown of ['AccessDeniedException', { name: 'AbortError' }, undefined])
      expect(told(modelError(thrown))).toEqual([502, 'answer_broke_off', true]);
  });
});

describe('an error of the knowledge base', () => {
  it('is late, or a search that failed', () => {
    for (const late of [new DeadlinePassed(), named('AbortError')])
      expect(told(retrievalError(late))).toEqual([504, 'answer_too_late', true]);
    for (const other of [named('ThrottlingException'), { name: 'AbortError' }])
      expect(told(retrievalError(other))).toEqual([503, 'retrieval_failed', true]);
    expect(told(tooLate())).toEqual([504, 'answer_too_late', true]);
  });
});
