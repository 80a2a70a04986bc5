import fc from 'fast-check';
import { brokenTemplates, fixedTemplate } from '../../../lib/checks/example';
import { RULES } from '../../../lib/checks/rules';
import { placeholders } from './literal-fixture';

/** Names that objects inherit, or that change what they inherit. */
const INHERITED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

function deep(levels: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? { A: value } : [value];
  return value;
}

/** What stands in the place of a value: any type, any intrinsic, right and wrong. */
const REPLACEMENTS: readonly ((value: unknown) => unknown)[] = [
  ...[
    null,
    '',
    'x',
    '*',
    'true',
    '0',
    0,
    -1,
    1e9,
    true,
    false,
    [],
    {},
    [null],
    [[]],
    [{}],
    ['x'],
    [7],
    { A: 1 },
    deep(150),
  ].map((each) => () => each),
  ...[
    { Ref: 'AWS::NoValue' },
    { Ref: 'AWS::Region' },
    { Ref: 'Nowhere' },
    { Ref: ['x'] },
    { Ref: null },
    { 'Fn::GetAtt': ['Nowhere', 'Arn'] },
    { 'Fn::GetAtt': 7 },
    { 'Fn::GetAtt': [null] },
    { 'Fn::Sub': placeholders('x-#{Nowhere.Arn}') },
    { 'Fn::Sub': [7, null] },
    { 'Fn::Sub': [placeholders('#{A}'), 7] },
    { 'Fn::Join': ['', ['a', { Ref: 'Nowhere' }]] },
    { 'Fn::Join': null },
    { 'Fn::Join': ['', 'x'] },
    { 'Fn::Split': [1] },
    { 'Fn::ImportValue': { A: 1 } },
    { 'Fn::FindInMap': 'x' },
    { 'Fn::GetStackOutput': null },
    { 'Fn::ToJsonString': null },
    { 'Fn::If': 7 },
    { 'Fn::Unknown': {} },
  ].map((each) => () => each),
  (value) => [value],
  (value) => ({ A: value }),
  (value) => [value, value],
  (value) => JSON.stringify(value),
  (value) => ({ 'Fn::If': ['Open', value, { Ref: 'AWS::NoValue' }] }),
  (value) => ({ 'Fn::If': ['Missing', value, 7] }),
  (value) => (typeof value === 'object' && value !== null ? Object.values(value)[0] : { value }),
];

/** A change: of which node, counted through the template, and how. */
interface Mutation {
  readonly at: number;
  readonly how: number;
  /** Whether the name of the member is changed, and not its value. */
  readonly name: string | undefined;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(10_000),
  how: fc.nat(REPLACEMENTS.length - 1),
  name: fc.option(fc.constantFrom(...INHERITED), { nil: undefined, freq: 12 }),
});

const EXAMPLES = RULES.flatMap(({ id, example }) =>
  [fixedTemplate(example), ...brokenTemplates(example)].map((template) => ({ id, template })),
);

/** A template of a rule's card with one to three of its values, at any depth, replaced by something else: as the text of a file. */
export const mutatedTemplate: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...EXAMPLES), fc.array(mutation, { minLength: 1, maxLength: 3 }))
  .map(([{ template }, mutations]) => {
    const copy = structuredClone(template) as { Resources: Record<string, unknown> };
    for (const each of mutations) mutate(copy.Resources, each);
    const Conditions = { Open: { 'Fn::Equals': [{ Ref: 'Open' }, 'x'] } };
    return JSON.stringify({ Parameters: { Open: { Type: 'String' } }, Conditions, ...copy });
  });

function mutate(resources: Record<string, unknown>, { at, how, name }: Mutation): void {
  const places = [...placesIn(resources, 1)];
  const place = places[at % places.length];
  if (place === undefined) return;
  const { holder, key } = place;
  const value = holder[key];
  if (name === undefined || Array.isArray(holder)) {
    holder[key] = structuredClone(REPLACEMENTS[how]?.(value));
    return;
  }
  delete holder[key];
  // An assignment would change what it inherits.
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
}

type Place = { readonly holder: Record<string, unknown>; readonly key: string };

function* placesIn(value: unknown, depth: number): Generator<Place> {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    // Without a type it is no resource.
    if (!(depth === 2 && key === 'Type')) yield { holder, key };
    yield* placesIn(holder[key], depth + 1);
  }
}
