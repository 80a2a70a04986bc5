import type { Accounting } from '../../../local/scenarios/accounting';
import { type DocumentPage, QUARANTINE_PREFIX, type Turn } from '../contract';
import type { Told } from './answer';
import { type CrowdTold, type KnownDocument, NOT_IN_ANY_DOCUMENT } from './crowd';
import type { RagPlace } from './place';
import type { RagVisitor } from './visitor';

/** What is kept for a user, as the API reads it from the tables. */
export interface KeptFor {
  /** By conversation and number. */
  readonly turns: ReadonlyMap<string, Turn>;
  readonly documents: DocumentPage['documents'];
}

/** Where a turn is among those of a user. */
export function placeOf(conversation: string, turn: string): string {
  return `${conversation}/${turn}`;
}

/**
 * What became of every question and document that the application has accepted, by what it keeps of them and what each asks for. A
 * question that was refused before it was let in, by the day's budget, is not accepted.
 */
export function accountOf(
  { engine, bucket }: RagPlace,
  { told, documents }: CrowdTold,
  kept: ReadonlyMap<RagVisitor, KeptFor>,
): Accounting {
  const questions = [...told].flatMap(([visitor, theirs]) =>
    theirs.filter(({ letIn }) => letIn).map((each) => ({ visitor, told: each })),
  );
  const answered = questions.filter(({ visitor, told: each }) => isAnswered(each, kept.get(visitor)));
  const aside = engine.stores.s3.keys(bucket).filter((key) => key.startsWith(QUARANTINE_PREFIX));
  const ended = (wanted: KnownDocument['wanted']) =>
    documents.filter((document) => document.wanted === wanted && hasEnded(document, kept.get(document.visitor), aside))
      .length;
  return {
    accepted: questions.length + documents.length,
    completed: answered.length + ended('indexed') + ended('gone'),
    refused: ended('refused'),
    deadLettered: ended('unreadable'),
  };
}

/** Whether the turn that was told is the one that is kept, and is what its question asks for. */
function isAnswered({ answer, question, conversation }: Told, kept: KeptFor | undefined): boolean {
  if (answer === undefined) return false;
  const turn = kept?.turns.get(placeOf(conversation, answer.turn));
  if (turn?.question !== question || turn.answer !== answer.answer) return false;
  // It is looked for with the question before it, if there is one. And a tenant may have no document that says anything of the others.
  const isAlone = Number(answer.turn) === 1;
  const wanted = question === NOT_IN_ANY_DOCUMENT && isAlone ? ['nothing_found'] : ['complete', 'nothing_found'];
  return wanted.includes(turn.outcome);
}

/** Whether a document is where its file, or who deleted it, asks for it to be. */
export function hasEnded(
  { id, wanted }: Pick<KnownDocument, 'id' | 'wanted'>,
  kept: Pick<KeptFor, 'documents'> | undefined,
  quarantined: readonly string[],
): boolean {
  const found = kept?.documents.find((document) => document.id === id);
  if (wanted === 'gone') return found === undefined;
  if (wanted === 'indexed') return found?.status === 'indexed';
  // The list is the store of what failed: it says why.
  const isKept = found?.status === 'failed' && (found.reason ?? '') !== '';
  return isKept && (wanted === 'unreadable' || quarantined.some((key) => key.endsWith(id)));
}
