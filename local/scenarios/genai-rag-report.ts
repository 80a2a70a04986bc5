import type { Conversation, ConversationPage, Me, Turn } from '../../patterns/genai-rag/contract';
import type { Told } from './genai-rag-answer';
import type { CrowdTold } from './genai-rag-crowd';
import type { RagPlace } from './genai-rag-place';
import type { RagVisitor } from './genai-rag-visitor';
import { documentsOf, type Walk } from './genai-rag-walk';

/** What questions came to. */
export interface QuestionCounts {
  readonly asked: number;
  readonly answered: number;
  readonly nothingFound: number;
  /** Told that it failed, after all tries. */
  readonly failed: number;
  readonly repeats: number;
  /** Answers that cite a document of another tenant. */
  readonly foreign: number;
}

/** What was told, and what is kept of it. */
export interface KeptCounts {
  readonly told: number;
  readonly kept: number;
  readonly lost: number;
  readonly different: number;
  /** Kept, and never told of. */
  readonly uncalledFor: number;
}

/** What became of documents. */
export interface DocumentCounts {
  readonly sent: number;
  readonly indexed: number;
  readonly failed: number;
  readonly gone: number;
  /** Other than they should be, or still on their way. */
  readonly lost: number;
  /** Failed without a reason. */
  readonly unexplained: number;
}

/** What a run came to. */
export interface RagReport {
  readonly crowd: CrowdTold;
  readonly questions: QuestionCounts;
  readonly turns: KeptCounts;
  readonly documents: DocumentCounts;
  /** Requests to the knowledge base, and those that did not ask for one tenant's alone. */
  readonly retrievals: { readonly count: number; readonly unfiltered: number };
  /** Requests to the model, and those without a guardrail or without a bound. */
  readonly modelCalls: { readonly count: number; readonly unguarded: number };
  /** Users whose day counts other tokens than their answers took. */
  readonly miscounted: number;
  /** Milliseconds to the first word of answers that streamed, in virtual time. */
  readonly firstWord: { readonly p50: number; readonly p99: number };
  /** Everything that must not be; empty after a good run. */
  readonly problems: readonly string[];
}

/** Holds what the application keeps against what people were told. */
export async function reportOn(
  place: RagPlace,
  walk: Walk,
  crowd: CrowdTold,
  tenants: ReadonlyMap<string, string>,
): Promise<RagReport> {
  const { bedrock } = place.engine;
  const told = [...crowd.told.values()].flat();
  const answered = told.filter(({ answer }) => answer !== undefined);
  const kept = new Map<RagVisitor, readonly KeptTurn[]>();
  for (const visitor of crowd.visitors) kept.set(visitor, await turnsOf(visitor));
  const retrievals = bedrock.callsOf('Retrieve');
  const modelCalls = bedrock.callsOf('ConverseStream');
  const times = told.flatMap(({ firstWordMs }) => firstWordMs ?? []).sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const report = {
    crowd,
    questions: {
      asked: told.length,
      answered: answered.length,
      nothingFound: answered.filter(({ answer }) => answer?.outcome === 'nothing_found').length,
      failed: told.length - answered.length,
      repeats: told.reduce((sum, { repeats }) => sum + repeats, 0),
      foreign: [...crowd.told].flatMap(([visitor, theirs]) => foreignOf(visitor, theirs, tenants)).length,
    },
    turns: turnCounts(crowd, kept),
    documents: await documentCounts(crowd),
    retrievals: { count: retrievals.length, unfiltered: retrievals.filter((input) => !isFiltered(input)).length },
    modelCalls: { count: modelCalls.length, unguarded: modelCalls.filter((input) => !isBounded(input)).length },
    miscounted: await miscounted(crowd, kept),
    firstWord: { p50: at(0.5), p99: at(0.99) },
  };
  return { ...report, problems: problemsOf(report, walk) };
}

interface KeptTurn extends Turn {
  readonly conversation: string;
}

async function turnsOf(visitor: RagVisitor): Promise<readonly KeptTurn[]> {
  const turns: KeptTurn[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page: ConversationPage = await visitor.call('GET', `/conversations?limit=100${cursor}`);
    for (const { id } of page.conversations) {
      const conversation = await visitor.call<Conversation>('GET', `/conversations/${id}?limit=100`);
      turns.push(...conversation.turns.map((turn) => ({ ...turn, conversation: id })));
    }
    cursor = page.cursor === undefined ? undefined : `&cursor=${page.cursor}`;
  }
  return turns;
}

