import type { CatalogueId } from '../../../lib/checks';
import type { LocalInput } from '../../../local/aws/service';
import type { Conversation } from '../../../patterns/genai-rag/contract';
import {
  type Asked,
  type AskFixture,
  BOUNDS,
  CLAIMS,
  conversationId,
  eventOf,
  type Streamed,
  subject,
} from '../../patterns/genai-rag/runtime/ask-fixture';
import { type FixtureProof, type Handlers, handlerOf } from './fixture-proof';

type Proof = FixtureProof<AskFixture>;
type Answering = Parameters<AskFixture['through']>[0];

const MODEL = 'patterns/genai-rag/runtime/model.ts';
const FARE = { groups: 'tenant-acme', question: 'What is the fare of a day?' } as const;

const ask = (fixture: AskFixture, handlers: Handlers, asked: Asked = {}): Promise<Streamed> =>
  fixture.through(handlerOf(handlers, 'ask') as unknown as Answering, { ...FARE, ...asked });

/** Reads a conversation by the API. */
async function read(handlers: Handlers, user: string): Promise<{ status: number; body: string }> {
  const { statusCode, body } = (await handlerOf(
    handlers,
    'conversations',
  )({
    httpMethod: 'GET',
    resource: '/api/conversations/{id}',
    path: `/api/conversations/${conversationId(1)}`,
    pathParameters: { id: conversationId(1) },
    headers: {},
    requestContext: {
      requestId: 'r',
      authorizer: { claims: { sub: subject(user), 'cognito:groups': 'tenant-acme' } },
    },
  })) as { statusCode: number; body: string };
  return { status: statusCode, body };
}

const callsOf = (fixture: AskFixture, action: string): readonly LocalInput[] =>
  fixture.calls.filter((call) => call.action === action).map(({ input }) => input);

/** What the model was asked with, when it was asked once. */
async function asked(fixture: AskFixture, handlers: Handlers, with_: Asked = {}): Promise<LocalInput | undefined> {
  fixture.calls.length = 0;
  await ask(fixture, handlers, with_);
  const [first, ...others] = callsOf(fixture, 'ConverseStream');
  return others.length === 0 ? first : undefined;
}

const bounds = (changed: Partial<typeof BOUNDS>) => ({ ANSWER_BOUNDS: JSON.stringify({ ...BOUNDS, ...changed }) });

const readsConfiguredModel: Proof = {
  handlers: ['ask'],
  source: MODEL,
  replace: ['      modelId,\n', "      modelId: 'amazon.nova-lite-v1:0',\n"],
  environment: { MODEL_ID: 'anthropic.claude-next-v9:0' },
  holds: async (fixture, handlers) => (await asked(fixture, handlers))?.['modelId'] === 'anthropic.claude-next-v9:0',
};

const isGuarded: Proof = {
  of: 'each call of the model carries the numbered guardrail',
  handlers: ['ask'],
  source: MODEL,
  replace: ['guardrailConfig: {', 'unguarded: {'],
  holds: async (fixture, handlers) => {
    const { guardrailIdentifier, guardrailVersion } = ((await asked(fixture, handlers))?.['guardrailConfig'] ??
      {}) as LocalInput;
    return guardrailIdentifier === 'guardrail1' && guardrailVersion === '3';
  },
};

const refusesDraft: Proof = {
  of: 'a function that is configured with the draft does not even load',
  handlers: ['ask'],
  source: 'patterns/genai-rag/runtime/settings.ts',
  replace: ['if (!/^[1-9]\\d{0,7}$/.test(version)) {', "if (version === '') {"],
  environment: { GUARDRAIL_VERSION: 'DRAFT' },
  holds: /GUARDRAIL_VERSION is a number/,
};

const blocksAnswer: Proof = {
  of: 'what the guardrail blocked is replaced by a safe reply, and not kept',
  handlers: ['ask'],
  source: 'patterns/genai-rag/runtime/answer-question.ts',
  replace: ["if (guardrail.action === 'blocked') {", 'if (guardrail === undefined) {'],
  holds: async (fixture, handlers) => {
    fixture.bedrock.script({ chunks: ['A secret '], guardrail: { action: 'blocked-output', text: 'No.', after: 1 } });
    const answer = await ask(fixture, handlers);
    const kept = JSON.stringify([...fixture.items().values()]);
    return eventOf(answer, 'done')?.['outcome'] === 'blocked' && !kept.includes('A secret');
  },
};

