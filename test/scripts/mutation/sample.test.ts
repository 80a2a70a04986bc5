import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../local/engine/random';
import { sampleOf, shares } from '../../../scripts/mutation/sample';

describe('a sample', () => {
  const all = Array.from({ length: 100 }, (_, index) => index);

  it('is the same for the same seed, and in order', () => {
    const [one, same, other] = [7, 7, 8].map((seed) => sampleOf(all, 10, seededRandom(seed)));
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
    expect(one).toEqual([...(one ?? [])].sort((a, b) => a - b));
    expect(new Set(one).size).toBe(10);
  });

  it('is all where it is larger', () => {
    expect(sampleOf(all, 1000, seededRandom(1))).toEqual(all);
  });

  it('is parted equally, as far as each group goes', () => {
    expect(shares([100, 3, 100], 30)).toEqual([14, 3, 13]);
    expect(shares([1, 1], 30)).toEqual([1, 1]);
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1 }), fc.nat(500), (sizes, total) => {
        const given = shares(sizes, total);
        const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
        expect(sum(given)).toBe(Math.min(total, sum(sizes)));
        expect(given.every((part, index) => part <= (sizes[index] ?? 0))).toBe(true);
      }),
    );
  });
});
