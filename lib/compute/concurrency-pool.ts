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

/** What is left to reserve or to keep warm in the account, after what this app has booked. */
function leftInPool(scope: IConstruct, accountConcurrency: number): number {
  return accountConcurrency - UNRESERVED_MINIMUM - (reservations.get(scope.node.root) ?? 0);
}

/** How to get a quota that is enough. L-B99A9384 is "Concurrent executions" (AWS: Service Quotas, Lambda). */
const RAISE =
  'Raise the quota (aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 ' +
  '--desired-value 1000), and pass -c accountConcurrency=1000 when it is granted';

/**
 * Says that an account is too small for what a stage wants: refuses it in a strict stage, and warns in others.
 *
 * @throws RefusedValueError in a strict stage
 */
function tooSmall(
  scope: IConstruct,
  stage: Pick<StageSettings, 'accountConcurrency' | 'strict'>,
  wanted: string,
): void {
  const { accountConcurrency, strict } = stage;
  if (strict) {
    refuse(scope, {
      prop: 'accountConcurrency',
      value: accountConcurrency,
      allowed: `enough ${wanted}, beside the ${UNRESERVED_MINIMUM} that AWS keeps unreserved`,
      fix: RAISE,
      catalogueId: 'lambda-reserved-sum-within-pool',
    });
  }
  const message = `The account's Lambda concurrency of ${accountConcurrency} is too low ${wanted}. ${RAISE}.`;
  warn(scope, 'lambda-reserved-concurrency-isolation', message);
}

/**
 * What can be reserved: the amount, or nothing in an account that is so small that AWS leaves nothing to reserve, with a warning.
 *
 * @param whatFor for people, such as `the API`
 * @throws RefusedValueError for too small an account in a strict stage
 */
export function reservable(
  scope: IConstruct,
  stage: Pick<StageSettings, 'accountConcurrency' | 'strict'>,
  amount: number,
  whatFor = 'the API',
): number | undefined {
  if (leftInPool(scope, stage.accountConcurrency) >= amount) return amount;
  tooSmall(scope, stage, `to reserve ${amount} for ${whatFor}`);
  return undefined;
}

/**
 * How many instances of a function can be kept warm: as many as the stage wants, or none in an account that is too small, with a
 * warning. Lambda counts them in the function's own reservation, or else books them from the account as a reservation
 * (AWS: Lambda, provisioned concurrency).
 *
 * @throws RefusedValueError for too small an account in a strict stage
 */
export function warmable(
  scope: IConstruct,
  stage: Pick<StageSettings, 'accountConcurrency' | 'strict' | 'provisionedConcurrency'>,
  reserved: number | undefined,
): number | undefined {
  const { provisionedConcurrency: wanted, accountConcurrency } = stage;
  if (wanted === 0) return undefined;
  if (reserved !== undefined) return Math.min(wanted, reserved);
  if (leftInPool(scope, accountConcurrency) < wanted) {
    tooSmall(scope, stage, `to keep ${wanted} instances of ${scope.node.path} warm`);
    return undefined;
  }
  reserveConcurrency(scope, wanted, accountConcurrency);
  return wanted;
}
