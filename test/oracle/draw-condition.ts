import type { Random } from '../../local/engine/random';
import type { Json } from './aws-client';
import { chance, integer, pick, sample, several } from './draw';
import { drawBinary, drawInteger, drawPrice, drawText } from './draw-item';

/** Reserved words among the attributes; moto lets them stand in conditions (`reserved-word`). */
const RESERVED = ['name', 'count', 'list', 'owner'];

/** Collects the placeholders of a request while its expressions are written. */
export class Scribe {
  private readonly names: Record<string, string> = {};
  private readonly values: Record<string, Json> = {};

  /** Refers to an attribute: by name, or by a placeholder. */
  name(random: Random, attribute: string): string {
    if (!RESERVED.includes(attribute) && chance(random, 0.5)) return attribute;
    const placeholder = `#${attribute}`;
    this.names[placeholder] = attribute;
    return placeholder;
  }

  /** Refers to a path such as `meta.deep.grade`. */
  path(random: Random, path: string): string {
    return path
      .split('.')
      .map((step) => {
        const [, attribute = '', index = ''] = /^(\w+)((?:\[\d+\])?)$/.exec(step) ?? [];
        return this.name(random, attribute) + index;
      })
      .join('.');
  }

  value(value: Json): string {
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = value;
    return placeholder;
  }

  /** Members of a request. */
  placeholders(): Json {
    return {
      ...(Object.keys(this.names).length > 0 && { ExpressionAttributeNames: this.names }),
      ...(Object.keys(this.values).length > 0 && { ExpressionAttributeValues: this.values }),
    };
  }
}

const TEXT_PATHS = ['name', 'note', 'meta.label', 'meta.deep.word', 'pk', 'sk', 'missing'] as const;
const NUMBER_PATHS = ['count', 'price', 'meta.grade', 'missing'] as const;
const ANY_PATHS = ['name', 'count', 'flag', 'nothing', 'tags', 'list', 'list[0]', 'list[7]', 'meta', 'bytes'] as const;
const SIZED_PATHS = ['name', 'note', 'tags', 'list', 'meta', 'nums'] as const;
const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='] as const;

/** Writes a random condition. */
export function drawCondition(random: Random, scribe: Scribe, depth = 2): string {
  const roll = random();
  if (depth > 0 && roll < 0.35) {
    const operator = pick(random, ['AND', 'OR', 'and', 'Or']);
    const [left, right] = [drawCondition(random, scribe, depth - 1), drawCondition(random, scribe, depth - 1)];
    // Sometimes without parentheses, so that precedence decides; never two pairs around the same.
    return chance(random, 0.5) ? `${left} ${operator} ${right}` : `${grouped(left)} ${operator} ${grouped(right)}`;
  }
  if (depth > 0 && roll < 0.45) return `NOT ${grouped(drawCondition(random, scribe, depth - 1))}`;
  return drawTest(random, scribe);
}

function grouped(condition: string): string {
  // moto fails on `NOT NOT` (`double-not`).
  const whole = condition.startsWith('(') || /^\w+\([^()]*\)$/.test(condition);
  return whole ? condition : `(${condition})`;
}

function drawTest(random: Random, scribe: Scribe): string {
  return pick<() => string>(random, [
    () => `${existence(random)}(${scribe.path(random, pick(random, [...ANY_PATHS, ...TEXT_PATHS]))})`,
    () => compareText(random, scribe),
    () => compareNumber(random, scribe),
    () => compareWhole(random, scribe),
    () => compareSize(random, scribe),
    () => contains(random, scribe),
    () => `begins_with(${scribe.path(random, pick(random, TEXT_PATHS))}, ${scribe.value({ S: drawText(random) })})`,
    () => {
      const type = scribe.value({ S: pick(random, ['S', 'N', 'BOOL', 'NULL', 'SS', 'NS', 'L', 'M', 'B']) });
      return `attribute_type(${scribe.path(random, pick(random, ANY_PATHS))}, ${type})`;
    },
  ])();
}

function existence(random: Random): string {
  return pick(random, ['attribute_exists', 'attribute_not_exists']);
}

function compareText(random: Random, scribe: Scribe): string {
  const path = scribe.path(random, pick(random, TEXT_PATHS));
  const text = () => scribe.value({ S: drawText(random) });
  // Never `=` between two paths: moto takes two missing attributes for equal (`missing-attributes-equal`).
  if (chance(random, 0.2)) return `${path} ${pick(random, ['<', '>='])} ${scribe.path(random, 'sk')}`;
  if (chance(random, 0.3)) return `${path} IN (${several(random, 1, 3, text).join(', ')})`;
  if (chance(random, 0.3)) {
    const [low = '', high = ''] = [drawText(random), drawText(random)].sort();
    return `${path} BETWEEN ${scribe.value({ S: low })} AND ${scribe.value({ S: high })}`;
  }
  return `${path} ${pick(random, COMPARATORS)} ${text()}`;
}

function compareNumber(random: Random, scribe: Scribe): string {
  const path = scribe.path(random, pick(random, NUMBER_PATHS));
  if (chance(random, 0.2))
    return `${path} IN (${several(random, 1, 3, () => scribe.value(drawInteger(random))).join(',')})`;
  if (chance(random, 0.3)) {
    const low = integer(random, -3, 3);
    const high = String(low + integer(random, 0, 4));
    return `${path} BETWEEN ${scribe.value({ N: String(low) })} AND ${scribe.value({ N: high })}`;
  }
  return `${path}${pick(random, COMPARATORS)}${scribe.value(chance(random, 0.5) ? drawInteger(random) : drawPrice(random))}`;
}

/** Equality of anything with anything, as long as Python does not call values of different types equal, as moto does. */
function compareWhole(random: Random, scribe: Scribe): string {
  const value = pick<Json>(random, [
    { BOOL: true },
    { BOOL: false },
    { SS: sample(random, ['red', 'green', 'blue'], 2) },
    { NS: ['7', '8'] },
    { L: [{ S: 'a' }, { N: '7' }] },
    { M: { label: { S: 'a' }, grade: { N: '7' } } },
    drawBinary(random),
  ]);
  const path = scribe.path(random, pick(random, ['flag', 'tags', 'nums', 'list', 'meta', 'bytes', 'name']));
  return `${path} ${pick(random, ['=', '<>'])} ${scribe.value(value)}`;
}

/** Guarded, because moto fails on the size of an attribute that is missing (`size-of-nothing`). */
function compareSize(random: Random, scribe: Scribe): string {
  const path = scribe.path(random, pick(random, SIZED_PATHS));
  const size = scribe.value({ N: String(integer(random, 0, 4)) });
  return `(attribute_exists(${path}) AND size(${path}) ${pick(random, COMPARATORS)} ${size})`;
}

function contains(random: Random, scribe: Scribe): string {
  const [path, value] = pick<readonly [string, Json]>(random, [
    ['name', { S: drawText(random) }],
    ['tags', { S: pick(random, ['red', 'green', 'blue', 'r']) }],
    ['nums', drawInteger(random)],
    ['list', { S: 'a' }],
    ['list', drawInteger(random)],
    ['count', drawInteger(random)],
    ['missing', { S: 'a' }],
  ]);
  return `contains(${scribe.path(random, path)}, ${scribe.value(value)})`;
}
