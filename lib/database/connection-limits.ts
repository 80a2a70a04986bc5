import type { IConstruct } from 'constructs';
import { refuse } from '../validation/refuse';

/** `max_connections` of Aurora PostgreSQL by the most ACU that it may use (AWS: Aurora, maximum connections for Serverless v2). */
const BY_MAX_CAPACITY: readonly (readonly [acu: number, connections: number])[] = [
  [1, 189],
  [4, 823],
  [8, 1669],
  [16, 3360],
  [32, 5000],
];
/** What a least capacity of 0 or 0.5 ACU caps it at (same page). */
const CAP_OF_SMALL_MINIMUM = 2000;
const SMALL_MINIMUM = 0.5;
/** Kept for the administrator, migrations and RDS itself; PostgreSQL alone keeps 3 for superusers. */
export const RESERVED_CONNECTIONS = 15;

/**
 * Connections that an instance takes. It follows the most capacity, not the current one, and it changes only when the instance
 * restarts. Between the sizes that AWS lists it is drawn as a line, rounded down.
 */
export function maxConnections(minCapacity: number, maxCapacity: number): number {
  const upper = BY_MAX_CAPACITY.findIndex(([acu]) => acu >= maxCapacity);
  const [acu, connections] = BY_MAX_CAPACITY[upper] ?? [maxCapacity, 5000];
  const [acuBelow, connectionsBelow] = BY_MAX_CAPACITY[upper - 1] ?? [acu, connections];
  const share = acu === acuBelow ? 0 : (maxCapacity - acuBelow) / (acu - acuBelow);
  const drawn = Math.floor(connectionsBelow + share * (connections - connectionsBelow));
  return minCapacity <= SMALL_MINIMUM ? Math.min(drawn, CAP_OF_SMALL_MINIMUM) : drawn;
}

/** The clients of a database, and what they connect to. */
export interface ConnectionDemand {
  /** The prop that decides how many run at once, as the user wrote it. */
  readonly prop: string;
  /** Function instances or tasks that run at once, at most. */
  readonly clients: number;
  /** Connections that each of them opens, at most. */
  readonly poolSize: number;
  readonly minCapacity: number;
  readonly maxCapacity: number;
}

/**
 * Makes sure that all clients get their connections: a client too many is refused by PostgreSQL, in the busiest minute of all
 * (rds-size-for-connections). Behind a proxy, which shares connections, this is not needed.
 *
 * @throws RefusedValueError if they do not fit
 */
export function refuseTooManyConnections(scope: IConstruct, demand: ConnectionDemand): void {
  const { prop, clients, poolSize, minCapacity, maxCapacity } = demand;
  const limit = maxConnections(minCapacity, maxCapacity) - RESERVED_CONNECTIONS;
  if (clients * poolSize <= limit) return;
  refuse(scope, {
    prop,
    value: `${clients}, with ${poolSize} connections each: ${clients * poolSize}`,
    allowed: `at most ${Math.floor(limit / poolSize)}: at ${maxCapacity} ACU the database takes ${limit} connections`,
    fix: 'lower it, raise maxCapacity, or put a proxy in between',
    catalogueId: 'rds-size-for-connections',
  });
}
