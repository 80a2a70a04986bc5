import type { Faults } from '../engine/faults';

/** What goes wrong on a bad day: each a few times in a hundred, so that a short run has some of everything. */
export const BAD_DAY: Faults = {
  duplicates: 0.05,
  crashBeforeEffect: 0.02,
  crashAfterEffect: 0.02,
  throttles: 0.002,
  writeMs: [5, 25],
  pipeRestarts: 0.01,
  shardSplits: 0.002,
  reordering: true,
};

/** The same for a long run in virtual time: rarer, and more kinds; latency that fills batches as a busy day does. */
export const LONG_DAY: Faults = {
  ...BAD_DAY,
  duplicates: 0.01,
  crashBeforeEffect: 0.002,
  crashAfterEffect: 0.002,
  slow: 0.005,
  invocationThrottles: 0.002,
  throttles: 0.0005,
  pipeRestarts: 0.002,
  shardSplits: 0.0002,
  latencyMs: [300, 1800],
};

/** A long day for readers of streams: as many faults in fewer invocations, which take hundreds of records each. */
export const LONG_STREAM_DAY: Faults = {
  ...LONG_DAY,
  crashBeforeEffect: 0.02,
  crashAfterEffect: 0.02,
  invocationThrottles: 0.02,
  throttles: 0.01,
  shardSplits: 0.0001,
};
