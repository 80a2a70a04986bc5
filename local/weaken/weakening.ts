import type { MutableTemplate } from './mutable-template';

/** Code to build anew from a source file with a text replaced. */
export interface SourceChange {
  /** File under `patterns/`, without `.ts`, by the service that runs it. */
  readonly handlers: Readonly<Record<string, string>>;
  readonly source: string;
  readonly replace: readonly [string, string];
}

/** A handling that can be taken out before a run, so that its absence can be seen. */
export interface Weakening<Day = object> {
  /** What is taken out, as one says it. */
  readonly without: string;
  /** What is to be expected. */
  readonly damage: string;
  /** A problem of the weakened run, as the report words it, and none of the healthy one. */
  readonly shows: RegExp;
  /** What both runs are given first, such as more consumers than the pattern's own stack has. @default - nothing */
  readonly prepare?: (template: MutableTemplate) => void;
  readonly template?: (template: MutableTemplate) => void;
  readonly handler?: SourceChange;
  /** What {@link prepare} and {@link day} come to, as one says it. @default - both runs are as ever */
  readonly given?: string;
  /** What both runs go through, besides the ordinary bad day. */
  readonly day?: Partial<Day>;
}
