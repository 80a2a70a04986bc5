import type { FunctionDefinition } from '../lambda/sandbox';

/** What goes wrong, each with a probability from 0 to 1. Chance is drawn from the engine's seed. @default - nothing */
export interface Faults {
  /** A message is delivered to a queue ten times instead of once. */
  readonly duplicates?: number;
  /** A function finishes its work and dies before it answers. */
  readonly crashAfterEffect?: number;
  /** A function dies before it does anything. */
  readonly crashBeforeEffect?: number;
  /** A function takes up to its timeout before its answer arrives. */
  readonly slow?: number;
  /** An invocation finds no concurrency left. */
  readonly invocationThrottles?: number;
  /** The services whose functions are slow or throttled. @default - all */
  readonly services?: readonly string[];
  /**
   * A write to a table is throttled, and so is a record to a stream, besides what its shard has no room for: of a PutRecords
   * request each for itself.
   */
  readonly throttles?: number;
  /**
   * Milliseconds from and to which a write to a table is in flight. A transaction holds its items for that long: what writes
   * one of them meanwhile conflicts (DynamoDB: transaction conflicts). @default - none
   */
  readonly writeMs?: readonly [number, number];
  /** Milliseconds from and to which a write to a table takes to show in its indexes. @default - none */
  readonly indexLagMs?: readonly [number, number];
  /** Milliseconds between a table item's expiry and its deletion. @default - two days */
  readonly expiryDelayMs?: number;
  /** Deliveries of topics and rules to a target are refused for good, as by a policy or a disabled key. */
  readonly undeliverable?: { readonly to: RegExp; readonly probability: number };
  /** A pipe is lost between its target's answer and its checkpoint, so that it delivers the batch again. */
  readonly pipeRestarts?: number;
  /** A stream's shard splits, after each record. */
  readonly shardSplits?: number;
  /** Standard queues deliver in any order. @default false */
  readonly reordering?: boolean;
  /** Milliseconds from and to which every invocation takes, in virtual time. @default - none */
  readonly latencyMs?: readonly [number, number];
  /** Tells whether a function's dependency is down at a time, so that the function fails. */
  readonly outage?: (definition: FunctionDefinition, now: number) => boolean;
}

/** How often a duplicated message is delivered. */
export const COPIES = 10;
