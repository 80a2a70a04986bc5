import { isIntrinsic } from './template-resource';

/** The parts of a template that values are computed from. */
export interface TemplateValues {
  readonly Parameters?: Readonly<Record<string, { readonly Type?: string; readonly Default?: unknown }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
}

/** What a template refers to and does not hold: each throws for what it does not know. */
export interface Deployed {
  readonly region: string;
  /** What `Ref` gives for a resource or a pseudo parameter; undefined for `AWS::NoValue`. */
  reference(id: string): unknown;
  attribute(id: string, attribute: string): unknown;
  /** An output of another stack. */
  output(stackName: string, name: string): unknown;
  /** What another stack exports. */
  exported(name: string): unknown;
  /** Values of parameters, by name. @default - what the template has as defaults */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** What conditions are taken as, by name, whatever they say. @default - none */
  readonly conditions?: Readonly<Record<string, boolean>>;
}

/** Computes the values of a template as CloudFormation does: references, conditions, mappings and functions. */
export class Evaluator {
  private readonly deciding = new Set<string>();

  constructor(
    private readonly template: TemplateValues,
    private readonly deployed: Deployed,
  ) {}

  /**
   * A value with every function replaced by what it gives. What `AWS::NoValue` stands for is left out.
   *
   * @throws Error for a function, condition or mapping that does not exist
   */
  evaluate(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.evaluate(item)).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    if (isIntrinsic(value)) {
      const [[key, argument] = ['', undefined]] = Object.entries(value);
      return this.intrinsic(key, argument);
    }
    const entries = Object.entries(value).map(([name, child]) => [name, this.evaluate(child)] as const);
    return Object.fromEntries(entries.filter(([, child]) => child !== undefined));
  }

  /** Whether a condition of the template holds. @throws Error for one that it does not have, or that is made of itself */
  holds(name: string): boolean {
    const assumed = own(this.deployed.conditions, name);
    if (typeof assumed === 'boolean') return assumed;
    const condition = own(this.template.Conditions, name);
    if (condition === undefined) throw new Error(`The template has no condition ${name}`);
    if (this.deciding.has(name)) throw new Error(`The condition ${name} depends on itself`);
    this.deciding.add(name);
    try {
      return this.truth(condition);
    } finally {
      this.deciding.delete(name);
    }
  }

  private intrinsic(key: string, argument: unknown): unknown {
    switch (key) {
      case 'Ref':
        return this.reference(String(argument));
      case 'Fn::GetAtt':
        return this.attribute(argument);
      case 'Fn::Sub':
        return this.substituted(argument);
      case 'Fn::If': {
        const [name, whenTrue, whenFalse] = argument as [string, unknown, unknown];
        return this.evaluate(this.holds(name) ? whenTrue : whenFalse);
      }
      case 'Fn::Equals':
      case 'Fn::And':
      case 'Fn::Or':
      case 'Fn::Not':
        return this.truth({ [key]: argument });
      case 'Fn::FindInMap':
        return this.mapped(argument);
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => `${String(this.evaluate(argument)) || this.deployed.region}${zone}`);
      case 'Fn::GetStackOutput': {
        const { StackName, OutputName } = this.evaluate(argument) as { StackName: string; OutputName: string };
        return this.deployed.output(StackName, OutputName);
      }
      case 'Fn::ImportValue':
        return this.deployed.exported(String(this.evaluate(argument)));
      default:
        return this.pure(key, this.evaluate(argument));
    }
  }

  /** A function of values alone. */
  private pure(key: string, argument: unknown): unknown {
    switch (key) {
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, readonly unknown[]];
        return parts.map(String).join(separator);
      }
      case 'Fn::Split': {
        const [separator, text] = argument as [string, unknown];
        return String(text).split(separator);
      }
      case 'Fn::Select': {
        const [index, list] = argument as [number | string, readonly unknown[]];
        return list[Number(index)];
      }
      case 'Fn::Base64':
        return Buffer.from(String(argument)).toString('base64');
      case 'Fn::Length':
        return (argument as readonly unknown[]).length;
      case 'Fn::ToJsonString':
        return JSON.stringify(argument);
      default:
        throw new Error(`The intrinsic ${key} is not known here`);
    }
  }

  private reference(id: string): unknown {
    const parameter = own(this.template.Parameters, id);
    if (parameter === undefined) return this.deployed.reference(id);
    const { Type = 'String', Default } = parameter;
    // The default of such a parameter is the name that the value is stored by (AWS: CloudFormation-supplied parameter types).
    const isStored = Type.startsWith('AWS::SSM::Parameter::Value<');
    const value = own(this.deployed.parameters, id) ?? (isStored ? undefined : Default);
    if (value === undefined) throw new Error(`The parameter ${id} has no value here`);
    return /^CommaDelimitedList$|List</.test(Type) && typeof value === 'string' ? value.split(/\s*,\s*/) : value;
  }

  private attribute(argument: unknown): unknown {
    const [id = '', ...names] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
    return this.deployed.attribute(id, names.join('.'));
  }

  private substituted(argument: unknown): string {
    const [text, variables = {}] = (Array.isArray(argument) ? argument : [argument]) as [
      string,
      Readonly<Record<string, unknown>> | undefined,
    ];
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (Object.hasOwn(variables, name)) return String(this.evaluate(variables[name]));
      return String(name.includes('.') ? this.attribute(name) : this.reference(name));
    });
  }

  private mapped(argument: unknown): unknown {
    const [map = '', first = '', second = ''] = (this.evaluate(argument) as readonly unknown[]).map(String);
    const value = own(own(own(this.template.Mappings, map), first), second);
    if (value === undefined) throw new Error(`The template maps nothing at ${map}.${first}.${second}`);
    return value;
  }

  private truth(condition: unknown): boolean {
    const [[key, argument] = ['', undefined]] = Object.entries((condition ?? {}) as object) as [string, unknown][];
    const each = () => argument as readonly unknown[];
    switch (key) {
      case 'Condition':
        return this.holds(String(argument));
      case 'Fn::Equals': {
        const [left, right] = each().map((side) => this.evaluate(side));
        return JSON.stringify(asText(left)) === JSON.stringify(asText(right));
      }
      case 'Fn::And':
        return each().every((part) => this.truth(part));
      case 'Fn::Or':
        return each().some((part) => this.truth(part));
      case 'Fn::Not':
        return !this.truth(each()[0]);
      default:
        throw new Error(`${JSON.stringify(condition)} is no condition`);
    }
  }
}

/** Numbers and switches as the texts that CloudFormation compares. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

/** What a map has itself under a name that a template chose, and not what objects inherit. */
function own<T>(map: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return map !== undefined && map !== null && Object.hasOwn(map, name) ? map[name] : undefined;
}
