import type { Random } from '../../local/engine/random';

/** Draws from a list; what is drawn keeps its order. */
export function sampleOf<T>(all: readonly T[], size: number, random: Random): readonly T[] {
  return all
    .map((item, index) => ({ item, index, draw: random() }))
    .sort((a, b) => a.draw - b.draw)
    .slice(0, size)
    .sort((a, b) => a.index - b.index)
    .map(({ item }) => item);
}

/** A part of a sample for each group: equal parts, but none larger than its group. */
export function shares(sizes: readonly number[], total: number): readonly number[] {
  const given = sizes.map(() => 0);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  for (let left = Math.min(total, all), turn = 0; left > 0; turn++) {
    const group = turn % sizes.length;
    if ((given[group] ?? 0) >= (sizes[group] ?? 0)) continue;
    given[group] = (given[group] ?? 0) + 1;
    left--;
  }
  return given;
}
