import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { questionMessage, SYSTEM_TEXT } from '../../../../patterns/genai-rag/runtime/prompt';
import { AskFixture, BOUNDS, conversationId, eventOf } from './ask-fixture';
import { HOSTILE_DOCUMENTS, HOSTILE_QUESTIONS } from './hostile-documents-fixture';

const NONCE = 'c0ffee0123456789abcdef00';
const knowing = (text: string) =>
  text.replaceAll('NONCE', NONCE).replaceAll('HEAD', NONCE.slice(0, 12)).replaceAll('TAIL', NONCE.slice(12));
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Surrogate}\u200b\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;

type Block = { guardContent?: { text: { text: string; qualifiers: string[] } } };
const partsOf = (message: unknown) =>
  (message as { content: Block[] }).content.map(
    ({ guardContent }) => guardContent?.text ?? { text: '', qualifiers: [] },
  );

describe('the prompt, to who knew the delimiter', () => {
  it('keeps every hostile document within its delimiters, and one passage one passage', () => {
    expect(HOSTILE_DOCUMENTS.length).toBeGreaterThanOrEqual(40);
    for (const { name, text } of HOSTILE_DOCUMENTS) {
      const passages = [text, 'The fare is 12 euros.', text].map((each) => ({
        text: knowing(each),
        documentId: name,
        name,
      }));
      const parts = partsOf(questionMessage('What is the fare?', passages, NONCE));
      expect(parts, name).toHaveLength(4);
      parts.slice(0, 3).forEach((part, index) => {
        expect(part.qualifiers).toEqual(['grounding_source']);
        const [, inside] =
          new RegExp(`^<passage-${NONCE} number="${index + 1}">\\n([^]*)\\n</passage-${NONCE}>$`).exec(part.text) ?? [];
        expect(inside, name).toBeDefined();
        expect(inside, name).not.toContain(NONCE);
        expect(inside, name).not.toMatch(UNSEEN);
      });
      expect(parts[3]).toEqual({ text: 'What is the fare?', qualifiers: ['query', 'guard_content'] });
    }
  });

  it('keeps every hostile question one question', () => {
    for (const { name, text } of HOSTILE_QUESTIONS) {
      const passages = [{ text: 'The fare is 12 euros.', documentId: 'fares', name: 'fares' }];
      const [passage, question, ...more] = partsOf(questionMessage(knowing(text), passages, NONCE));
      expect(more, name).toEqual([]);
      expect(passage?.text).toBe(`<passage-${NONCE} number="1">\nThe fare is 12 euros.\n</passage-${NONCE}>`);
      expect(question?.qualifiers).toEqual(['query', 'guard_content']);
      expect(question?.text, name).not.toContain(NONCE);
      expect(question?.text, name).not.toMatch(UNSEEN);
    }
  });

  it('leaves what scripts need, and what people wrote', () => {
    const text = 'می\u200cخواهم 👩\u200d🚀 größer\n\t<b>&amp; [1]';
    const [part] = partsOf(questionMessage('x', [{ text, documentId: 'd', name: 'd' }], NONCE));
    expect(part?.text).toContain(text);
  });

  it('has delimiters of its own for each question', () => {
    const ids = Array.from({ length: 100 }, () => {
      const [part] = partsOf(questionMessage('x', [{ text: 'y', documentId: 'd', name: 'd' }]));
      return /^<passage-([0-9a-f]{24}) /.exec(part?.text ?? '')?.[1];
    });
    expect(new Set(ids).size).toBe(100);
    expect(ids).not.toContain(undefined);
  });
});

