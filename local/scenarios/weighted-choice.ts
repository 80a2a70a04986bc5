/**
 * One of several kinds, each as often as its share.
 *
 * @param random gives numbers from 0 to 1, 1 excluded
 */
export function weightedChoice<Kind extends string>(
  shares: Readonly<Record<Kind, number>>,
  random: () => number,
): Kind {
  const kinds = Object.keys(shares) as Kind[];
  const [first] = kinds;
  if (first === undefined) throw new Error('There is nothing to choose from');
  let left = random() * kinds.reduce((sum, kind) => sum + shares[kind], 0);
  for (const kind of kinds) {
    left -= shares[kind];
    if (left < 0) return kind;
  }
  return first;
}
