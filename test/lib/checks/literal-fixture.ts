import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Inventory, type InventoryOptions } from '../../../lib/checks/inventory';
import { judge, type Rule, type Verdict } from '../../../lib/checks/rule';
import type { ResourceDocument, TemplateResource } from '../../../lib/template/template-resource';

/** A resource: its type, properties and metadata. */
export type Literal = readonly [type: string, properties?: object, metadata?: object];
/** Plain resources by logical id. The first one is judged, unless a case names another. */
export type Literals = Readonly<Record<string, Literal>>;
/** New values by `LogicalId.Property.Path`; undefined takes one out. A logical id alone adds or removes a {@link Literal}. */
export type Change = Readonly<Record<string, unknown>>;

export interface CaseOptions extends InventoryOptions {
  /** Logical id of the resource in question. */
  readonly on?: string;
}

/** What a rule says of a changed template. A violation has as many findings as texts, and each holds its text. */
export type Case =
  | readonly [
      kind: 'compliant' | 'not-applicable' | 'cannot-tell',
      when: string,
      change?: Change,
      options?: CaseOptions,
    ]
  | readonly [kind: 'violation', when: string, change: Change, says: string | readonly string[], options?: CaseOptions];

/** Known only at deployment. */
export const PARAMETER = { Ref: 'Parameter' };
export const NO_VALUE = { Ref: 'AWS::NoValue' };

export const ref = (id: string) => ({ Ref: id });
export const att = (id: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [id, attribute] });
/** A text of Fn::Sub, with `#{...}` for its placeholders. */
export const placeholders = (text: string) => text.replaceAll('#{', '${');
export const join = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });

/** An alarm on a metric of a resource, or of the account. */
export function alarm(namespace: string, metric: string, of?: unknown, more: object = {}): Literal {
  const Dimensions = of === undefined ? [] : [{ Name: 'Name', Value: of }];
  return ['AWS::CloudWatch::Alarm', { Namespace: namespace, MetricName: metric, Dimensions, ...more }];
}

/** A role with the statements of one inline policy. */
export function role(...statements: readonly object[]): Literal {
  const PolicyDocument = { Statement: statements };
  return ['AWS::IAM::Role', { Policies: [{ PolicyName: 'mine', PolicyDocument }] }];
}

