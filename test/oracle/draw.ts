import type { Random } from '../../local/engine/random';

/** A whole number from `low` to `high`, both included. */
export function integer(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** One of the choices. */
export function pick<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[integer(random, 0, choices.length - 1)] ?? choices[0];
}

/** One of the choices, if there are any. */
export function pickAny<T>(random: Random, choices: readonly T[]): T | undefined {
  return choices[integer(random, 0, choices.length - 1)];
}

/** True with the probability given. */
export function chance(random: Random, probability: number): boolean {
  return random() < probability;
}

/** As many values as drawn between `low` and `high`. */
export function several<T>(random: Random, low: number, high: number, draw: (index: number) => T): T[] {
  return Array.from({ length: integer(random, low, high) }, (_, index) => draw(index));
}

/** The members in another order, or fewer of them. */
export function sample<T>(random: Random, members: readonly T[], count: number): T[] {
  const left = [...members];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(integer(random, 0, left.length - 1), 1),
  ).flat();
}
