import type { CatalogueId } from '../../../lib/checks';
import type { Weakening } from '../../../local/weaken/weakening';

const ASK = { ask: 'genai-rag/handlers/ask' };
const CHAT = { ...ASK, conversations: 'genai-rag/handlers/conversations' };

const FILTER = `filter: { equals: { key: ChunkMetadata.tenant, value: tenant } },
          },
        },
      }),
      { abortSignal },
    );
    return withinBudget(
      retrievalResults.flatMap((result) => passageOf(result, tenant) ?? []),`;

/** What the GenAI application can be run without, by catalogue id. */
export const GENAI_RAG_WEAKENINGS: Partial<Record<CatalogueId, Weakening>> = {
  'rag-knowledge-base': {
    without: "the tenant's filter in the request to the knowledge base, and the second look at what it finds",
    damage: "Answers quote other tenants' documents to whoever asks.",
    shows: /answers that cite another tenant's text/,
    handler: {
      handlers: ASK,
      source: 'patterns/genai-rag/runtime/retrieval.ts',
      replace: [
        FILTER,
        FILTER.replace(/^filter: .*\n/, '').replace(
          'passageOf(result, tenant)',
          'passageOf(result, String(result.metadata?.[ChunkMetadata.tenant] ?? tenant))',
        ),
      ],
    },
  },
  'rag-conversation-history': {
    without: 'the user in the key of conversations: a tenant has them in common',
    damage: "Whoever knows, or guesses, a conversation's id reads what a colleague asked.",
    shows: /asks for a colleague's conversation: 200/,
    handler: {
      handlers: CHAT,
      source: 'patterns/genai-rag/contract.ts',
      replace: [
        ['user: (tenant: string, user: string) => `user#$', '{tenant}#$', '{user}`'].join(''),
        ['user: (tenant: string, _user: string) => `user#$', '{tenant}`'].join(''),
      ],
    },
  },
  'bedrock-guardrail-required': {
    without: 'the guardrail in the call of the model',
    damage: 'What the policies deny is answered, and no one is notified.',
    shows: /calls of the model without a guardrail or a bound/,
    handler: {
      handlers: ASK,
      source: 'patterns/genai-rag/runtime/model.ts',
      replace: ['guardrailConfig: {', '...{} as { guardrailIdentifier?: string }, ...false && {'],
    },
  },
  'bedrock-token-budget': {
    without: "the condition on a user's tokens of the day",
    damage: 'One user, or one loop in a script, asks without a limit, until the bill arrives.',
    shows: /asks beyond what a day allows: 200, then 200/,
    handler: {
      handlers: ASK,
      source: 'patterns/genai-rag/runtime/daily-budgets.ts',
      replace: [
        "'attribute_not_exists(#tokens) OR #tokens <= :most'",
        "'attribute_not_exists(#tokens) OR #tokens <= :most OR #tokens > :most'",
      ],
    },
  },
  'sqs-idempotent-consumer': {
    without: 'the condition that a question is answered once for its key',
    damage: 'Whoever asks again after a lost answer is answered anew: two turns, and the model is paid twice.',
    shows: /asks again by the same key, twice: complete, .*2 turn kept/,
    handler: {
      handlers: ASK,
      source: 'patterns/genai-rag/runtime/admission.ts',
      replace: [
        ['ConditionExpression: `attribute_not_exists($', '{TableKeys.partition}) OR ('].join(''),
        [
          'ConditionExpression: `attribute_not_exists($',
          '{TableKeys.partition}) OR attribute_exists($',
          '{TableKeys.partition}) OR (',
        ].join(''),
      ],
    },
  },
  'lambda-sqs-partial-batch': {
    without: 'the report of which messages of a batch failed',
    damage: 'A document whose look fails once is never looked at again: its event is deleted with the batch.',
    shows: /documents lost: neither indexed nor failed/,
    template: (t) => t.drop('AWS::Lambda::EventSourceMapping', 'FunctionResponseTypes'),
  },
};
