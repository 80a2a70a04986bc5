import { DYNAMODB_LIMITS } from '../../limits/dynamodb';
import { enforce } from '../../limits/limit';
import { validation } from '../input';

const { numberDigits, numberMagnitude } = DYNAMODB_LIMITS.rows;

/** A decimal number: `coefficient` times ten to the power of `exponent`; the coefficient has no trailing zeros. */
interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
/** Whole numbers that a double holds exactly and that are written the only way they can be. */
const PLAIN_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;

function normalised(sign: string, digits: string, exponent: number): Decimal {
  const significant = digits.replace(/^0+/, '').replace(/0+$/, '');
  if (significant === '') return { coefficient: 0n, exponent: 0 };
  const trailingZeros = digits.length - digits.replace(/0+$/, '').length;
  const scale = exponent + trailingZeros;
  const magnitude = significant.length - 1 + scale;
  enforce(numberDigits, significant.length, 'Attempting to store more than 38 significant digits in a Number');
  const [flow, large] = magnitude > 0 ? ['overflow', 'larger'] : ['underflow', 'smaller'];
  enforce(
    numberMagnitude,
    magnitude,
    `Number ${flow}. Attempting to store a number with magnitude ${large} than supported range`,
  );
  return { coefficient: BigInt(sign === '-' ? `-${significant}` : significant), exponent: scale };
}

function parse(number: string): Decimal {
  const match = NUMBER.exec(number);
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (match === null || whole + fraction === '') {
    throw validation(`The parameter cannot be converted to a numeric value: ${number}`);
  }
  return normalised(match[1] ?? '', whole + fraction, Number(match[4] ?? 0) - fraction.length);
}

function format({ coefficient, exponent }: Decimal): string {
  const sign = coefficient < 0n ? '-' : '';
  const digits = (coefficient < 0n ? -coefficient : coefficient).toString();
  if (exponent >= 0) return sign + digits + '0'.repeat(exponent);
  const padded = digits.padStart(1 - exponent, '0');
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

function aligned(a: Decimal, b: Decimal): readonly [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent);
  const scale = (value: Decimal) => value.coefficient * 10n ** BigInt(value.exponent - exponent);
  return [scale(a), scale(b), exponent];
}

/**
 * The one way to write a number: `1.0`, `1e0` and `+1` are all `1`, as DynamoDB returns them.
 *
 * @throws AwsError `ValidationException` for what is no number, or no number DynamoDB can hold
 */
export function canonicalNumber(number: string): string {
  return PLAIN_INTEGER.test(number) ? number : format(parse(number));
}

/** Orders two numbers by value: negative, zero or positive. */
export function compareNumbers(a: string, b: string): number {
  if (PLAIN_INTEGER.test(a) && PLAIN_INTEGER.test(b)) return Number(a) - Number(b);
  const [left, right] = aligned(parse(a), parse(b));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Adds (`sign` 1) or subtracts (`sign` -1) exactly. */
export function addNumbers(a: string, b: string, sign: 1 | -1): string {
  const [left, right, exponent] = aligned(parse(a), parse(b));
  const sum = left + BigInt(sign) * right;
  const negative = sum < 0n;
  return format(normalised(negative ? '-' : '', (negative ? -sum : sum).toString(), exponent));
}
