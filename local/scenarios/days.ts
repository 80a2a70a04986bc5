import type { Faults } from '../engine/faults';

/** What goes wrong on a bad day: each a few times in a hundred, so that a short run has some of everything. */
export const BAD_DAY: Faults = {
  duplicates: 0.05,
  crashBeforeEffect: 0.02,
  crashAfterEffect: 0.02,
  throttles: 0.002,
  pipeRestarts: 0.01,
  shardSplits: 0.002,
  reordering: true,
};
