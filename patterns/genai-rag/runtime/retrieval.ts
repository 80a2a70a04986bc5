import {
  type BedrockAgentRuntimeClient,
  type KnowledgeBaseRetrievalResult,
  RetrieveCommand,
} from '@aws-sdk/client-bedrock-agent-runtime';
import { ChunkMetadata, LONGEST_QUESTION } from '../contract';
import type { AnswerSettings } from './settings';
import { cutToTokens, estimatedTokens, passageBudget } from './tokens';
import { visible } from './visible-text';

/** AWS: Bedrock Guardrails, contextual grounding check: characters of all that an answer is grounded in. */
const GROUNDING_CHARACTERS = 100_000;
/** Of those, what the delimiters of a passage take. */
const DELIMITER_CHARACTERS = 100;

/** What was found for a question. */
export interface Passage {
  readonly text: string;
  readonly documentId: string;
  readonly name: string;
}

/** What a question is looked for with. */
export interface RetrievalRequest {
  readonly tenant: string;
  readonly question: string;
  /** The question before it, which it may refer to. */
  readonly before?: string;
}

/**
 * Finds passages of the caller's tenant. The filter is a part of each request to the knowledge base; there is no way to ask without
 * one (rag-knowledge-base).
 */
export class Retrieval {
  constructor(
    private readonly client: Pick<BedrockAgentRuntimeClient, 'send'>,
    private readonly settings: Pick<AnswerSettings, 'knowledgeBaseId' | 'bounds'>,
  ) {}

  async passages({ tenant, question, before }: RetrievalRequest, abortSignal: AbortSignal): Promise<Passage[]> {
    const { knowledgeBaseId, bounds } = this.settings;
    const { retrievalResults = [] } = await this.client.send(
      new RetrieveCommand({
        knowledgeBaseId,
        retrievalQuery: { text: queryOf(question, before) },
        retrievalConfiguration: {
          vectorSearchConfiguration: {
            numberOfResults: bounds.maxPassages,
            filter: { equals: { key: ChunkMetadata.tenant, value: tenant } },
          },
        },
      }),
      { abortSignal },
    );
    return withinBudget(
      retrievalResults.flatMap((result) => passageOf(result, tenant) ?? []),
      bounds,
    );
  }
}

/** The question, after as much of the one before it as fits. */
export function queryOf(asked: string, askedBefore = ''): string {
  const [question, before] = [visible(asked), visible(askedBefore)];
  const left = LONGEST_QUESTION - question.length - 1;
  if (left < 1 || before === '') return question;
  // Not half of a character.
  return `${before.slice(0, left).replace(/[\ud800-\udbff]$/, '')}\n${question}`;
}

/** Undefined for what is no text, and for another tenant's: the filter let it through, and we do not. */
function passageOf({ content, metadata = {} }: KnowledgeBaseRetrievalResult, tenant: string): Passage | undefined {
  const text = visible(content?.text ?? '').trim();
  // Of its own members alone: whoever wrote the metadata may have written a prototype.
  const of = (key: string): unknown => (Object.hasOwn(metadata, key) ? metadata[key] : undefined);
  if (text === '' || of(ChunkMetadata.tenant) !== tenant) return undefined;
  const documentId = visible(String(of(ChunkMetadata.documentId) ?? ''));
  return { text, documentId, name: visible(String(of(ChunkMetadata.name) ?? documentId)) };
}

/** The best passages come first; those that no room is left for are cut, or stay away. */
function withinBudget(found: readonly Passage[], bounds: AnswerSettings['bounds']): Passage[] {
  const passages: Passage[] = [];
  let tokens = passageBudget(bounds);
  let characters = GROUNDING_CHARACTERS;
  for (const passage of found.slice(0, bounds.maxPassages)) {
    characters -= DELIMITER_CHARACTERS;
    const overhead = estimatedTokens(' '.repeat(DELIMITER_CHARACTERS));
    if (tokens <= overhead || characters <= 0) break;
    const text = cutToTokens(passage.text, tokens - overhead).slice(0, characters);
    passages.push({ ...passage, text });
    tokens -= overhead + estimatedTokens(text);
    characters -= text.length;
  }
  return passages;
}
