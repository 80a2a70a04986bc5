// @project proofs

import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '../../../../local/engine/random';
import type { ApiEvent } from '../../../../patterns/genai-rag/runtime/question';
import type { ResponseHead } from '../../../../patterns/genai-rag/runtime/response-stream';
import { AskFixture, BOUNDS } from './ask-fixture';
import { expectedOf, lyingRequest, secretOf, USERS, type User } from './lying-requests-fixture';
import { TableInMemory } from './stores-in-memory-fixture';

type Ask = (event: ApiEvent, stream: Writable, context: { getRemainingTimeInMillis(): number }) => Promise<void>;
type Other = typeof import('../../../../patterns/genai-rag/handlers/conversations').handler;

let fixture: AskFixture;
beforeAll(async () => {
  fixture = await new AskFixture().start();
});
afterAll(() => fixture.stop());

interface Handlers {
  readonly ask: Ask;
  readonly conversations: Other;
}

/** Sends a request, and gives back its status and all that its answer says. */
async function sent({ ask, conversations }: Handlers, event: ApiEvent): Promise<{ status: number; text: string }> {
  if (event.httpMethod !== 'POST') {
    const { statusCode, body } = await conversations(event);
    return { status: statusCode, text: body };
  }
  let text = '';
  const stream: Writable & { head?: ResponseHead } = new Writable({
    write(chunk: Buffer, _, done) {
      text += chunk.toString();
      done();
    },
  });
  await ask(event, stream, { getRemainingTimeInMillis: () => 900_000 });
  return { status: stream.head?.statusCode ?? 0, text };
}

/** Whose secrets an answer tells that are not the caller's. */
const leaks = (caller: User, text: string) => {
  const { tenant } = expectedOf(caller);
  const others = USERS.filter(({ user }) => user !== caller.user).map(secretOf);
  const tenants = [...new Set(USERS.map((user) => expectedOf(user).tenant))].filter((each) => each !== tenant);
  return [...others, ...tenants.map((each) => `passage-of-${each}.`)].filter((secret) => text.includes(secret));
};

const passageOf = (tenant: string) => ({
  content: { text: `passage-of-${tenant}.` },
  metadata: { tenant, documentId: `d-${tenant}`, name: tenant },
});
/** A model that says all that it was told. */
async function* echo(messages: unknown): AsyncGenerator {
  yield { contentBlockDelta: { contentBlockIndex: 0, delta: { text: `${JSON.stringify(messages)} [1] [2]` } } };
  yield { messageStop: { stopReason: 'end_turn' } };
  yield { metadata: { usage: { inputTokens: 10, outputTokens: 10 } } };
}

describe('isolation', () => {
  it('holds for 10,000 requests of several tenants and users, whatever they claim to be', async () => {
    const { documents } = await import('../../../../lib/runtime/document-client.js');
    const { answeringFromEnvironment, askHandler } = await import('../../../../patterns/genai-rag/runtime/ask.js');
    const { Retrieval } = await import('../../../../patterns/genai-rag/runtime/retrieval.js');
    const { Model } = await import('../../../../patterns/genai-rag/runtime/model.js');
    const { WALL_TIME } = await import('../../../../patterns/genai-rag/runtime/timing.js');
    const table = new TableInMemory();
    const spy = vi.spyOn(documents, 'send').mockImplementation(table.send as never);
    const random = seededRandom(2026);
    let caller: User = USERS[0];
    const filters: unknown[] = [];
    const foreign: string[] = [];
    table.onKeys = (action, partitions) => {
      const { partition } = expectedOf(caller);
      if (partitions.length === 0) foreign.push(`${action} without a key`);
      foreign.push(...partitions.filter((each) => each !== partition).map((each) => `${action} of ${each}`));
    };
    const knowledgeBase = {
      send: async ({
        input,
      }: {
        input: { retrievalConfiguration: { vectorSearchConfiguration: { filter: unknown } } };
      }) => {
        filters.push(input.retrievalConfiguration.vectorSearchConfiguration.filter);
        // A knowledge base that does not filter at all.
        return { retrievalResults: USERS.map((user) => passageOf(expectedOf(user).tenant)) };
      },
    };
    const model = { send: async ({ input }: { input: { messages: unknown } }) => ({ stream: echo(input.messages) }) };
    const answering = answeringFromEnvironment(WALL_TIME);
    const settings = { ...answering.settings, bounds: { ...BOUNDS, dailyTokens: 1e9, questionsPerMinute: 1e6 } };
    const handlers: Handlers = {
      ask: askHandler(WALL_TIME, {
        ...answering,
        retrieval: new Retrieval(knowledgeBase as never, settings),
        model: new Model(model as never, settings, WALL_TIME),
      }),
      conversations: (await import('../../../../patterns/genai-rag/handlers/conversations.js')).handler,
    };
    const statuses = new Map<number, number>();
    let answered = 0;
    for (let request = 0; request < 10_000; request += 1) {
      if (request % 200 === 0) table.clear();
      caller = USERS[Math.floor(random() * USERS.length)] as User;
      filters.length = 0;
      const event = lyingRequest(caller, random);
      const { status, text } = await sent(handlers, event);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect(foreign).toEqual([]);
      const { tenant } = expectedOf(caller);
      for (const filter of filters) expect(filter).toEqual({ equals: { key: 'tenant', value: tenant } });
      answered += filters.length;
      expect(leaks(caller, text)).toEqual([]);
    }
    spy.mockRestore();
    // It was not all refused: the greater part was served.
    expect(answered).toBeGreaterThan(1500);
    expect(statuses.get(200)).toBeGreaterThan(2500);
    expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);
  });

  it('holds for 200 of them over HTTP', async () => {
    const random = seededRandom(7);
    for (const { tenant } of USERS.map(expectedOf))
      fixture.document(tenant, `d-${tenant}`, `What of secret? passage-of-${tenant}.`);
    const { handler } = await import('../../../../patterns/genai-rag/handlers/ask.js');
    const { handler: conversations } = await import('../../../../patterns/genai-rag/handlers/conversations.js');
    const handlers: Handlers = { ask: handler as unknown as Ask, conversations };
    let served = 0;
    for (let request = 0; request < 200; request += 1) {
      const caller = USERS[Math.floor(random() * USERS.length)] as User;
      fixture.calls.length = 0;
      const { status, text } = await sent(handlers, lyingRequest(caller, random));
      if (status === 200) served += 1;
      const { tenant, partition } = expectedOf(caller);
      expect(leaks(caller, text)).toEqual([]);
      for (const { action, input } of fixture.calls) {
        const wire = JSON.stringify(input);
        const keys = wire.match(/user#[^"]*/g) ?? [];
        if (action === 'Retrieve') expect(wire).toContain(`"filter":{"equals":{"key":"tenant","value":"${tenant}"}}`);
        else if (action !== 'ConverseStream') expect(keys.length).toBeGreaterThan(0);
        if (action !== 'ConverseStream' && action !== 'Retrieve') expect(new Set(keys)).toEqual(new Set([partition]));
      }
    }
    expect(served).toBeGreaterThan(60);
  });
});
