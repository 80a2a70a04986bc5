type Schema = Readonly<Record<string, unknown>>;

const TYPES = new Map<string, (value: unknown) => boolean>([
  ['object', isRecord],
  ['array', Array.isArray],
  ['string', (value) => typeof value === 'string'],
  ['number', (value) => typeof value === 'number'],
  ['integer', Number.isInteger],
  ['boolean', (value) => typeof value === 'boolean'],
  ['null', (value) => value === null],
]);

/**
 * What is wrong with a tool's input; undefined for nothing. Of JSON Schema it knows `type`, `enum`, `required`, `properties`,
 * `additionalProperties: false`, `items`, and the bounds of texts, numbers and lists; the function itself has to know the rest.
 */
export function inputProblem(value: unknown, schema: Schema, at = 'input'): string | undefined {
  const types = namesIn([schema['type']].flat());
  if (types.length > 0 && !types.some((type) => TYPES.get(type)?.(value) ?? true))
    return `${at} is no ${types.join(' or ')}`;
  const allowed = schema['enum'];
  if (Array.isArray(allowed) && !allowed.includes(value)) return `${at} is none of ${JSON.stringify(allowed)}`;
  const size = sizeOf(value);
  for (const [keyword, isBroken] of BOUNDS) {
    const bound = schema[keyword];
    if (typeof bound === 'number' && isBroken(value, size, bound)) return `${at} is not within ${keyword} ${bound}`;
  }
  if (Array.isArray(value) && isRecord(schema['items'])) {
    const { items } = schema as { items: Schema };
    return first(value.map((each, index) => () => inputProblem(each, items, `${at}.${index}`)));
  }
  return isRecord(value) ? recordProblem(value, schema, at) : undefined;
}

type IsBroken = (value: unknown, size: number, bound: number) => boolean;
const BOUNDS: readonly (readonly [keyword: string, IsBroken])[] = [
  ['minLength', (value, size, bound) => typeof value === 'string' && size < bound],
  ['maxLength', (value, size, bound) => typeof value === 'string' && size > bound],
  ['minItems', (value, size, bound) => Array.isArray(value) && size < bound],
  ['maxItems', (value, size, bound) => Array.isArray(value) && size > bound],
  ['minimum', (value, _, bound) => typeof value === 'number' && value < bound],
  ['maximum', (value, _, bound) => typeof value === 'number' && value > bound],
];

function recordProblem(value: Readonly<Record<string, unknown>>, schema: Schema, at: string): string | undefined {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? namesIn(schema['required']) : [];
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return `${at}.${missing} is missing`;
  return first(
    Object.entries(value).map(([name, each]) => () => {
      const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (isRecord(known)) return inputProblem(each, known, `${at}.${name}`);
      return schema['additionalProperties'] === false ? `${at}.${name} is not known` : undefined;
    }),
  );
}

/** Of a list in a schema; what is no text names nothing. */
function namesIn(list: readonly unknown[]): string[] {
  return list.filter((name) => typeof name === 'string');
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' ? [...value].length : Array.isArray(value) ? value.length : 0;
}

function first(problems: readonly (() => string | undefined)[]): string | undefined {
  for (const problem of problems) {
    const found = problem();
    if (found !== undefined) return found;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