const namesDeadModel: Proof = {
  handlers: ['ask'],
  source: 'patterns/genai-rag/runtime/answer-error.ts',
  replace: ["'ResourceNotFoundException', 'ValidationException'", "'AccessDenied'"],
  holds: async (fixture, handlers) => {
    fixture.bedrock.script({ fail: 'ResourceNotFoundException' });
    return eventOf(await ask(fixture, handlers), 'error')?.['code'] === 'model_unavailable';
  },
};

const boundsAnswer: Proof = {
  of: 'an answer has a bound of tokens',
  handlers: ['ask'],
  source: MODEL,
  replace: ['inferenceConfig: { maxTokens: bounds.maxTokens },', ''],
  holds: async (fixture, handlers) => {
    const { maxTokens } = ((await asked(fixture, handlers))?.['inferenceConfig'] ?? {}) as LocalInput;
    return maxTokens === BOUNDS.maxTokens;
  },
};

const boundsHistory: Proof = {
  of: 'history has a budget',
  handlers: ['ask'],
  source: 'patterns/genai-rag/runtime/history.ts',
  replace: ['if (left < 0) break;', ''],
  environment: bounds({ maxHistoryTokens: 100 }),
  holds: async (fixture, handlers) => {
    for (const text of ['Short.', 'long '.repeat(200), 'Short again.']) {
      fixture.bedrock.script({ text });
      await ask(fixture, handlers);
    }
    return JSON.stringify((await asked(fixture, handlers))?.['messages']).match(/"role"/g)?.length === 3;
  },
};

const boundsPassages: Proof = {
  of: 'passages are counted',
  handlers: ['ask'],
  source: 'patterns/genai-rag/runtime/retrieval.ts',
  replace: ['numberOfResults: bounds.maxPassages', 'numberOfResults: 100'],
  holds: async (fixture, handlers) => {
    await ask(fixture, handlers);
    return JSON.stringify(callsOf(fixture, 'Retrieve')).includes(`"numberOfResults":${BOUNDS.maxPassages}`);
  },
};

const boundsDay: Proof = {
  of: 'a day has a budget, and a clear 429 at its end',
  handlers: ['ask'],
  source: 'patterns/genai-rag/runtime/daily-budgets.ts',
  replace: [
    "'attribute_not_exists(#tokens) OR #tokens <= :most'",
    "'attribute_not_exists(#nothing) OR #tokens <= :most'",
  ],
  environment: bounds({ dailyTokens: 7000 }),
  holds: async (fixture, handlers) => {
    const statuses: number[] = [];
    for (let time = 0; time < 4; time += 1) {
      fixture.bedrock.script({ text: 'Twelve euros. [1]', usage: { inputTokens: 2000, outputTokens: 500 } });
      statuses.push((await ask(fixture, handlers)).status);
    }
    return statuses.includes(200) && statuses.at(-1) === 429;
  },
};

const isTheirs: Proof = {
  of: 'a conversation of one is not read by another',
  handlers: ['ask', 'conversations'],
  source: 'patterns/genai-rag/runtime/table.ts',
  replace: ['ConversationKeys.user(tenant, user)', "ConversationKeys.user(tenant, 'all')"],
  holds: async (fixture, handlers) => {
    await ask(fixture, handlers, { user: 'ada' });
    const [own, other] = [await read(handlers, 'ada'), await read(handlers, 'bob')];
    return own.status === 200 && other.status === 404;
  },
};

const expires: Proof = {
  of: 'a conversation goes by itself',
  handlers: ['ask'],
  source: 'patterns/genai-rag/runtime/turn-item.ts',
  replace: ['    [TableKeys.expiresAt]: expiresAt,\n', ''],
  holds: async (fixture, handlers) => {
    await ask(fixture, handlers);
    const turns = [...fixture.items()].filter(([key]) => key.includes(' turn#'));
    return turns.length === 1 && turns.every(([, item]) => 'expiresAt' in item);
  },
};

