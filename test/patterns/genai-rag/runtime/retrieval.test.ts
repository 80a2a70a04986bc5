import { RetrieveCommand } from '@aws-sdk/client-bedrock-agent-runtime';
import { describe, expect, it, vi } from 'vitest';
import { queryOf, Retrieval } from '../../../../patterns/genai-rag/runtime/retrieval';

const BOUNDS = {
  maxTokens: 500,
  maxPassages: 5,
  maxHistoryTokens: 1000,
  dailyTokens: 100_000,
  questionsPerMinute: 100,
  answerSeconds: 60,
  conversationDays: 30,
  maxToolRounds: 2,
};
const METADATA = { tenant: 't-acme', documentId: 'd-1', name: 'Fares' };

/** Passages of what a knowledge base answers. */
async function passagesOf(retrievalResults: unknown, maxPassages = 5) {
  const send = vi.fn(async () => ({ retrievalResults }));
  const settings = { knowledgeBaseId: 'KB', bounds: { ...BOUNDS, maxPassages } };
  const retrieval = new Retrieval({ send: send as never }, settings);
  const signal = new AbortController().signal;
  const passages = await retrieval.passages({ tenant: 't-acme', question: 'Fare?', before: 'Where?' }, signal);
  return { passages, send, signal };
}
const found = (text: string, metadata: unknown = METADATA) => ({ content: { text }, metadata });
const lengths = async (texts: readonly string[], maxPassages: number) =>
  (
    await passagesOf(
      texts.map((text) => found(text)),
      maxPassages,
    )
  ).passages.map(({ text }) => text.length);

describe('retrieval', () => {
  it('asks for the passages of the tenant', async () => {
    const { send, signal } = await passagesOf([], 7);
    expect(send.mock.calls).toEqual([[expect.any(RetrieveCommand), { abortSignal: signal }]]);
    const [[command]] = send.mock.calls as unknown as [[RetrieveCommand]];
    expect(command.input).toEqual({
      knowledgeBaseId: 'KB',
      retrievalQuery: { text: 'Where?\nFare?' },
      retrievalConfiguration: {
        vectorSearchConfiguration: {
          numberOfResults: 7,
          filter: { equals: { key: 'tenant', value: 't-acme' } },
        },
      },
    });
  });

  it('finds texts with the names of their documents, as a person sees them', async () => {
    const { passages } = await passagesOf([
      found(' The f\u200bare. '),
      found('No name', { tenant: 't-acme', documentId: 'd\u200b-2' }),
      found('No document', { tenant: 't-acme', name: 'N\u200b' }),
      found('Nothing', { tenant: 't-acme' }),
    ]);
    expect(passages).toEqual([
      { text: 'The fare.', documentId: 'd-1', name: 'Fares' },
      { text: 'No name', documentId: 'd-2', name: 'd-2' },
      { text: 'No document', documentId: '', name: 'N' },
      { text: 'Nothing', documentId: '', name: '' },
    ]);
  });

  it('drops what is no text, and what is another tenant’s or nobody’s', async () => {
    const { passages } = await passagesOf([
      {},
      { metadata: METADATA },
      { content: {}, metadata: METADATA },
      found(' \u200b'),
      found('a', { ...METADATA, tenant: 't-other' }),
      found('b', {}),
      { content: { text: 'c' } },
      found('d', Object.create(METADATA)),
    ]);
    expect(passages).toEqual([]);
    expect((await passagesOf(undefined)).passages).toEqual([]);
  });
});

describe('passages', () => {
  it('are as many as are allowed', async () => {
    expect(await lengths(['a', 'b', 'c'], 2)).toEqual([1, 1]);
  });

  it('have 500 tokens each together, with the 34 that delimit each', async () => {
    expect(await lengths(['x'.repeat(5000)], 1)).toEqual([(500 - 34) * 3]);
    expect(await lengths(['x'.repeat(2000), 'x'.repeat(5000)], 2)).toEqual([2000, (1000 - 34 - 667 - 34) * 3]);
  });

  it('stay away where no token is left for them', async () => {
    const most = (1000 - 34 - 34) * 3;
    expect(await lengths(['x'.repeat(most), 'yyyyyy'], 2)).toEqual([most]);
    expect(await lengths(['x'.repeat(most - 3), 'yyyyyy'], 2)).toEqual([most - 3, 3]);
  });

  it('have 100,000 characters together, with the 100 that delimit each', async () => {
    expect(await lengths(['x'.repeat(200_000), 'y'], 100)).toEqual([99_900]);
    expect(await lengths(['x'.repeat(99_800), 'yy'], 100)).toEqual([99_800]);
    expect(await lengths(['x'.repeat(99_799), 'yy'], 100)).toEqual([99_799, 1]);
    expect(await lengths(['x'.repeat(99_700), 'y'.repeat(90), 'z'], 100)).toEqual([99_700, 90]);
  });
});

describe('a query', () => {
  it('is the question after the one before it', () => {
    expect(queryOf('Fare\u200b?', 'Where\u200b?')).toBe('Where?\nFare?');
    expect([queryOf('Fare?'), queryOf('Fare?', '\u200b')]).toEqual(['Fare?', 'Fare?']);
  });

  it('has 1,000 characters, of which the question has the first right', () => {
    const before = 'b'.repeat(1000);
    expect(queryOf('q'.repeat(1000), before)).toBe('q'.repeat(1000));
    expect(queryOf('q'.repeat(999), before)).toBe('q'.repeat(999));
    expect(queryOf('q'.repeat(998), before)).toBe(`b\n${'q'.repeat(998)}`);
    expect(queryOf('q', before)).toBe(`${'b'.repeat(998)}\nq`);
  });

  it('never has half of a character', () => {
    expect(queryOf('q'.repeat(997), 'a🚂')).toBe(`a\n${'q'.repeat(997)}`);
    expect(queryOf('q'.repeat(996), 'a🚂')).toBe(`a🚂\n${'q'.repeat(996)}`);
    expect(queryOf('q', 'a🚂')).toBe('a🚂\nq');
  });
});
