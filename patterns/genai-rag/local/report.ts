import { type Accounting, accountingProblems } from '../../../local/scenarios/accounting';
import type { AnswerBounds, Conversation, ConversationPage, Me, Turn } from '../contract';
import { QUARANTINE_PREFIX } from '../contract';
import { reservationOf } from '../runtime/tokens';
import { accountOf, hasEnded, type KeptFor, placeOf } from './accounting';
import { type Told, tokensOf } from './answer';
import type { CrowdTold } from './crowd';
import { type RagPlace, settingOf } from './place';
import type { RagVisitor } from './visitor';
import { documentsOf, type Walk } from './walk';

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
  /** Saved, and never reported to a client. */
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
  /** What became of all that was accepted: questions and documents. */
  readonly accounting: Accounting;
  /** Users whose day counts other tokens than their answers took, with those that were charged for and not kept. */
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
  const kept = new Map<RagVisitor, KeptFor>();
  for (const visitor of crowd.visitors) {
    kept.set(visitor, { turns: await turnsOf(visitor), documents: await documentsOf(visitor) });
  }
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
    documents: documentCounts(place, crowd, kept),
    retrievals: { count: retrievals.length, unfiltered: retrievals.filter((input) => !isFiltered(input)).length },
    modelCalls: { count: modelCalls.length, unguarded: modelCalls.filter((input) => !isBounded(input)).length },
    accounting: accountOf(place, crowd, kept),
    miscounted: await miscounted(place, crowd, kept),
    firstWord: { p50: at(0.5), p99: at(0.99) },
  };
  return { ...report, problems: problemsOf(report, walk) };
}

/** What a user's conversations hold, by conversation and number. */
async function turnsOf(visitor: RagVisitor): Promise<KeptFor['turns']> {
  const turns = new Map<string, Turn>();
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page: ConversationPage = await visitor.call('GET', `/conversations?limit=100${cursor}`);
    for (const { id } of page.conversations) {
      const conversation = await visitor.call<Conversation>('GET', `/conversations/${id}?limit=100`);
      for (const turn of conversation.turns) turns.set(placeOf(id, turn.turn), turn);
    }
    cursor = page.cursor === undefined ? undefined : `&cursor=${page.cursor}`;
  }
  return turns;
}

function turnCounts({ told }: CrowdTold, kept: ReadonlyMap<RagVisitor, KeptFor>): KeptCounts {
  const counts = { told: 0, kept: 0, lost: 0, different: 0, uncalledFor: 0 };
  for (const [visitor, theirs] of told) {
    const turns = new Map(kept.get(visitor)?.turns);
    counts.kept += turns.size;
    for (const { answer, question, conversation } of theirs) {
      if (answer === undefined) continue;
      counts.told += 1;
      const place = placeOf(conversation, answer.turn);
      const turn = turns.get(place);
      turns.delete(place);
      if (turn === undefined) counts.lost += 1;
      else if (turn.answer !== answer.answer || turn.question !== question) counts.different += 1;
    }
    counts.uncalledFor += turns.size;
  }
  return counts;
}

function documentCounts(
  { engine, bucket }: RagPlace,
  { documents }: CrowdTold,
  kept: ReadonlyMap<RagVisitor, KeptFor>,
): DocumentCounts {
  const counts = { sent: documents.length, indexed: 0, failed: 0, gone: 0, lost: 0, unexplained: 0 };
  const aside = engine.stores.s3.keys(bucket).filter((key) => key.startsWith(QUARANTINE_PREFIX));
  for (const { id, visitor, wanted } of documents) {
    const found = kept.get(visitor)?.documents.find((document) => document.id === id);
    if (!hasEnded({ id, wanted }, kept.get(visitor), aside)) counts.lost += 1;
    else counts[wanted === 'refused' || wanted === 'unreadable' ? 'failed' : wanted] += 1;
    if (found?.status === 'failed' && (found.reason ?? '') === '') counts.unexplained += 1;
  }
  return counts;
}

/**
 * Whose day counts other tokens than their kept answers took, and than they were told that those which failed were charged for. What a
 * try was charged for whose end was never heard is between nothing and all that was reserved for it.
 */
async function miscounted(
  { engine }: RagPlace,
  { visitors, told }: CrowdTold,
  kept: ReadonlyMap<RagVisitor, KeptFor>,
): Promise<number> {
  const reserved = reservationOf(JSON.parse(settingOf(engine, 'bounds')) as AnswerBounds);
  let count = 0;
  for (const visitor of visitors) {
    const { usage } = await visitor.call<Me>('GET', '/me');
    const theirs = told.get(visitor) ?? [];
    const answered = [...(kept.get(visitor)?.turns.values() ?? [])].reduce(
      (sum, turn) => sum + tokensOf(turn.usage),
      0,
    );
    const known = theirs.reduce((sum, { charged }) => sum + charged, answered);
    const most = theirs.reduce((sum, { unheard }) => sum + unheard * reserved, known);
    if (usage.tokens < known || usage.tokens > most) count += 1;
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
  const { crowd, questions, turns, documents, retrievals, modelCalls, accounting, miscounted: counted } = report;
  const problems = steps
    .filter(({ wanted, got }) => wanted !== got)
    .map(({ what, wanted, got }) => `a user ${what}: ${got}, not ${wanted}`);
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
  note(turns.uncalledFor, 'answers kept that no client received');
  note(documents.lost, 'documents lost: neither indexed nor failed nor gone as they should be');
  note(documents.unexplained, 'documents that failed without a reason');
  note(counted, 'people whose day counts other tokens than their answers took');
  problems.push(...accountingProblems(accounting, 'questions and documents'));
  return problems;
}