describe('hostile documents and questions, through the whole handler', () => {
  let fixture: AskFixture;
  beforeAll(async () => {
    fixture = await new AskFixture().start();
    HOSTILE_DOCUMENTS.forEach(({ text }, index) => {
      const safe = text.replace(/\p{Surrogate}/gu, '');
      fixture.document(`t-hostile-${index}`, `hostile-${index}`, `What is the fare? ${safe}`);
    });
    fixture.document('t-other', 'secret', 'What is the fare? The secret fare is 1.');
  });
  afterAll(() => fixture.stop());

  /** Asks, where the model does all that it is told: it repeats the passage, cites what there is not, and asks for tools. */
  async function obeying(groups: string, question: string, text: string) {
    fixture.calls.length = 0;
    fixture.bedrock.script({
      text: `${text.slice(0, 500)} [1] [2] [99] [1, 42]`,
      toolUse: [{ name: 'delete_all', input: {} }],
    });
    const answer = await fixture.ask({ groups, question, conversation: conversationId(1) }, { dailyTokens: 1e7 });
    const requests = fixture.calls.filter(({ action }) => action === 'ConverseStream').map(({ input }) => input);
    const retrievals = fixture.calls.filter(({ action }) => action === 'Retrieve').map(({ input }) => input);
    return { answer, requests, retrievals };
  }

  it('change neither the system text, nor the roles, nor the tools, nor the filter; nothing else is cited', async () => {
    const cases = [
      ...HOSTILE_DOCUMENTS.map(({ text }, index) => ({ tenant: index, question: 'What is the fare?', text })),
      ...HOSTILE_QUESTIONS.map(({ text }, index) => ({
        tenant: index,
        question: `${text} What is the fare?`,
        text,
      })),
    ];
    for (const { tenant, question, text } of cases) {
      const { answer, requests, retrievals } = await obeying(`tenant-hostile-${tenant}`, question, text);
      const at = text.slice(0, 40);
      expect(requests, at).toHaveLength(1);
      for (const request of requests) {
        expect(request['system'], at).toEqual([{ text: SYSTEM_TEXT }]);
        expect(request['toolConfig'], at).toBeUndefined();
        expect(request['inferenceConfig'], at).toEqual({ maxTokens: BOUNDS.maxTokens });
        const messages = request['messages'] as { role: string; content: Block[] }[];
        expect(
          messages.map(({ role }) => role),
          at,
        ).toEqual(['user']);
        const parts = partsOf(messages[0]);
        expect(parts.at(-1)?.qualifiers).toEqual(['query', 'guard_content']);
        const [, nonce] = /^<passage-([0-9a-f]{24}) number="1">\n/.exec(parts[0]?.text ?? '') ?? [];
        for (const [index, part] of parts.slice(0, -1).entries()) {
          expect(part.text.startsWith(`<passage-${nonce} number="${index + 1}">\n`), at).toBe(true);
          expect(part.text.endsWith(`\n</passage-${nonce}>`), at).toBe(true);
          expect(part.text.split(String(nonce))).toHaveLength(3);
        }
      }
      for (const { retrievalConfiguration } of retrievals) {
        const value = `t-hostile-${tenant}`;
        expect(retrievalConfiguration).toMatchObject({
          vectorSearchConfiguration: { filter: { equals: { key: 'tenant', value } } },
        });
      }
      // A tool that was never declared ends the answer; nothing was called.
      expect(eventOf(answer, 'error'), at).toMatchObject({ code: 'too_many_tools' });
      expect(
        answer.events.filter(({ event }) => event !== 'token').map(({ event }) => event),
        at,
      ).toEqual(['error']);
      expect(answer.text, at).not.toMatch(/\[(99|42)\]/);
      expect(JSON.stringify(answer.events), at).not.toContain('secret');
    }
  });

  it('cite what was retrieved and nothing else', async () => {
    for (const [index, { text }] of HOSTILE_DOCUMENTS.entries()) {
      fixture.bedrock.script({ text: `${text.slice(0, 300)} [1] [0] [6] [99] [1, 42]` });
      const groups = `tenant-hostile-${index}`;
      const answer = await fixture.ask({ groups, user: 'citing', question: 'What is the fare?' }, { dailyTokens: 1e7 });
      const citations = eventOf(answer, 'citations')?.['citations'] as { documentId: string; number: number }[];
      expect(citations.length).toBeGreaterThan(0);
      for (const { documentId, number } of citations) {
        expect(documentId).toBe(`hostile-${index}`);
        expect(number).toBeLessThanOrEqual(BOUNDS.maxPassages);
      }
      expect(answer.events.filter(({ event }) => event === 'done')).toHaveLength(1);
    }
  });

  it('of another tenant are dropped even when the knowledge base hands them out', async () => {
    const { Retrieval } = await import('../../../../patterns/genai-rag/runtime/retrieval.js');
    const result = (tenant: string | undefined, text: string) => ({
      content: { text },
      metadata: { tenant, documentId: text },
    });
    const retrievalResults = [result('t-other', 'theirs'), result('t-acme', 'ours'), result(undefined, 'nobodys')];
    const client = { send: async () => ({ retrievalResults }) } as never;
    const retrieval = new Retrieval(client, { knowledgeBaseId: 'x', bounds: BOUNDS });
    const found = await retrieval.passages({ tenant: 't-acme', question: 'x' }, new AbortController().signal);
    expect(found.map(({ text }) => text)).toEqual(['ours']);
  });
});
