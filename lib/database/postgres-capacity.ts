import type { IConstruct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { refuse } from '../validation/refuse';

/** What a cluster may use, in Aurora capacity units (ACU; about 2 GiB of memory each). */
export interface PostgresCapacity {
  /** 0, or 0.5 to 256 in steps of 0.5. At 0 the cluster pauses when no one asks. @default - dev 0, staging 0.5, prod 1 */
  readonly minCapacity?: number;
  /** 1 to 256 in steps of 0.5, and not below the least: the bound of the bill. @default - dev 2, staging 4, prod 16 */
  readonly maxCapacity?: number;
}

const DEFAULTS = {
  dev: { min: 0, max: 2 },
  staging: { min: 0.5, max: 4 },
  prod: { min: 1, max: 16 },
} as const;

/** Aurora Serverless v2 (AWS: Aurora, capacity of Serverless v2; the maximum must be above 0.5). */
const ACU = { step: 0.5, mostMax: 256, leastMax: 1 } as const;

/**
 * The bounds of a cluster.
 *
 * @throws RefusedValueError for a step, an order or a size that Aurora does not have, and for 0 in a strict stage
 * (aurora-serverless-bounds).
 */
export function capacityOf(
  scope: IConstruct,
  stage: StageSettings,
  { minCapacity, maxCapacity }: PostgresCapacity,
): { readonly min: number; readonly max: number } {
  const defaults = DEFAULTS[stage.name];
  const min = minCapacity ?? defaults.min;
  const max = maxCapacity ?? Math.max(defaults.max, Number.isFinite(min) ? min : 0);
  const inSteps = (value: number) => Number.isFinite(value) && value % ACU.step === 0;
  if (!inSteps(min) || min < 0 || min > ACU.mostMax) {
    refuse(scope, {
      prop: 'minCapacity',
      value: `${min} ACU`,
      allowed: `0, or ${ACU.step} to ${ACU.mostMax} ACU in steps of ${ACU.step}`,
      fix: 'round it up: each 0.5 ACU costs $43.80 a month at $0.12 an hour, for each instance',
      catalogueId: 'aurora-serverless-bounds',
    });
  }
  if (!inSteps(max) || max < ACU.leastMax || max > ACU.mostMax || max < min) {
    refuse(scope, {
      prop: 'maxCapacity',
      value: `${max} ACU`,
      allowed: `${Math.max(ACU.leastMax, min)} to ${ACU.mostMax} ACU in steps of ${ACU.step}`,
      fix: 'choose a value in that range: it limits the cost of an hour and the number of connections',
      catalogueId: 'aurora-serverless-bounds',
    });
  }
  if (min === 0 && stage.strict) {
    refuse(scope, {
      prop: 'minCapacity',
      value: '0 ACU',
      allowed: `at least ${ACU.step} ACU in ${stage.name}`,
      fix: 'use 0.5 ACU or more: a paused cluster delays the first request by about 15 seconds, which suits development only',
      catalogueId: 'aurora-serverless-bounds',
    });
  }
  return { min, max };
}
