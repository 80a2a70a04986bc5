import { termsOf } from './terms';

/** BM25's constants as Robertson and Zaragoza give them (The Probabilistic Relevance Framework, 2009): usual values. */
const K1 = 1.2;
const B = 0.75;

interface Entry<T> {
  readonly item: T;
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

/**
 * Finds texts by the words that they share with a query, weighed by BM25. It replaces a knowledge base's vector store and is
 * no embedding: it knows no synonyms and no other language, and where a vector store always finds something near, it finds nothing
 * when no word is shared. The same texts and the same query give the same answer each time.
 */
export class LexicalIndex<T> {
  private readonly entries: Entry<T>[];
  private readonly averageLength: number;

  constructor(items: readonly T[], textOf: (item: T) => string) {
    this.entries = items.map((item) => {
      const counts = new Map<string, number>();
      const terms = termsOf(textOf(item));
      for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
      return { item, counts, length: terms.length };
    });
    this.averageLength = this.entries.reduce((sum, { length }) => sum + length, 0) / Math.max(1, this.entries.length);
  }

  /** What shares a word with the query, the best first; what is equal, in the order of the items. Scores are between 0 and 1. */
  search(query: string, most: number): { readonly item: T; readonly score: number }[] {
    const terms = [...new Set(termsOf(query))].map((term) => ({ term, weight: this.weightOf(term) }));
    return this.entries
      .map((entry) => ({ item: entry.item, score: this.score(entry, terms) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, most)
      .map(({ item, score }) => ({ item, score: score / (score + 1) }));
  }

  private score({ counts, length }: Entry<T>, terms: readonly { term: string; weight: number }[]): number {
    return terms.reduce((sum, { term, weight }) => {
      const count = counts.get(term) ?? 0;
      return sum + (weight * count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / this.averageLength));
    }, 0);
  }

  /** How much a term tells: the rarer, the more. */
  private weightOf(term: string): number {
    const having = this.entries.filter(({ counts }) => counts.has(term)).length;
    return Math.log(1 + (this.entries.length - having + 0.5) / (having + 0.5));
  }
}
