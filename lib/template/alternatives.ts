import { type DecidingOptions, decidedTemplates, type Known } from './decided-template';
import type { TemplateDocument } from './template-resource';

type Templates = Readonly<Record<string, TemplateDocument>>;

/** One of the ways in which stacks may be deployed. */
export interface Alternative {
  /** The templates as they are then. */
  readonly templates: Templates;
  /** Values of parameters that nothing decides: such as `Stage is prod`. */
  readonly parameters: readonly string[];
  /** Whether conditions hold that nothing decides, and whose values are not listed: such as `HasDomain holds`. */
  readonly conditions: readonly string[];
}

/** Something that may have one of a few values. */
interface Variable {
  readonly stack: string;
  readonly name: string;
  readonly kind: 'parameters' | 'conditions';
  readonly values: readonly unknown[];
}

/** More ways than this are not gone through: each is judged by every rule. */
const MAX_ALTERNATIVES = 8;

/**
 * The ways in which stacks may be deployed, as far as their templates say: one for each value that a parameter without a default allows,
 * and with and without what a condition decides that depends on something else. What would make more than eight of them stays as it is,
 * known at deployment only.
 */
export function alternativesOf(templates: Templates, options: DecidingOptions = {}): readonly Alternative[] {
  let ways = [decided(templates, options, [])];
  const vary = (variable: Variable): void => {
    if (ways.length * variable.values.length > MAX_ALTERNATIVES) return;
    ways = ways.flatMap(({ chosen }) =>
      variable.values.map((value) => decided(templates, options, [...chosen, { ...variable, values: [value] }])),
    );
  };
  for (const variable of parametersOf(templates, options)) vary(variable);
  for (const variable of conditionsOf(templates)) {
    if (ways.some(({ open }) => open.has(`${variable.stack}/${variable.name}`))) vary(variable);
  }
  return ways.map(({ templates: each, chosen }) => {
    const said = (kind: Variable['kind']) => chosen.filter((variable) => variable.kind === kind).map(asText);
    return { templates: each, parameters: said('parameters'), conditions: said('conditions') };
  });
}

function asText({ kind, name, values: [value] }: Variable): string {
  if (kind === 'parameters') return `${name} is ${String(value)}`;
  return value === true ? `${name} holds` : `${name} does not hold`;
}

/** The templates with some of their variables decided, and what remains open. */
interface Way {
  readonly templates: Templates;
  readonly chosen: readonly Variable[];
  /** Conditions that something depends on, as `Stack/Name`. */
  readonly open: ReadonlySet<string>;
}

function decided(templates: Templates, options: DecidingOptions, chosen: readonly Variable[]): Way {
  const valuesOf = (stack: string, kind: Variable['kind']) =>
    Object.fromEntries(
      chosen.flatMap((each) => (each.stack === stack && each.kind === kind ? [[each.name, each.values[0]]] : [])),
    );
  const known = (stack: string): Known => {
    const given = options.known?.(stack) ?? {};
    return {
      ...given,
      parameters: { ...valuesOf(stack, 'parameters'), ...given.parameters },
      conditions: { ...(valuesOf(stack, 'conditions') as Readonly<Record<string, boolean>>), ...given.conditions },
    };
  };
  const result = decidedTemplates(templates, { ...options, known });
  const open = Object.entries(result).flatMap(([stack, template]) =>
    [...openConditions(template)].map((name) => `${stack}/${name}`),
  );
  return { templates: result, chosen, open: new Set(open) };
}

/** Parameters without a value that list the values which they allow, those with the fewest first. */
function parametersOf(templates: Templates, { nested, known }: DecidingOptions): readonly Variable[] {
  const found = Object.entries(templates).flatMap(([stack, { Parameters = {} }]) => {
    // What is given to a nested stack is in the template around it.
    if (nested?.has(stack)) return [];
    const given = known?.(stack).parameters ?? {};
    return Object.entries(Parameters).flatMap(([name, parameter]): Variable[] => {
      const {
        AllowedValues: values,
        Default,
        Type = 'String',
      } = parameter as { AllowedValues?: unknown } & typeof parameter;
      const isOpen = Default === undefined && !Object.hasOwn(given, name) && /^(String|Number)$/.test(Type);
      return isOpen && Array.isArray(values) && values.length > 0 ? [{ stack, name, kind: 'parameters', values }] : [];
    });
  });
  return found.sort((a, b) => a.values.length - b.values.length);
}

/** The conditions of the templates, each after those that it is made of. */
function conditionsOf(templates: Templates): readonly Variable[] {
  return Object.entries(templates).flatMap(([stack, { Conditions = {} }]) => {
    const order = new Set<string>();
    const add = (name: string, around: readonly string[]): void => {
      if (order.has(name) || around.includes(name) || !Object.hasOwn(Conditions, name)) return;
      for (const each of namesIn(Conditions[name], 'Condition')) add(each, [...around, name]);
      order.add(name);
    };
    for (const name of Object.keys(Conditions)) add(name, []);
    return [...order].map((name): Variable => ({ stack, name, kind: 'conditions', values: [true, false] }));
  });
}

/** Conditions on which something that is left of a template depends, itself or by another condition. */
function openConditions({ Resources = {}, Outputs = {}, Conditions = {} }: TemplateDocument): ReadonlySet<string> {
  const open = new Set<string>();
  const add = (name: string): void => {
    if (open.has(name)) return;
    open.add(name);
    if (Object.hasOwn(Conditions, name)) for (const other of namesIn(Conditions[name], 'Condition')) add(other);
  };
  for (const each of [...Object.values(Resources), ...Object.values(Outputs)]) {
    // What the CDK notes for itself is judged by nothing.
    if (typeof each !== 'object' || each === null || ('Type' in each && each.Type === 'AWS::CDK::Metadata')) continue;
    if (typeof each.Condition === 'string') add(each.Condition);
    for (const condition of namesIn(each, 'Fn::If')) add(condition);
  }
  return open;
}

/** The names that stand under a key, however deep; of `Fn::If` the first of its list. */
function* namesIn(value: unknown, key: 'Condition' | 'Fn::If'): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    const named: unknown = name === key ? [child].flat()[0] : undefined;
    if (typeof named === 'string') yield named;
    yield* namesIn(child, key);
  }
}
