// @node24

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../../fixtures/eventually';
import { AskFixture, BOUNDS, conversationId, eventOf, KNOWLEDGE_BASE } from '../runtime/ask-fixture';

let fixture: AskFixture;
let metrics: typeof import('../../../../lib/runtime/observability').metrics;
beforeAll(async () => {
  fixture = await new AskFixture().start();
  ({ metrics } = await import('../../../../lib/runtime/observability.js'));
  fixture.document(
    't-acme',
    'fares',
    'The fare of a day is 12 euros. Children travel for free on Sundays.',
    'Fares 2026',
  );
});
afterAll(() => fixture.stop());
beforeEach(() => {
  fixture.calls.length = 0;
});

const ACME = { groups: 'tenant-acme' };
const FARE = { ...ACME, question: 'What is the fare of a day?' };
const JSON_ONLY = { accept: 'application/json' };

describe('an answer', () => {
  it('streams tokens, then citations, guardrail, usage and done', async () => {
    const answer = await fixture.ask({ ...FARE, user: 'streaming' });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(answer.text).toBe('The fare of a day is 12 euros. [1]');
    const names = answer.events.map(({ event }) => event);
    expect(names.filter((name) => name !== 'token')).toEqual(['citations', 'guardrail', 'usage', 'done']);
    expect(names.lastIndexOf('token')).toBeLessThan(names.indexOf('citations'));
    const excerpt = 'The fare of a day is 12 euros. Children travel for free on Sundays.';
    expect(eventOf(answer, 'citations')).toEqual({
      citations: [{ number: 1, documentId: 'fares', name: 'Fares 2026', excerpt }],
    });
    expect(eventOf(answer, 'guardrail')).toEqual({ action: 'none' });
    const usage = eventOf(answer, 'usage') as { inputTokens: number; outputTokens: number; dailyTokens: number };
    expect(usage.outputTokens).toBeGreaterThan(0);
    expect(usage).toMatchObject({
      dailyTokens: usage.inputTokens + usage.outputTokens,
      dailyLimit: BOUNDS.dailyTokens,
    });
    expect(eventOf(answer, 'done')).toEqual({ turn: '00000001', outcome: 'complete' });
  });

  it('sends each token as it comes, in a chunk of its own', async () => {
    let release: () => void = () => {};
    const hold = new Promise<void>((done) => {
      release = done;
    });
    fixture.bedrock.script({ chunks: ['Twelve', ' euros.'], hold, holdAfter: 1 });
    const seen: string[] = [];
    const onChunk = (text: string) => {
      seen.push(text);
      // The rest is held back by the model until the first has been seen here.
      if (text.includes('Twelve')) release();
    };
    await fixture.ask({ ...FARE, onChunk });
    expect(seen.filter((text) => text.startsWith('event: token'))).toHaveLength(2);
  });

  it('is one JSON for a client that does not stream', async () => {
    const answer = await fixture.ask({ ...FARE, ...JSON_ONLY, conversation: conversationId(2) });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.json).toEqual({
      turn: '00000001',
      answer: 'The fare of a day is 12 euros. [1]',
      citations: [expect.objectContaining({ number: 1, documentId: 'fares' })],
      guardrail: { action: 'none' },
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
      outcome: 'complete',
    });
  });

  it('takes exactly five calls of AWS; an event stream reads the day’s count after them', async () => {
    const five = { TransactWriteItems: 2, Query: 1, Retrieve: 1, ConverseStream: 1 };
    await fixture.ask({ ...FARE, ...JSON_ONLY });
    expect(fixture.counts()).toEqual(five);
    fixture.calls.length = 0;
    await fixture.ask(FARE);
    expect(fixture.counts()).toEqual({ ...five, GetItem: 1 });
    expect(fixture.calls.at(-1)?.action).toBe('GetItem');
  });

  it('asks the knowledge base with the filter of the tenant, and no more passages than the bound', async () => {
    await fixture.ask(FARE, { maxPassages: 3 });
    const [call] = fixture.calls.filter(({ action }) => action === 'Retrieve');
    expect(call?.input).toMatchObject({
      knowledgeBaseId: KNOWLEDGE_BASE,
      retrievalConfiguration: {
        vectorSearchConfiguration: { numberOfResults: 3, filter: { equals: { key: 'tenant', value: 't-acme' } } },
      },
    });
  });

  it('asks the model with the guardrail’s numbered version, a bound of tokens, and the model of the environment', async () => {
    await fixture.ask(FARE);
    const [call] = fixture.calls.filter(({ action }) => action === 'ConverseStream');
    expect(call?.input).toMatchObject({
      modelId: process.env['MODEL_ID'],
      inferenceConfig: { maxTokens: BOUNDS.maxTokens },
      guardrailConfig: { guardrailIdentifier: 'guardrail1', guardrailVersion: '3', streamProcessingMode: 'sync' },
    });
    expect(call?.input['toolConfig']).toBeUndefined();
  });

  it('looks for a question with the one before it', async () => {
    const there = { ...ACME, conversation: conversationId(3) };
    await fixture.ask({ ...there, question: 'What is the fare of a day?' });
    fixture.calls.length = 0;
    await fixture.ask({ ...there, question: 'And for children?' });
    const [call] = fixture.calls.filter(({ action }) => action === 'Retrieve');
    expect(call?.input['retrievalQuery']).toEqual({ text: 'What is the fare of a day?\nAnd for children?' });
  });

  it('says so when nothing is found, without asking a model', async () => {
    const added = vi.spyOn(metrics, 'addMetric');
    const answer = await fixture.ask({ groups: 'tenant-empty', question: 'What is the fare of a day?' });
    expect(fixture.counts()['ConverseStream']).toBeUndefined();
    expect(eventOf(answer, 'done')).toMatchObject({ outcome: 'nothing_found' });
    expect(eventOf(answer, 'usage')).toMatchObject({ inputTokens: 0, outputTokens: 0, dailyTokens: 0 });
    expect(answer.text).toMatch(/nothing/);
    expect(added.mock.calls.map(([name]) => name)).toContain('EmptyRetrievals');
  });

  it('counts questions, tokens and the time to the first of them', async () => {
    const added = vi.spyOn(metrics, 'addMetric');
    added.mockClear();
    await fixture.ask(FARE);
    expect(added.mock.calls.map(([name]) => name).sort()).toEqual([
      'FirstTokenMs',
      'InputTokens',
      'OutputTokens',
      'Questions',
    ]);
  });

  it('is cut at the bound of tokens, and says so', async () => {
    const answer = await fixture.ask({ ...FARE }, { maxTokens: 3 });
    expect(answer.text).toBe('The fare of');
    expect(eventOf(answer, 'done')).toMatchObject({ outcome: 'length' });
  });

  it('comes from the exported handler too', async () => {
    const { handler } = await import('../../../../patterns/genai-rag/handlers/ask.js');
    const answer = await fixture.through(handler as never, { ...FARE, user: 'exported', ...JSON_ONLY });
    expect(answer.json).toMatchObject({ turn: '00000001', outcome: 'complete' });
  });
});

