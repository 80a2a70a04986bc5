import type { Random } from '../../local/engine/random';
import { chance, pick, sample } from './draw';
import type { Scribe } from './draw-condition';
import { drawBinary, drawInteger, drawText } from './draw-item';

type Clause = 'SET' | 'REMOVE' | 'ADD';
type Draw = (random: Random, scribe: Scribe) => readonly [Clause, string];

function set(random: Random, scribe: Scribe, path: string, term: string): readonly [Clause, string] {
  return ['SET', `${scribe.path(random, path)}${pick(random, [' = ', '='])}${term}`];
}

/** Changes that succeed whatever the item holds. */
const SAFE: Readonly<Record<string, Draw>> = {
  name: (random, scribe) => set(random, scribe, 'name', scribe.value({ S: drawText(random) })),
  note: (random, scribe) => {
    const term = `if_not_exists(${scribe.path(random, 'name')}, ${scribe.value({ S: drawText(random) })})`;
    return set(random, scribe, 'note', term);
  },
  count: (random, scribe) => {
    if (chance(random, 0.4)) return ['ADD', `${scribe.path(random, 'count')} ${scribe.value(drawInteger(random))}`];
    const count = `if_not_exists(${scribe.path(random, 'count')}, ${scribe.value({ N: '0' })})`;
    return set(random, scribe, 'count', `${count} ${pick(random, ['+', '-'])} ${scribe.value(drawInteger(random))}`);
  },
  flag: (random, scribe) => ['REMOVE', scribe.path(random, 'flag')],
  bytes: (random, scribe) => set(random, scribe, 'bytes', scribe.value(drawBinary(random))),
  list: (random, scribe) => set(random, scribe, 'list', scribe.value({ L: [{ S: 'a' }, drawInteger(random)] })),
  meta: (random, scribe) =>
    set(random, scribe, 'meta', scribe.value({ M: { label: { S: drawText(random) }, grade: { N: '1' } } })),
};

/** Changes that fail unless the item holds what they refer to. */
const RISKY: Readonly<Record<string, Draw>> = {
  ...SAFE,
  note: (random, scribe) => set(random, scribe, 'note', scribe.path(random, 'name')),
  count: (random, scribe) => {
    const operator = pick(random, ['+', '-', ' + ', ' - ']);
    return set(
      random,
      scribe,
      'count',
      `${scribe.path(random, 'count')}${operator}${scribe.value(drawInteger(random))}`,
    );
  },
  meta: (random, scribe) => {
    const label = pick(random, ['label', 'deep.word']);
    if (chance(random, 0.6)) return set(random, scribe, `meta.${label}`, scribe.value({ S: drawText(random) }));
    return ['ADD', `${scribe.path(random, 'meta.grade')} ${scribe.value(drawInteger(random))}`];
  },
};

/**
 * Writes a random update of attributes that do not overlap, every clause once. Without DELETE, list_append, sets in ADD
 * and members of lists, which our store refuses.
 */
export function drawUpdate(random: Random, scribe: Scribe, safe: boolean): string {
  const draws = safe ? SAFE : RISKY;
  const changes = sample(random, Object.values(draws), pick(random, [1, 1, 2, 3])).map((draw) => draw(random, scribe));
  const clauses = (['SET', 'REMOVE', 'ADD'] as const).flatMap((clause) => {
    const own = changes.flatMap(([kind, text]) => (kind === clause ? [text] : []));
    return own.length === 0 ? [] : [`${clause} ${own.join(', ')}`];
  });
  return sample(random, clauses, clauses.length).join(' ');
}