function turnCounts({ told }: CrowdTold, kept: ReadonlyMap<RagVisitor, readonly KeptTurn[]>): KeptCounts {
  const counts = { told: 0, kept: 0, lost: 0, different: 0, uncalledFor: 0 };
  for (const [visitor, theirs] of told) {
    const turns = new Map((kept.get(visitor) ?? []).map((turn) => [`${turn.conversation}/${turn.turn}`, turn]));
    counts.kept += turns.size;
    for (const { answer, question, conversation } of theirs) {
      if (answer === undefined) continue;
      counts.told += 1;
      const place = `${conversation}/${answer.turn}`;
      const turn = turns.get(place);
      turns.delete(place);
      if (turn === undefined) counts.lost += 1;
      else if (turn.answer !== answer.answer || turn.question !== question) counts.different += 1;
    }
    counts.uncalledFor += turns.size;
  }
  return counts;
}

async function documentCounts({ documents, visitors }: CrowdTold): Promise<DocumentCounts> {
  const counts = { sent: documents.length, indexed: 0, failed: 0, gone: 0, lost: 0, unexplained: 0 };
  const listed = new Map<RagVisitor, Awaited<ReturnType<typeof documentsOf>>>();
  for (const visitor of visitors) listed.set(visitor, await documentsOf(visitor));
  for (const { id, visitor, wanted } of documents) {
    const found = listed.get(visitor)?.find((document) => document.id === id);
    const status = found?.status ?? 'gone';
    if (status !== wanted) counts.lost += 1;
    else counts[wanted] += 1;
    if (status === 'failed' && (found?.reason ?? '') === '') counts.unexplained += 1;
  }
  return counts;
}

/** Whose day counts other tokens than their kept answers took: something was reserved and not given back, or not counted. */
async function miscounted(
  { visitors }: CrowdTold,
  kept: ReadonlyMap<RagVisitor, readonly KeptTurn[]>,
): Promise<number> {
  let count = 0;
  for (const visitor of visitors) {
    const { usage } = await visitor.call<Me>('GET', '/me');
    const used = (kept.get(visitor) ?? []).reduce(
      (sum, { usage: { inputTokens, outputTokens } }) => sum + inputTokens + outputTokens,
      0,
    );
    if (usage.tokens !== used) count += 1;
  }
  return count;
}

function foreignOf(visitor: RagVisitor, told: readonly Told[], tenants: ReadonlyMap<string, string>): readonly Told[] {
  return told.filter(({ answer }) =>
    answer?.citations.some(({ documentId }) => tenants.get(documentId) !== visitor.tenant),
  );
}

function isFiltered(input: object): boolean {
  return /"filter":\{"equals":\{"key":"tenant","value":"[tu]-[^"]+"\}\}/.test(JSON.stringify(input));
}

function isBounded(input: { readonly [name: string]: unknown }): boolean {
  const { guardrailConfig, inferenceConfig } = input as {
    guardrailConfig?: { guardrailVersion?: string };
    inferenceConfig?: { maxTokens?: number };
  };
  return /^\d+$/.test(guardrailConfig?.guardrailVersion ?? '') && (inferenceConfig?.maxTokens ?? 0) > 0;
}

function problemsOf(report: Omit<RagReport, 'problems'>, { steps }: Walk): string[] {
  const { crowd, questions, turns, documents, retrievals, modelCalls, miscounted: counted } = report;
  const problems = steps
    .filter(({ wanted, got }) => wanted !== got)
    .map(({ what, wanted, got }) => `somebody ${what}: ${got}, not ${wanted}`);
  problems.push(...crowd.wrong.slice(0, 10));
  if (crowd.wrong.length > 10) problems.push(`${crowd.wrong.length - 10} more answers that are wrong`);
  const note = (count: number, text: string) => {
    if (count > 0) problems.push(`${count} ${text}`);
  };
  note(questions.foreign, "answers that cite another tenant's text");
  note(retrievals.unfiltered, "searches that asked for every tenant's text");
  note(modelCalls.unguarded, 'calls of the model without a guardrail or a bound');
  note(turns.lost, 'answers lost that were said to be kept');
  note(turns.different, 'answers kept that are other than was told');
  note(turns.uncalledFor, 'answers kept that nobody was told of');
  note(documents.lost, 'documents lost: neither taken in nor failed nor gone as they should be');
  note(documents.unexplained, 'documents that failed without a reason');
  note(counted, 'people whose day counts other tokens than their answers took');
  return problems;
}