describe('a request', () => {
  it.each([
    ['no token', { claims: null }, 401, 'unauthorized', undefined],
    ['two tenants', { groups: 'tenant-a,tenant-b' }, 403, 'tenant_ambiguous', undefined],
    ['a tenant that is none', { groups: 'tenant-A B' }, 403, 'tenant_invalid', undefined],
    ['a conversation that is none', { conversation: 'mine' }, 404, 'not_found', 'id'],
    [
      'a conversation of another version',
      { conversation: conversationId(1).replace('-7', '-4') },
      404,
      'not_found',
      'id',
    ],
    ['no key', { key: '' }, 400, 'idempotency_key_required', 'Idempotency-Key'],
    ['a key of other characters', { key: 'a#b' }, 400, 'idempotency_key_required', 'Idempotency-Key'],
    [
      'another media type',
      { headers: { 'Content-Type': 'text/plain' } },
      415,
      'unsupported_media_type',
      'Content-Type',
    ],
    ['no JSON', { body: '{"question":' }, 400, 'invalid_json', 'body'],
    ['no question', { body: '{}' }, 400, 'invalid_request', 'question'],
    ['an empty question', { question: ' \n ' }, 400, 'invalid_request', 'question'],
    ['a question that nobody sees', { question: '\u200b \u2060' }, 400, 'invalid_request', 'question'],
    ['a question too long', { question: 'x'.repeat(1001) }, 400, 'invalid_request', 'question'],
    ['half a character', { body: '{"question":"\\ud800"}' }, 400, 'invalid_request', 'question'],
    ['another member', { body: '{"question":"x","tenant":"t-other"}' }, 400, 'invalid_request', 'tenant'],
    ['a list', { body: '[]' }, 400, 'invalid_request', 'body'],
    ['a body too large', { body: JSON.stringify({ question: 'x'.repeat(70_000) }) }, 413, 'body_too_large', 'body'],
  ])('with %s is refused before anything is asked', async (_, asked, status, code, field) => {
    const answer = await fixture.ask({ ...ACME, ...asked });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json).toMatchObject({ status, code, requestId: 'request-1', ...(field !== undefined && { field }) });
    expect(fixture.calls).toEqual([]);
  });

  it('takes a question of 1,000 characters, and looks for it with half of none of the one before it', async () => {
    const there = { ...ACME, conversation: conversationId(4), ...JSON_ONLY };
    const full = '🚂'.repeat(500);
    expect((await fixture.ask({ ...there, question: full })).status).toBe(200);
    for (const question of [full, `${'x'.repeat(98)}?`, `${'x'.repeat(99)}?`]) {
      await fixture.ask({ ...there, question: full });
      fixture.calls.length = 0;
      await fixture.ask({ ...there, question });
      const [call] = fixture.calls.filter(({ action }) => action === 'Retrieve');
      const { text } = (call?.input['retrievalQuery'] ?? { text: '' }) as { text: string };
      expect(text.length).toBeGreaterThan(990);
      expect(text.length).toBeLessThanOrEqual(1000);
      expect(text).not.toMatch(/\p{Surrogate}/u);
      expect(text.endsWith(question)).toBe(true);
    }
  });

  it('around the distribution is refused', async () => {
    process.env['ORIGIN_VERIFIERS'] = 'f'.repeat(64);
    const answer = await fixture.ask(FARE, { maxTokens: 77 });
    delete process.env['ORIGIN_VERIFIERS'];
    expect(answer.json).toMatchObject({ status: 403, code: 'forbidden' });
    expect(fixture.calls).toEqual([]);
  });
});

