import { AwsError } from '../aws/service';

/** One documented limit or refusal of an AWS operation, as the local engine enforces it. */
export interface Limit {
  /** Operations as the API names them, or the part of the service, for example `SendMessage, SendMessageBatch`. */
  readonly operation: string;
  /** What is bounded or refused, with its unit, for example `Message body, bytes`. */
  readonly limit: string;
  /** Smallest value that is accepted. @default - no lower bound */
  readonly min?: number;
  /** Largest value that is accepted. @default - no upper bound */
  readonly max?: number;
  /** Error code or HTTP status of the refusal, as AWS names it. Exactly one of `error` and `effect` is present. */
  readonly error?: string;
  /** What happens where AWS refuses nothing, for example `The page ends there`. */
  readonly effect?: string;
  /** Address of AWS's page, without the scheme. */
  readonly source: string;
}

/** The limits of one service, by a name that the engine and the tests use. */
export interface LimitTable<Rows extends Readonly<Record<string, Limit>> = Readonly<Record<string, Limit>>> {
  readonly service: string;
  readonly rows: Rows;
}

/** Declares the limits of a service. */
export function limitTable<const Rows extends Readonly<Record<string, Limit>>>(
  service: string,
  rows: Rows,
): LimitTable<Rows> {
  return { service, rows };
}

/** Whether a value lies outside of a limit. What is no number (`NaN`) does. */
export function exceeds(
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Pick<Limit, 'min' | 'max'>,
  value: number,
): boolean {
  return !(value >= min && value <= max);
}

/**
 * Refuses a value that lies outside of a limit, with the limit's error code.
 *
 * @throws AwsError when the value is too small or too large
 */
export function enforce(limit: Limit, value: number, message = refusal(limit)): void {
  if (exceeds(limit, value)) throw refused(limit, message);
}

/** The answer that AWS gives to what a limit does not accept. */
export function refused(limit: Limit, message = refusal(limit)): AwsError {
  if (limit.error === undefined) throw new Error(`The limit "${limit.limit}" refuses nothing: ${limit.effect}`);
  return new AwsError(limit.error, message);
}

function refusal({ operation, limit, min, max }: Limit): string {
  const allowed = [min !== undefined && `at least ${min}`, max !== undefined && `at most ${max}`].filter(Boolean);
  return `${operation}: ${limit}${allowed.length === 0 ? '' : `: ${allowed.join(' and ')}`}`;
}