export const allow = (Action: unknown, Resource: unknown = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

/** Resources with some of their values changed. */
export function changed(base: Literals, change: Change = {}): Literals {
  const copy = structuredClone(base) as Record<string, Literal>;
  // A value may stand in several changes, and each may change a part of it.
  for (const [path, value] of Object.entries(structuredClone(change))) {
    const [id = '', ...steps] = path.split('.');
    if (steps.length === 0 && value === undefined) delete copy[id];
    else if (steps.length === 0) copy[id] = value as Literal;
    else copy[id] = put(copy[id], steps, value);
  }
  return copy;
}

function put(literal: Literal | undefined, steps: readonly string[], value: unknown): Literal {
  if (literal === undefined) throw new Error(`nothing to change at ${steps.join('.')}`);
  const [type, properties = {}, ...metadata] = literal;
  let holder = properties as Record<string, unknown>;
  for (const step of steps.slice(0, -1)) {
    holder[step] ??= {};
    holder = holder[step] as Record<string, unknown>;
  }
  const last = steps.at(-1) ?? '';
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return [type, properties, ...metadata];
}

/** The templates that hold some resources. */
export function inventoryOf(literals: Literals, options: InventoryOptions = {}): Inventory {
  const documents = Object.entries(literals).map(([id, [Type, Properties, Metadata]]) => [
    id,
    { Type, ...(Properties && { Properties }), ...(Metadata && { Metadata }) },
  ]);
  return new Inventory(
    { Mine: { Resources: Object.fromEntries(documents) as Record<string, ResourceDocument> } },
    options,
  );
}

/** A resource that has to be there. */
export function resourceIn(inventory: Inventory, id: string): TemplateResource {
  const found = inventory.find('Mine', id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
}

/** What a rule says of one of some resources. Rules are run on the types that they name, and on no others. */
function verdictOf(rule: Rule, literals: Literals, options: CaseOptions = {}): Verdict {
  const inventory = inventoryOf(literals, options);
  const resource = resourceIn(inventory, options.on ?? Object.keys(literals)[0] ?? '');
  return rule.types.includes(resource.type) ? judge(rule, resource, inventory) : { kind: 'not-applicable' };
}

function expectFindings(verdict: Verdict, says: string | readonly string[]): void {
  const findings = verdict.kind === 'violation' ? verdict.findings : [verdict];
  expect(findings).toEqual([says].flat().map((text) => expect.stringContaining(text)));
}

/** What a rule says of resources, case by case. */
export function cases(rule: Rule, base: Literals, all: readonly Case[]): void {
  describe(`${rule.id} on ${Object.values(base)[0]?.[0] ?? ''}`, () => {
    it.each(all.map((each) => [each[0], each[1], each] as const))('is %s: %s', (_kind, _when, each) => {
      if (each[0] === 'violation') {
        expectFindings(verdictOf(rule, changed(base, each[2]), each[4]), each[3]);
      } else {
        expect(verdictOf(rule, changed(base, each[2]), each[3])).toMatchObject({ kind: each[0] });
      }
    });
  });
}

/** What numbers a property may have. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
  /** The smallest difference that there is. @default 1 */
  readonly step?: number;
  /** What a property that is not set is judged as; undefined when that is no matter of its bounds. */
  readonly unset?: Verdict['kind'];
  /** What a finding says, beside the number: what is allowed. */
  readonly says: string;
  /** Whether a finding names the number. @default true */
  readonly named?: boolean;
  readonly options?: CaseOptions;
}

/** A number below, at and above its bounds, as text, somewhere within and beyond, known at deployment, and not set. */
export function bounds(rule: Rule, base: Literals, path: string, spec: Bounds): void {
  const { min, max, step = 1, unset, says, named = true, options = {} } = spec;
  const judged = (value: unknown) => verdictOf(rule, changed(base, { [path]: value }), options);
  const passes = (value: number) => {
    expect(judged(value), `${value}`).toEqual({ kind: 'compliant' });
    expect(judged(String(value)), `'${value}'`).toEqual({ kind: 'compliant' });
  };
  const fails = (value: number) => {
    const number = named ? new RegExp(`(^|[^0-9.-])${value}([^0-9]|$)`) : /^/;
    for (const each of [value, String(value)]) {
      const verdict = judged(each);
      const findings = verdict.kind === 'violation' ? verdict.findings : [];
      const found = findings.filter((text) => text.includes(says) && number.test(text));
      expect(found, `${value}: ${JSON.stringify(verdict)}`).toHaveLength(1);
    }
  };
  const multiples = (from: number, to: number) =>
    fc.integer({ min: Math.ceil(from / step), max: Math.floor(to / step) }).map((steps) => steps * step);
  const always = (values: fc.Arbitrary<number>, check: (value: number) => void) =>
    fc.assert(fc.property(values, check), { numRuns: 20 });

  describe(`${rule.id}: ${path}`, () => {
    if (min !== undefined) {
      it(`is at least ${min}`, () => {
        passes(min);
        fails(min - step);
        always(multiples(min - 1000 * step, min - step), fails);
      });
    }
    if (max !== undefined) {
      it(`is at most ${max}`, () => {
        passes(max);
        fails(max + step);
        always(multiples(max + step, max * 2 + 1000 * step), fails);
      });
    }
    it('may be anything between', () => {
      always(multiples(min ?? Math.min(0, max ?? 0), max ?? (min ?? 0) + 1000 * step), passes);
    });
    it('cannot be told of a parameter', () => {
      expect(judged(PARAMETER)).toMatchObject({ kind: 'cannot-tell' });
    });
    if (unset !== undefined) {
      it(`is ${unset} when it is not set`, () => {
        expect(judged(undefined)).toMatchObject({ kind: unset });
        expect(judged(NO_VALUE)).toMatchObject({ kind: unset });
      });
    }
  });
}

/** A switch that must be on: as a value and as text, off, known at deployment, and not set. */
export function mustBe(
  rule: Rule,
  base: Literals,
  path: string,
  wanted: boolean,
  says: string,
  unset: Verdict['kind'],
): void {
  const judged = (value: unknown) => verdictOf(rule, changed(base, { [path]: value }));
  it(`${rule.id}: ${path} must be ${wanted}`, () => {
    expect(judged(wanted)).toEqual({ kind: 'compliant' });
    expect(judged(String(wanted))).toEqual({ kind: 'compliant' });
    expectFindings(judged(!wanted), says);
    expectFindings(judged(String(!wanted)), says);
    expect(judged(PARAMETER)).toMatchObject({ kind: 'cannot-tell' });
    expect(judged(undefined)).toMatchObject({ kind: unset });
  });
}
