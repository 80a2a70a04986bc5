import { type ConverseInput, textOf } from './conversation';
import { LexicalIndex } from './lexical-index';

/** Sentences of an answer, at most. */
const MAX_SENTENCES = 3;
/** What scores less than this part of the best is left out. */
const NEAR_THE_BEST = 0.6;

/**
 * Answers from the passages of the last user message by quoting the sentences that are nearest to the question by their words, each
 * with the passage's number behind it: `[2]`. It replaces a model, so that a demo shows a sensible answer; it understands
 * nothing. Passages are the blocks that are marked as grounding sources, the question is the one marked as the query; without
 * marks, the last block is the question and those before it are passages. A message with results of tools alone is passed over.
 */
export function extractiveAnswer({ messages = [] }: ConverseInput): string {
  const asking = messages.filter(({ role, content = [] }) => role === 'user' && content.some((block) => textOf(block)));
  const blocks = asking.at(-1)?.content ?? [];
  const marked = (qualifier: string) =>
    blocks.filter(({ guardContent }) => guardContent?.text?.qualifiers?.includes(qualifier) === true);
  const [queries, sources] = [marked('query'), marked('grounding_source')];
  const texts = (some: typeof blocks) => some.flatMap((block) => textOf(block) ?? []);
  const question = (queries.length > 0 ? texts(queries) : texts(blocks).slice(-1)).join(' ');
  const passages = sources.length > 0 ? texts(sources) : texts(blocks).slice(0, -1);
  const sentences = passages.flatMap((passage, index) =>
    sentencesOf(passage).map((text) => ({ text, number: numberOf(passage, index) })),
  );
  const found = new LexicalIndex(sentences, ({ text }) => text).search(question, MAX_SENTENCES);
  const best = found.filter(({ score }) => score > (found[0]?.score ?? 1) * NEAR_THE_BEST).map(({ item }) => item);
  if (best.length === 0) return 'The documents say nothing about this.';
  return best.map(({ text, number }) => `${text} [${number}]`).join(' ');
}

/** The number that the prompt gives a passage, or else its place. */
function numberOf(passage: string, index: number): number {
  const [, number] = /\[(\d{1,3})\]|\b(?:number|index|n|id)="?(\d{1,3})"?/.exec(passage.slice(0, 200)) ?? [];
  return Number(number ?? index + 1);
}

/** Sentences of a passage, without what the prompt puts around it. */
function sentencesOf(passage: string): string[] {
  return passage
    .replace(/```[\s\S]*?(```|$)/g, ' ')
    .split('\n')
    .filter((line) => !/^\s*(#+\s.*|[-=*]{3,}|[|\s:-]+)$/.test(line))
    .map((line) => (/^\s*\|.*\|\s*$/.test(line) ? `\n\n${cellsOf(line)}\n\n` : line))
    .join('\n')
    .replace(/[`*]|<[^>]+>|^\s*\[\d{1,3}\]/g, ' ')
    .split(/(?<=[.!?])\s+|\n\s*\n|\n(?=[-\d#])/)
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
    .filter((sentence) => /\p{L}/u.test(sentence) && sentence.length <= 400 && sentence.length >= 20);
}

/** A row of a table as a sentence. */
function cellsOf(row: string): string {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '')
    .join(', ');
}