const keepsLongTurn: Proof = {
  handlers: ['ask'],
  source: 'lib/runtime/contract.ts',
  replace: ['INLINE_PAYLOAD_LIMIT_BYTES = 131_072', 'INLINE_PAYLOAD_LIMIT_BYTES = 10_000_000'],
  environment: bounds({ maxTokens: 60_000, dailyTokens: 10_000_000 }),
  holds: async (fixture, handlers) => {
    fixture.bedrock.script({ chunks: ['long-'.repeat(120_000)], stopReason: 'end_turn' });
    const done = eventOf(await ask(fixture, handlers), 'done');
    return done?.['outcome'] === 'complete' && fixture.s3.keys(CLAIMS).length === 1;
  },
};

const saysNothingFound: Proof = {
  of: 'nothing found is said, and no model is asked',
  handlers: ['ask'],
  source: 'patterns/genai-rag/runtime/answer-question.ts',
  replace: ['if (passages.length === 0) {', 'if (passages === undefined) {'],
  holds: async (fixture, handlers) => {
    fixture.calls.length = 0;
    const answer = await ask(fixture, handlers, { groups: 'tenant-other' });
    return eventOf(answer, 'done')?.['outcome'] === 'nothing_found' && callsOf(fixture, 'ConverseStream').length === 0;
  },
};

const filtersByTenant: Proof = {
  of: 'each retrieval is filtered by the tenant of the token',
  handlers: ['ask'],
  source: 'patterns/genai-rag/runtime/retrieval.ts',
  replace: ['filter: { equals: { key: ChunkMetadata.tenant, value: tenant } },', ''],
  holds: async (fixture, handlers) => {
    fixture.calls.length = 0;
    await ask(fixture, handlers);
    return JSON.stringify(callsOf(fixture, 'Retrieve')).includes('"equals":{"key":"tenant","value":"t-acme"}');
  },
};

const refusesLargeBody: Proof = {
  handlers: ['ask'],
  source: 'patterns/genai-rag/runtime/question.ts',
  replace: ['if (bytes.length > LARGEST_BODY_BYTES) {', 'if (bytes.length < 0) {'],
  holds: async (fixture, handlers) => {
    fixture.calls.length = 0;
    const { status, json } = await ask(fixture, handlers, { question: 'q'.repeat(100_000) });
    return status === 413 && json['code'] === 'body_too_large' && fixture.calls.length === 0;
  },
};

/** Lambda's limit of an answer (AWS: Lambda quotas). */
const ANSWER_BYTES = 6 * 1024 * 1024;

const answersInPages: Proof = {
  handlers: ['ask', 'conversations'],
  source: 'patterns/genai-rag/handlers/conversations.ts',
  replace: ['PAGE_BYTES = 4 * 1024 * 1024', 'PAGE_BYTES = 400 * 1024 * 1024'],
  environment: bounds({ maxTokens: 60_000, dailyTokens: 10_000_000 }),
  holds: async (fixture, handlers) => {
    for (let time = 0; time < 4; time += 1) {
      fixture.bedrock.script({ chunks: ['long-'.repeat(400_000)], stopReason: 'end_turn' });
      await ask(fixture, handlers, { user: 'ada' });
    }
    const { status, body } = await read(handlers, 'ada');
    const { turns, cursor } = JSON.parse(body) as Conversation;
    return status === 200 && turns.length > 0 && cursor !== undefined && Buffer.byteLength(body) < ANSWER_BYTES;
  },
};

/** The proofs of the rows that live in the code of answers and conversations. */
export const ANSWER_PROOFS: readonly (readonly [CatalogueId, Proof])[] = [
  ['bedrock-converse-config-model', readsConfiguredModel],
  ['bedrock-guardrail-required', isGuarded],
  ['bedrock-guardrail-required', refusesDraft],
  ['bedrock-guardrail-required', blocksAnswer],
  ['bedrock-model-lifecycle', namesDeadModel],
  ['bedrock-token-budget', boundsAnswer],
  ['bedrock-token-budget', boundsHistory],
  ['bedrock-token-budget', boundsPassages],
  ['bedrock-token-budget', boundsDay],
  ['rag-conversation-history', isTheirs],
  ['rag-conversation-history', expires],
  ['ddb-item-400kb-s3-pointer', keepsLongTurn],
  ['rag-knowledge-base', saysNothingFound],
  ['rag-knowledge-base', filtersByTenant],
  ['apigw-payload-10mb', refusesLargeBody],
  ['lambda-sync-payload-6mb', answersInPages],
];
