import { Evaluator } from './evaluator';
import type { NestedStack } from './template-index';
import { isIntrinsic, isNoValue, type ResourceDocument, type TemplateDocument } from './template-resource';

/** Values that are given to a template's parameters, by name. */
type Given = Readonly<Record<string, unknown>>;

/** What is taken as known of one stack. */
export interface Known {
  /** Values of its parameters, by name, before their defaults. */
  readonly parameters?: Given;
  /** Whether conditions hold, by name, whatever they say. */
  readonly conditions?: Readonly<Record<string, boolean>>;
  /** Its region. @default - known at deployment only */
  readonly region?: string | undefined;
}

/** How templates are decided. */
export interface DecidingOptions {
  /** The nested stacks among the templates: what the stack around them gives to a parameter counts before its default. @default - none */
  readonly nested?: ReadonlyMap<string, NestedStack>;
  /** What is known of each stack beside its template. @default - nothing */
  readonly known?: (stack: string) => Known;
  /** Whether the values of parameters stand in place of their references, and the texts that are made of them too. @default false */
  readonly substitutes?: boolean;
}

/**
 * Templates as a deployment with their parameters' defaults has them: without resources and outputs whose condition does not hold, with
 * the branch of each `Fn::If` and the value of each `Fn::FindInMap` that is decided, and without `AWS::NoValue`. What depends on the
 * region, the account, or a parameter without a default stays as it is, unless it is known.
 */
export function decidedTemplates(
  templates: Readonly<Record<string, TemplateDocument>>,
  { nested = new Map(), known = () => ({}), substitutes = false }: DecidingOptions = {},
): Readonly<Record<string, TemplateDocument>> {
  const decided = new Map<string, TemplateDocument>();
  const decide = (stack: string): TemplateDocument | undefined => {
    const done = decided.get(stack);
    const template = Object.hasOwn(templates, stack) ? templates[stack] : undefined;
    if (done !== undefined || template === undefined) return done;
    // What it is until it is decided, for stacks that would nest each other.
    decided.set(stack, template);
    const place = nested.get(stack);
    const maker = place && own(decide(place.parent)?.Resources, place.logicalId);
    const given = maker?.Properties?.['Parameters'];
    const result = new Deciding(template, isPlain(given) ? (given as Given) : {}, known(stack), substitutes).template();
    decided.set(stack, result);
    return result;
  };
  return Object.fromEntries(Object.keys(templates).map((stack) => [stack, decide(stack) ?? {}]));
}

/** Functions of values that a template may hold itself. */
const OF_VALUES = ['Fn::Join', 'Fn::Select', 'Fn::Split', 'Fn::Sub'];

class Deciding {
  /** Decides conditions and mappings. */
  private readonly evaluator: Evaluator;
  /** Puts values in place of references, and leaves the region to CloudFormation: a rule knows a reference to it. */
  private readonly values: Evaluator;
  private readonly held = new Map<string, boolean | undefined>();

  constructor(
    private readonly document: TemplateDocument,
    given: Given,
    { parameters: named = {}, conditions = {}, region }: Known,
    private readonly substitutes: boolean,
  ) {
    const parameters = Object.entries(document.Parameters ?? {}).map(([name, parameter]) => {
      if (Object.hasOwn(named, name)) return [name, { ...parameter, Default: named[name] }] as const;
      if (!Object.hasOwn(given, name)) return [name, parameter] as const;
      // What the stack around gives by an intrinsic is known as little as a parameter without a default.
      const { Default, ...rest } = parameter;
      return [name, isLiteral(given[name]) ? { ...rest, Default: given[name] } : rest] as const;
    });
    const valued = { ...document, Parameters: Object.fromEntries(parameters) };
    const unknown = { attribute: onlyAtDeployment, output: onlyAtDeployment, exported: onlyAtDeployment };
    this.evaluator = new Evaluator(valued, {
      ...unknown,
      conditions,
      region: region ?? '',
      reference: (id) => (id === 'AWS::Region' ? (region ?? onlyAtDeployment()) : onlyAtDeployment()),
    });
    this.values = new Evaluator(valued, { ...unknown, region: '', reference: onlyAtDeployment });
  }

