import { isCustomResource, resourceType } from '../facts/resource-types';
import { hasDefault, nameProperties } from '../facts/unique-names';
import { Evaluator } from '../template/evaluator';
import { namesIn, type Reference, type TemplateIndex } from '../template/template-index';
import { isIntrinsic, type TemplateResource } from '../template/template-resource';

/**
 * Where a resource's name comes from: `fixed` is the same in each stack of this template, `stack-name` in each of the stack's name,
 * `unique` is made anew by CloudFormation, by the service, or from the stack's own id; `unknown` depends on what the template does
 * not have.
 */
export type NameOrigin = 'fixed' | 'stack-name' | 'unique' | 'unknown';

/** A name that a template gives to a resource. */
export interface GivenName {
  readonly origin: NameOrigin;
  /** The values of the properties that make it, as the template writes them. */
  readonly values: readonly unknown[];
}

/** Where a value stands. */
interface Place {
  readonly stack: string;
}

/** What makes a name unique outweighs what does not. */
const OUTWEIGHING: readonly NameOrigin[] = ['unique', 'unknown', 'stack-name', 'fixed'];

/** The name that a template gives to a resource; undefined where CloudFormation or the service makes one. */
export function givenName(index: TemplateIndex, resource: TemplateResource): GivenName | undefined {
  return new Origins(index).nameOf(resource);
}

/** Where a value of a stack's template comes from. */
export function originOf(index: TemplateIndex, from: Place, value: unknown): NameOrigin {
  return new Origins(index).of(from, value);
}

function valueAt(properties: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = properties;
  for (const name of path.split('.')) {
    // A condition or a macro in its place: whether there is a name, and which, only deployment knows.
    if (isIntrinsic(value)) return value;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value ?? undefined;
}

class Origins {
  /** Resources on the way, which lead back to themselves in a template that goes in a circle. */
  private readonly open = new Set<TemplateResource>();

  constructor(private readonly index: TemplateIndex) {}

  nameOf(resource: TemplateResource): GivenName | undefined {
    const properties = nameProperties(resource.type);
    const values = properties.map((property) => valueAt(resource.properties, property));
    const isNamed = values.every((value, at) => value !== undefined || hasDefault(properties[at] ?? ''));
    if (properties.length === 0 || !isNamed || values.at(-1) === undefined) return undefined;
    const set = values.filter((value) => value !== undefined);
    return { origin: this.together(resource, set), values: set };
  }

  of(from: Place, value: unknown): NameOrigin {
    if (typeof value !== 'object' || value === null) return 'fixed';
    if (!isIntrinsic(value)) return this.together(from, Object.values(value));
    const [[key, argument] = ['', undefined]] = Object.entries(value);
    switch (key) {
      case 'Ref':
        return this.ofRef(from, String(argument));
      case 'Fn::GetAtt':
      case 'Fn::GetStackOutput':
      case 'Fn::ImportValue':
        return this.ofReferences(from, value);
      case 'Fn::Sub':
        return this.ofSub(from, argument);
      case 'Fn::If':
        return this.ofBranches(from, Array.isArray(argument) ? argument.slice(1) : []);
      case 'Fn::Select':
        return partOfStackId(value, this.index.makerOf(from.stack) !== undefined) ?? this.of(from, argument);
      case 'Fn::Transform':
        return 'unknown';
      default:
        return this.of(from, argument);
    }
  }

  private together(from: Place, values: readonly unknown[]): NameOrigin {
    const found = new Set(values.map((value) => this.of(from, value)));
    return OUTWEIGHING.find((origin) => found.has(origin)) ?? 'fixed';
  }

  /** A value that is one of several, whichever the condition chooses. */
  private ofBranches(from: Place, values: readonly unknown[]): NameOrigin {
    const [first = 'unknown', ...others] = new Set(values.map((value) => this.of(from, value)));
    return others.length === 0 ? first : 'unknown';
  }

  private ofRef(from: Place, name: string): NameOrigin {
    // Without the value CloudFormation or the service makes a name.
    if (name === 'AWS::StackId' || name === 'AWS::NoValue') return 'unique';
    // CloudFormation adds letters of chance to the name of a nested stack.
    if (name === 'AWS::StackName') return this.index.makerOf(from.stack) === undefined ? 'stack-name' : 'unique';
    if (name.startsWith('AWS::')) return 'fixed';
    if (this.index.find(from.stack, name) !== undefined) return this.ofReferences(from, { Ref: name });
    const given = this.index.given(from.stack, name);
    return given === undefined ? 'unknown' : this.of(given, given.value);
  }

  private ofSub(from: Place, argument: unknown): NameOrigin {
    const [text, variables = {}] = Array.isArray(argument) ? (argument as readonly unknown[]) : [argument];
    const pseudo = [...String(text).matchAll(/\$\{(AWS::\w+)\}/g)].map(([, name]) => ({ Ref: name }));
    const named = [...namesIn('Fn::Sub', argument)].map(({ id, attribute }) =>
      attribute === undefined ? { Ref: id } : { 'Fn::GetAtt': [id, attribute] },
    );
    return this.together(from, [...pseudo, ...named, ...Object.values(variables ?? {})]);
  }

  private ofReferences(from: Place, value: unknown): NameOrigin {
    const found = new Set([...this.index.references(from, value)].map((each) => this.ofReferent(each)));
    return OUTWEIGHING.find((origin) => found.has(origin)) ?? 'unknown';
  }

  /** What another resource is known by: what this value gets from it is unique where that is. */
  private ofReferent({ resource, attribute }: Reference): NameOrigin {
    // What a custom resource answers, its own code decides.
    if (resourceType(resource.type) === undefined || isCustomResource(resource.type)) return 'unknown';
    if (this.open.has(resource)) return 'fixed';
    this.open.add(resource);
    try {
      const property = attribute === undefined ? undefined : valueAt(resource.properties, attribute);
      if (property !== undefined) return this.of(resource, property);
      return this.nameOf(resource)?.origin ?? 'unique';
    } finally {
      this.open.delete(resource);
    }
  }
}

/**
 * Where a part of the stack's id comes from: `arn:aws:cloudformation:<region>:<account>:stack/<name>/<id>`; undefined for a value that
 * is made of something else.
 */
function partOfStackId(value: object, isNested: boolean): NameOrigin | undefined {
  const part = (name: string, id: string): unknown =>
    new Evaluator(
      {},
      {
        region: '',
        reference: (pseudo) => {
          if (pseudo === 'AWS::StackName') return name;
          if (pseudo === 'AWS::StackId') return `arn:aws:cloudformation:region:account:stack/${name}/${id}`;
          throw new Error('This is known only at deployment');
        },
        attribute: (attribute) => {
          throw new Error(`${attribute} is known only at deployment`);
        },
        output: () => undefined,
        exported: () => undefined,
      },
    ).evaluate(value);
  try {
    const mine = part('Mine', '0a0a0a0a-0b0b-0c0c-0d0d-0e0e0e0e0e0e');
    if (typeof mine !== 'string') return undefined;
    if (mine !== part('Mine', '1a1a1a1a-1b1b-1c1c-1d1d-1e1e1e1e1e1e')) return 'unique';
    if (mine === part('Other', '0a0a0a0a-0b0b-0c0c-0d0d-0e0e0e0e0e0e')) return 'fixed';
    return isNested ? 'unique' : 'stack-name';
  } catch {
    return undefined;
  }
}
