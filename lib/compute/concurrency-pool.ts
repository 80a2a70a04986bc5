import type { IConstruct } from 'constructs';
import { refuse } from '../validation/refuse';

/** What AWS keeps unreserved in every account and region (Lambda: reserved concurrency). */
export const UNRESERVED_MINIMUM = 100;

/** Reservations of each app, by its root. */
const reservations = new WeakMap<IConstruct, number>();

/**
 * Books reserved concurrency from the account's regional pool.
 *
 * @throws RefusedValueError when the app's reservations no longer leave 100 of the pool unreserved, which is when a
 * deployment would fail (lambda-reserved-sum-within-pool).
 */
export function reserveConcurrency(scope: IConstruct, amount: number, accountConcurrency: number): void {
  const root = scope.node.root;
  const sum = (reservations.get(root) ?? 0) + amount;
  const pool = accountConcurrency - UNRESERVED_MINIMUM;
  if (!Number.isInteger(amount) || amount < 1 || sum > pool) {
    refuse(scope, {
      prop: 'reservedConcurrency',
      value: `${amount} (${sum} in this app)`,
      allowed: `whole numbers from 1 that add up to at most ${pool}: the account's ${accountConcurrency} less 100`,
      fix: 'lower a reservation, or have the quota raised and set accountConcurrency',
      catalogueId: 'lambda-reserved-sum-within-pool',
    });
  }
  reservations.set(root, sum);
}