  template(): TemplateDocument {
    const { Resources = {}, Outputs = {} } = this.document;
    return {
      ...this.document,
      Resources: this.holding(Resources, (each) => this.resource(each)),
      Outputs: this.holding(Outputs, (each) => this.decided(each) as typeof each),
    };
  }

  private resource(document: ResourceDocument): ResourceDocument {
    const { Properties, DeletionPolicy, UpdateReplacePolicy } = document;
    const attributes = { Properties, DeletionPolicy, UpdateReplacePolicy };
    return { ...document, ...(this.decided(attributes) as typeof attributes) };
  }

  /** Entries whose condition holds, or may: it stays where that is not decided. */
  private holding<T extends { readonly Condition?: unknown }>(
    entries: Readonly<Record<string, T>>,
    decided: (entry: T) => T,
  ): Readonly<Record<string, T>> {
    const holding = Object.entries(entries).flatMap(([id, each]) => {
      if (!isPlain(each)) return [[id, each] as const];
      const { Condition, ...rest } = each;
      const holds = typeof Condition === 'string' ? this.holds(Condition) : undefined;
      return holds === false ? [] : [[id, decided(holds === true ? (rest as T) : each)] as const];
    });
    return Object.fromEntries(holding);
  }

  private decided(value: unknown): unknown {
    // CloudFormation takes no null; it is read as what is not set.
    if (value === null) return undefined;
    if (Array.isArray(value)) return value.map((each) => this.decided(each)).filter((each) => each !== undefined);
    if (!isPlain(value)) return value;
    if (isNoValue(value)) return undefined;
    const [[key, argument] = ['', undefined]] = isIntrinsic(value) ? Object.entries(value) : [];
    if (key === 'Fn::If' && Array.isArray(argument)) {
      const [name, whenTrue, whenFalse] = argument as readonly unknown[];
      const holds = this.holds(String(name));
      if (holds !== undefined) return this.decided(holds ? whenTrue : whenFalse);
      // A branch without a value says that the property may be left out.
      return {
        'Fn::If': [name, ...[whenTrue, whenFalse].map((each) => (isNoValue(each) ? each : this.decided(each)))],
      };
    }
    if (key === 'Fn::FindInMap') return orUndefined(() => this.evaluator.evaluate(value)) ?? value;
    if (this.substitutes && key === 'Ref') return orUndefined(() => this.values.evaluate(value)) ?? value;
    const entries = Object.entries(value).map(([name, child]) => [name, this.decided(child)] as const);
    const result = Object.fromEntries(entries.filter(([, child]) => child !== undefined));
    return this.substitutes && OF_VALUES.includes(key) ? this.valueOf(key, result) : result;
  }

  /** What a function gives whose arguments are decided; of a text that is known in part, the part. */
  private valueOf(key: string, value: Readonly<Record<string, unknown>>): unknown {
    const whole = orUndefined(() => this.values.evaluate(value));
    if (whole !== undefined || key !== 'Fn::Sub') return whole ?? value;
    const [text, variables] = [value[key]].flat() as readonly unknown[];
    if (typeof text !== 'string') return value;
    const put = text.replace(/\$\{([A-Za-z0-9]+)\}/g, (placeholder, name: string) => {
      const found = isPlain(variables) && Object.hasOwn(variables, name) ? undefined : this.text(name);
      // A placeholder within a value would be one.
      return found === undefined || found.includes('${') ? placeholder : found;
    });
    return { [key]: variables === undefined ? put : [put, variables] };
  }

  private text(parameter: string): string | undefined {
    const value = orUndefined(() => this.values.evaluate({ Ref: parameter }));
    return typeof value === 'object' || value === undefined ? undefined : String(value);
  }

  private holds(name: string): boolean | undefined {
    if (!this.held.has(name))
      this.held.set(
        name,
        orUndefined(() => this.evaluator.holds(name)),
      );
    return this.held.get(name);
  }
}

function own<T>(map: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function onlyAtDeployment(): never {
  throw new Error('This is known only at deployment');
}

function isLiteral(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isLiteral) : typeof value !== 'object' || value === null;
}

function orUndefined<T>(decide: () => T): T | undefined {
  try {
    return decide();
  } catch {
    // Of a condition that is no condition, or needs what only deployment knows, nothing is said here.
    return undefined;
  }
}
