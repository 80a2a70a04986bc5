import fc from 'fast-check';
import type { Mutation } from './draft';
import { INHERITED, jsonText, nastyBody, nastyJson, nastyText } from './nasty';

/** What happens to one place of a body. */
type Edit = (at: { readonly parent: unknown; readonly key: string | number }) => void;

const edits: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 6,
    arbitrary: nastyJson.map(
      (value): Edit =>
        ({ parent, key }) =>
          define(parent, key, value),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Edit>(({ parent, key }) => remove(parent, key)) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.oneof(fc.constantFrom(...INHERITED), nastyText), nastyJson).map(
      ([name, value]): Edit =>
        ({ parent }) =>
          define(parent, name, value),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(2, 100, 1000, 1001).map(
      (times): Edit =>
        ({ parent, key }) => {
          const value: unknown = Reflect.get(Object(parent), key);
          define(
            parent,
            key,
            Array.from({ length: times }, () => (Array.isArray(value) ? (value[0] as unknown) : value)).flat(),
          );
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Edit>(({ parent, key }) => define(parent, key, [Reflect.get(Object(parent), key)])),
  },
);

/** An own member, whatever its name. */
function define(parent: unknown, key: string | number, value: unknown): void {
  const settings = { value, enumerable: true, configurable: true, writable: true };
  // An array has no members but its elements.
  if (typeof parent === 'object' && parent !== null && !(Array.isArray(parent) && typeof key === 'string'))
    Object.defineProperty(parent, key, settings);
}

function remove(parent: unknown, key: string | number): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (typeof parent === 'object' && parent !== null) Reflect.deleteProperty(parent, key);
}

/** Changes of a body: in one place of its JSON, of its text, or of all of it. */
export const bodyMutations: fc.Arbitrary<Mutation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.nat(60), edits).map(
      ([pick, edit]): Mutation =>
        (draft) => {
          if (draft.json === undefined) return draft;
          const root = { json: structuredClone(draft.json) };
          const places = placesIn(root);
          edit(places[pick % places.length] ?? { parent: root, key: 'json' });
          return { ...draft, json: root.json, request: { ...draft.request, body: jsonText(root.json) } };
        },
    ),
  },
  {
    weight: 2,
    arbitrary: nastyBody.map(
      (body): Mutation =>
        ({ json: _, ...draft }) => ({ ...draft, request: { ...draft.request, body } }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<(text: string) => string>(
        (text) => text.slice(0, -1),
        (text) => `${text}${text}`,
        (text) => `\ufeff${text}`,
        (text) => text.replace('{', '{"a":1,"a":2,'),
        (text) => Buffer.from(text).toString('base64'),
        (text) => ` \n${text}\t`,
      )
      .map(
        (change): Mutation =>
          ({ json: _, ...draft }) => ({
            ...draft,
            request: { ...draft.request, body: change(String(draft.request.body ?? '')) },
          }),
      ),
  },
);

/** Every place of a value, the outermost first. */
function placesIn(parent: unknown): { readonly parent: unknown; readonly key: string | number }[] {
  if (typeof parent !== 'object' || parent === null) return [];
  const keys: (string | number)[] = Array.isArray(parent) ? [...parent.keys()].slice(0, 3) : Object.keys(parent);
  return keys.flatMap((key) => [{ parent, key }, ...placesIn(Reflect.get(parent, key))]);
}
