import type { Random } from '../../local/engine/random';
import type { Json } from './aws-client';
import { chance, integer, pick, sample, several } from './draw';

/** Attributes have one type each: comparing values of different types crashes moto, and AWS never finds them in order. */
const DRAWS: Readonly<Record<string, (random: Random) => Json>> = {
  name: (random) => ({ S: drawText(random) }),
  note: (random) => ({ S: drawText(random) }),
  count: drawInteger,
  price: drawPrice,
  flag: (random) => ({ BOOL: chance(random, 0.5) }),
  nothing: () => ({ NULL: true }),
  tags: (random) => ({ SS: sample(random, ['red', 'green', 'blue'], integer(random, 1, 3)) }),
  nums: (random) => ({ NS: sample(random, ['7', '8', '-1', '0'], integer(random, 1, 3)) }),
  list: (random) => ({ L: several(random, 0, 3, () => pick<Json>(random, [{ S: 'a' }, { S: 'b' }, { N: '7' }])) }),
  meta: (random) => ({
    M: {
      label: { S: drawText(random) },
      grade: drawInteger(random),
      ...(chance(random, 0.5) && { deep: { M: { word: { S: drawText(random) } } } }),
    },
  }),
  bytes: drawBinary,
};

/** Words with prefixes in common, and some outside ASCII. */
export function drawText(random: Random): string {
  return pick(random, ['a', 'ab', 'abc', 'b', 'ba', 'zz', 'ä', 'Äb', '☕', 'A']);
}

export function drawInteger(random: Random): Json {
  return { N: String(integer(random, -3, 9)) };
}

/** A decimal in the form that DynamoDB returns. */
export function drawPrice(random: Random): Json {
  return { N: pick(random, ['0.1', '-2.5', '3', '12345678901234567.25', '0.000001', '100']) };
}

export function drawBinary(random: Random): Json {
  return { B: Buffer.from(pick(random, ['x', 'xy', 'long enough'])).toString('base64') };
}

/** Some of the attributes, and now and then those of the secondary index. */
export function drawAttributes(random: Random): Json {
  const names = Object.keys(DRAWS).filter(() => chance(random, 0.5));
  return Object.fromEntries(names.map((name) => [name, DRAWS[name]?.(random)]));
}

/** A key of few, so that writes meet. */
export function drawKey(random: Random): { readonly pk: { S: string }; readonly sk: { S: string } } {
  return { pk: { S: pick(random, ['p1', 'p2']) }, sk: { S: pick(random, ['a', 'ab', 'b', 'ä', 'Z', 'b1', 'b2']) } };
}

/** Attributes of the index: unique places, because AWS leaves the order of equal ones open. */
export function drawIndexKey(random: Random, { pk, sk }: ReturnType<typeof drawKey>): Json {
  if (chance(random, 0.4)) return {};
  const owner = { S: pick(random, ['o1', 'o2']) };
  // An item without the index's sort key is not in the index.
  if (chance(random, 0.15)) return { owner };
  return { owner, place: { S: `${pick(random, ['x', 'y'])}-${pk.S}-${sk.S}` } };
}
