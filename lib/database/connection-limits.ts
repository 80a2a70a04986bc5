import type { IConstruct } from 'constructs';
import { maxConnections, RESERVED_CONNECTIONS } from '../facts/postgres-connections';
import { refuse } from '../validation/refuse';

/** Who connects, and to what. */
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
