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
