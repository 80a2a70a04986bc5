import type { Random } from '../../local/engine/random';
import type { Json } from './aws-client';
import { chance, integer, pick, sample, several } from './draw';

const WORDS = ['paid', 'PAID', 'pay', 'unpaid', 'refunded', 'Ünpaid', ''] as const;
/** Neither 0 nor 1: Python takes them for false and true. */
const NUMBERS = [2, 2.5, -3, 10, 99.99, 1000] as const;

/** A value of an event's field; booleans have a field of their own, because Python takes them for numbers. */
function drawValue(random: Random): unknown {
  return pick<() => unknown>(random, [
    () => pick(random, WORDS),
    () => pick(random, WORDS),
    () => pick(random, NUMBERS),
    () => null,
    () => several(random, 1, 3, () => pick<unknown>(random, [...WORDS, ...NUMBERS])),
  ])();
}

/** Fields of an event or a message body: `status`, `amount`, `kind`, `flag`, and `customer` with fields of its own. */
export function drawFields(random: Random, depth = 1): Json {
  return {
    ...(chance(random, 0.8) && { status: drawValue(random) }),
    ...(chance(random, 0.8) && { amount: chance(random, 0.7) ? pick(random, NUMBERS) : drawValue(random) }),
    ...(chance(random, 0.5) && { kind: pick(random, WORDS) }),
    ...(chance(random, 0.5) && { flag: chance(random, 0.5) }),
    ...(depth > 0 && chance(random, 0.8) && { customer: drawFields(random, depth - 1) }),
  };
}

/** One alternative for a field that is no boolean. */
function drawMatcher(random: Random): unknown {
  const word = () => pick(random, WORDS.slice(0, 6) as unknown as readonly [string, ...string[]]);
  return pick<() => unknown>(random, [
    () => word(),
    () => pick(random, NUMBERS),
    () => null,
    () => ({ prefix: pick(random, ['pa', 'P', 'un', 'Ü']) }),
    () => ({ suffix: pick(random, ['aid', 'ed', 'D']) }),
    () => ({ 'equals-ignore-case': word() }),
    () => ({ 'anything-but': word() }),
    () => ({ 'anything-but': sample(random, ['paid', 'pay', 'refunded'], 2) }),
    () => ({ 'anything-but': sample(random, [...NUMBERS], 2) }),
    () => ({ 'anything-but': { prefix: pick(random, ['pa', 'P', 'un']) } }),
    () => ({ 'anything-but': { suffix: pick(random, ['aid', 'D']) } }),
    () => ({ wildcard: pick(random, ['p*d', '*aid', 'un*']) }),
    () => ({ exists: chance(random, 0.7) }),
    () => ({ numeric: drawRange(random) }),
  ])();
}

export function drawRange(random: Random): (string | number)[] {
  const low = pick(random, NUMBERS);
  if (chance(random, 0.5)) return [pick(random, ['<', '<=', '=', '>=', '>']), low];
  return [pick(random, ['>', '>=']), low, pick(random, ['<', '<=']), low + integer(random, 1, 50)];
}

/** A pattern for events of {@link drawFields}; never empty. */
export function drawPattern(random: Random, depth = 1): Json {
  const pattern: Json = {
    ...(chance(random, 0.5) && { status: several(random, 1, 3, () => drawMatcher(random)) }),
    ...(chance(random, 0.4) && {
      amount: [chance(random, 0.6) ? { numeric: drawRange(random) } : drawMatcher(random)],
    }),
    ...(chance(random, 0.2) && { kind: several(random, 1, 2, () => drawMatcher(random)) }),
    ...(chance(random, 0.2) && { flag: pick<unknown>(random, [[true], [false], [{ exists: true }], [true, false]]) }),
    ...(depth > 0 && chance(random, 0.3) && { customer: drawPattern(random, depth - 1) }),
    ...(chance(random, 0.25) && {
      $or: [{ status: [drawMatcher(random)] }, { kind: [drawMatcher(random)] }, { amount: [drawMatcher(random)] }],
    }),
  };
  return Object.keys(pattern).length === 0 ? drawPattern(random, depth) : pattern;
}
