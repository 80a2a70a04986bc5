import type { IConstruct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { refuse, warn } from '../validation/refuse';

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
      fix: 'lower a reservation, or request a quota increase and set accountConcurrency',
      catalogueId: 'lambda-reserved-sum-within-pool',
    });
  }
  reservations.set(root, sum);
}

/**
 * What can be reserved: the amount, or nothing in an account that is so small that AWS leaves nothing to reserve, with a warning.
 *
 * @param whatFor for people, such as `the API`
 */
export function reservable(
  scope: IConstruct,
  { accountConcurrency }: Pick<StageSettings, 'accountConcurrency'>,
  amount: number,
  whatFor = 'the API',
): number | undefined {
  if (accountConcurrency - UNRESERVED_MINIMUM >= amount) return amount;
  warn(
    scope,
    'lambda-reserved-concurrency-isolation',
    `The account's Lambda concurrency of ${accountConcurrency} is too low to reserve ${amount} for ${whatFor}. ` +
      'Request a quota increase (Service Quotas: Lambda, concurrent executions), and set accountConcurrency.',
  );
  return undefined;
}
