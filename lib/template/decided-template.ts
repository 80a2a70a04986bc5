import { Evaluator } from './evaluator';
import type { NestedStack } from './template-index';
import { isIntrinsic, isNoValue, type ResourceDocument, type TemplateDocument } from './template-resource';

/** Values that are given to a template's parameters, by name. */
type Given = Readonly<Record<string, unknown>>;

/**
 * Templates as a deployment with their parameters' defaults has them: without resources and outputs whose condition does not hold, with
 * the branch of each `Fn::If` and the value of each `Fn::FindInMap` that is decided, and without `AWS::NoValue`. What depends on the
 * region, the account, or a parameter without a default stays as it is.
 *
 * @param nested the nested stacks among the templates: what the stack around them gives to a parameter counts before its default
 */
export function decidedTemplates(
  templates: Readonly<Record<string, TemplateDocument>>,
  nested: ReadonlyMap<string, NestedStack> = new Map(),
): Readonly<Record<string, TemplateDocument>> {
  const decided = new Map<string, TemplateDocument>();
  const decide = (stack: string): TemplateDocument | undefined => {
    const known = decided.get(stack);
    const template = Object.hasOwn(templates, stack) ? templates[stack] : undefined;
    if (known !== undefined || template === undefined) return known;
    // What it is until it is decided, for stacks that would nest each other.
    decided.set(stack, template);
    const place = nested.get(stack);
    const maker = place && decide(place.parent)?.Resources?.[place.logicalId];
    const result = new Deciding(template, (maker?.Properties?.['Parameters'] ?? {}) as Given).template();
    decided.set(stack, result);
    return result;
  };
  return Object.fromEntries(Object.keys(templates).map((stack) => [stack, decide(stack) ?? {}]));
}

class Deciding {
  private readonly evaluator: Evaluator;
  private readonly held = new Map<string, boolean | undefined>();

  constructor(
    private readonly document: TemplateDocument,
    given: Given,
  ) {
    const parameters = Object.entries(document.Parameters ?? {}).map(([name, parameter]) => {
      if (!Object.hasOwn(given, name)) return [name, parameter] as const;
      // What the stack around gives by an intrinsic is known as little as a parameter without a default.
      const { Default, ...rest } = parameter;
      return [name, isLiteral(given[name]) ? { ...rest, Default: given[name] } : rest] as const;
    });
    this.evaluator = new Evaluator(
      { ...document, Parameters: Object.fromEntries(parameters) },
      {
        region: '',
        reference: onlyAtDeployment,
        attribute: onlyAtDeployment,
        output: onlyAtDeployment,
        exported: onlyAtDeployment,
      },
    );
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

  /** Entries whose condition holds, or may. */
  private holding<T extends { readonly Condition?: unknown }>(
    entries: Readonly<Record<string, T>>,
    decided: (entry: T) => T,
  ): Readonly<Record<string, T>> {
    const holding = Object.entries(entries).filter(
      ([, each]) => typeof each?.Condition !== 'string' || this.holds(each.Condition) !== false,
    );
    return Object.fromEntries(holding.map(([id, each]) => [id, isPlain(each) ? decided(each) : each]));
  }

  private decided(value: unknown): unknown {
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
    if (key === 'Fn::FindInMap') return this.mapped(value);
    const entries = Object.entries(value).map(([name, child]) => [name, this.decided(child)] as const);
    return Object.fromEntries(entries.filter(([, child]) => child !== undefined));
  }

  private holds(name: string): boolean | undefined {
    if (!this.held.has(name))
      this.held.set(
        name,
        orUndefined(() => this.evaluator.holds(name)),
      );
    return this.held.get(name);
  }

  private mapped(value: object): unknown {
    return orUndefined(() => this.evaluator.evaluate(value)) ?? value;
  }
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
