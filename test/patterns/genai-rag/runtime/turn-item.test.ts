import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ClaimCheck } from '../../../../lib/runtime/contract';
import type { Turn } from '../../../../patterns/genai-rag/contract';
import type { Ticket } from '../../../../patterns/genai-rag/runtime/admission';
import {
  carry,
  readTurn,
  takeBack,
  turnNumber,
  wholeTurn,
  writeTurn,
} from '../../../../patterns/genai-rag/runtime/turn-item';

const CLAIM: ClaimCheck = { key: 'turns/1', bytes: 3, sha256: 'x' };
const claims = vi.hoisted(() => ({ putClaim: vi.fn(), resolveClaim: vi.fn(), removeClaim: vi.fn() }));
vi.mock('../../../../patterns/genai-rag/runtime/long-turns.lazy', () => claims);
afterEach(() => {
  vi.resetAllMocks();
});

const CALLER = { tenant: 't-acme', user: 'ada' };
const TICKET: Ticket = {
  caller: CALLER,
  question: { conversation: 'c-1', text: 'q', key: 'k', hash: 'h', streams: false },
  attempt: 'a-1',
  reserved: 1,
  day: '2026-11-24',
};
const CITATIONS = [{ number: 1, documentId: 'd', name: 'n', excerpt: 'e' }];
const TURN: Omit<Turn, 'turn'> = {
  question: 'Wie groß?',
  answer: 'So groß [1].',
  at: '2026-11-24T10:15:00.000Z',
  citations: CITATIONS,
  guardrail: { action: 'none' },
  usage: { inputTokens: 1, outputTokens: 2 },
  outcome: 'complete',
};
const bytesOf = ({ answer, citations, question }: Omit<Turn, 'turn'>) =>
  Buffer.byteLength(JSON.stringify({ answer, citations })) + Buffer.byteLength(question);
/** A turn of so many bytes. */
const turnOf = (bytes: number) => {
  const turn = { ...TURN, answer: '' };
  return { ...turn, answer: 'x'.repeat(bytes - bytesOf(turn)) };
};

describe('the number of a turn', () => {
  it('has eight digits', () => {
    expect([1, 12_345_678].map(turnNumber)).toEqual(['00000001', '12345678']);
  });
});

describe('a turn', () => {
  it('is an item as it is, up to 128 KiB', async () => {
    for (const turn of [TURN, turnOf(131_072)])
      expect(await carry(TICKET, turn)).toEqual({ ...turn, bytes: bytesOf(turn) });
    expect(claims.putClaim).not.toHaveBeenCalled();
  });

  it('that is a byte longer goes to S3, under its try', async () => {
    claims.putClaim.mockResolvedValue(CLAIM);
    const turn = turnOf(131_073);
    const { answer, citations, ...rest } = turn;
    expect(await carry(TICKET, turn)).toEqual({ ...rest, bytes: 131_073, claim: CLAIM });
    expect(claims.putClaim.mock.calls).toEqual([['turns/t-acme/ada/c-1/a-1', JSON.stringify({ answer, citations })]]);
  });

  it('is read whole', async () => {
    expect(await wholeTurn({ ...TURN, turn: '00000001', bytes: 5 })).toEqual({ ...TURN, turn: '00000001' });
    const { answer, citations, ...rest } = { ...TURN, turn: '00000002', bytes: 5 };
    const { bytes: _, ...shown } = rest;
    expect(await wholeTurn(rest)).toEqual({ ...shown, answer: '', citations: [] });
    claims.resolveClaim.mockResolvedValue(JSON.stringify({ answer, citations }));
    expect(await wholeTurn({ ...rest, claim: CLAIM })).toEqual({ ...shown, answer, citations });
    expect(claims.resolveClaim.mock.calls).toEqual([[CLAIM]]);
  });

  it.each([
    {},
    { answer: 1, citations: [] },
    { answer: '' },
    { answer: '', citations: [{ ...CITATIONS[0], number: 1.5 }] },
    { answer: '', citations: [{ number: 1, documentId: 'd', name: 'n' }] },
    { answer: '', citations: [{ number: 1, documentId: 'd', excerpt: 'e' }] },
    { answer: '', citations: [{ number: 1, name: 'n', excerpt: 'e' }] },
  ])('is not read from %j', async (stored) => {
    claims.resolveClaim.mockResolvedValue(JSON.stringify(stored));
    await expect(wholeTurn({ ...TURN, turn: '00000001', bytes: 5, claim: CLAIM })).rejects.toThrow();
  });

  it('is taken back where it went, and that it does not go is no error', async () => {
    await takeBack({});
    expect(claims.removeClaim).not.toHaveBeenCalled();
    claims.removeClaim.mockRejectedValue(new Error('S3 is away'));
    await takeBack({ claim: CLAIM });
    expect(claims.removeClaim.mock.calls).toEqual([[CLAIM]]);
  });

  it('is read as it was written', () => {
    const turn = { ...TURN, turn: '00000007', bytes: 5 };
    const item = writeTurn(CALLER, 'c-1', turn, 99);
    const { turn: _, ...attributes } = turn;
    expect(item).toEqual({ pk: 'user#t-acme#ada', sk: 'turn#c-1#00000007', expiresAt: 99, ...attributes });
    expect(readTurn(item)).toEqual(turn);
  });
});