describe('a repeated question', () => {
  const there = { ...FARE, user: 'repeating', conversation: conversationId(9) };

  it('is answered as before, and nothing is asked, counted or written', async () => {
    const first = await fixture.ask({ ...there, key: 'again' });
    fixture.calls.length = 0;
    const before = fixture.items();
    const second = await fixture.ask({ ...there, key: 'again' });
    expect(second.text).toBe(first.text);
    expect(second.events.filter(({ event }) => event !== 'token')).toEqual(
      first.events.filter(({ event }) => event !== 'token'),
    );
    expect(fixture.counts()).toEqual({ TransactWriteItems: 1, Query: 1, GetItem: 2 });
    expect(fixture.items()).toEqual(before);
    const json = await fixture.ask({ ...there, key: 'again', ...JSON_ONLY });
    expect(json.json).toMatchObject({ turn: '00000001', answer: first.text });
  });

  it('is refused while it is being answered', async () => {
    let release: () => void = () => {};
    const hold = new Promise<void>((done) => {
      release = done;
    });
    fixture.bedrock.script({ text: 'Twelve.', hold });
    let second: Promise<Awaited<ReturnType<AskFixture['ask']>>> | undefined;
    fixture.onCall = ({ action }) => {
      if (action !== 'ConverseStream') return;
      second = fixture.ask({ ...there, key: 'twice' });
      void second.then(() => release());
    };
    const first = await fixture.ask({ ...there, key: 'twice' });
    fixture.onCall = () => {};
    expect(first.text).toBe('Twelve.');
    const refused = await second;
    expect(refused?.json).toMatchObject({ status: 409, code: 'in_progress' });
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('may not be another question, nor in another conversation', async () => {
    await fixture.ask({ ...there, key: 'taken' });
    for (const other of [{ question: 'Something else?' }, { conversation: conversationId(10) }]) {
      const refused = await fixture.ask({ ...there, ...other, key: 'taken' });
      expect(refused.json).toMatchObject({ status: 409, code: 'idempotency_key_reused', field: 'Idempotency-Key' });
    }
    const anothers = await fixture.ask({ ...there, user: 'another', question: 'Something else?', key: 'taken' });
    expect(anothers.status).toBe(200);
  });

  it('is another one once its day is over, before DynamoDB deletes it', async () => {
    await fixture.ask({ ...there, key: 'yesterday' });
    fixture.timing.pass(86_400_000 + 2000);
    const today = await fixture.ask({ ...there, question: 'Something else?', key: 'yesterday' });
    expect(today.status).toBe(200);
  });

  it('of a function that died is answered once its time is over', async () => {
    fixture.bedrock.script({ hold: new Promise(() => {}) });
    void fixture.ask({ ...there, key: 'died' }, { answerSeconds: 20 });
    await eventually(() => expect(fixture.bedrock.scripted).toBe(0));
    const item = [...fixture.items()].find(([key]) => key.endsWith('question#died'))?.[1];
    // Nobody is there any more to give it back: the clock goes on without its deadline.
    const later = await fixture.ask({ ...there, key: 'died' });
    expect(later.json).toMatchObject({ code: 'in_progress' });
    const table = fixture.dynamodb.table('conversations');
    table.put({ ...(item as object), until: { N: '0' } } as never);
    expect((await fixture.ask({ ...there, key: 'died' })).status).toBe(200);
  });
});
