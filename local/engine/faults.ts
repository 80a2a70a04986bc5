/** What goes wrong, each with a probability from 0 to 1. Chance is drawn from the engine's seed. @default - nothing */
export interface Faults {
  /** A message is delivered to a queue ten times instead of once. */
  readonly duplicates?: number;
  /** A function finishes its work and dies before it answers. */
  readonly crashAfterEffect?: number;
  /** A function dies before it does anything. */
  readonly crashBeforeEffect?: number;
  /** A write to a table is throttled. */
  readonly throttles?: number;
  /** Standard queues deliver in any order. @default false */
  readonly reordering?: boolean;
}

/** How often a duplicated message is delivered. */
export const COPIES = 10;
