import { CannotTell, type TemplateDocument, TemplateResource } from './template-resource';

/** Where a nested stack is in the template that makes it. */
export interface NestedStack {
  /** The stack that makes it. */
  readonly parent: string;
  readonly logicalId: string;
}

/** What an index of templates needs to know. */
export interface TemplateIndexOptions {
  /** The nested stacks among the templates, by stack. @default - none */
  readonly nested?: ReadonlyMap<string, NestedStack>;
  /** What the templates are called here by their stacks' names in CloudFormation. @default - they are called by those names */
  readonly stackNames?: ReadonlyMap<string, string>;
}

/** A resource that a value names. */
export interface Reference {
  readonly resource: TemplateResource;
  /** Of `Fn::GetAtt`; undefined for `Ref`. */
  readonly attribute?: string;
}

/** Every resource of an app's templates, and who refers to whom, across stacks. */
export class TemplateIndex {
  readonly resources: readonly TemplateResource[];
  private readonly byId = new Map<string, TemplateResource>();
  private readonly byType = new Map<string, TemplateResource[]>();
  private readonly outputs = new Map<string, { readonly stack: string; readonly value: unknown }>();
  private readonly exports = new Map<string, { readonly stack: string; readonly value: unknown }>();

  /**
   * @param templates by stack name
   * @param paths construct paths by stack name and logical id, `Stack/LogicalId`
   */
  constructor(
    templates: Readonly<Record<string, TemplateDocument>>,
    private readonly stacks: TemplateIndexOptions = {},
    paths: ReadonlyMap<string, string> = new Map(),
  ) {
    const resources: TemplateResource[] = [];
    for (const [stack, { Resources = {}, Outputs = {} }] of Object.entries(templates)) {
      for (const [logicalId, document] of Object.entries(Resources)) {
        const resource = new TemplateResource(stack, logicalId, document, paths.get(`${stack}/${logicalId}`));
        resources.push(resource);
        this.byId.set(`${stack}/${logicalId}`, resource);
        const alike = this.byType.get(document.Type);
        if (alike === undefined) this.byType.set(document.Type, [resource]);
        else alike.push(resource);
      }
      for (const [name, { Value, Export }] of Object.entries(Outputs)) {
        this.outputs.set(`${stack}/${name}`, { stack, value: Value });
        if (typeof Export?.Name === 'string') this.exports.set(Export.Name, { stack, value: Value });
      }
    }
    this.resources = resources;
  }

  find(stack: string, logicalId: string): TemplateResource | undefined {
    return this.byId.get(`${stack}/${logicalId}`);
  }

  ofType(...types: readonly string[]): readonly TemplateResource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** The resource that a value of another resource names first, in its own stack or by an output of another. */
  referent(from: { readonly stack: string }, value: unknown): TemplateResource | undefined {
    for (const { resource } of this.references(from, value)) return resource;
    return undefined;
  }

  /** Every resource that a value names, in order, with the attribute that it asks for. */
  *references(from: { readonly stack: string }, value: unknown): Generator<Reference> {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, argument] of Object.entries(value)) {
      const named = [...this.named(from, key, argument)];
      yield* named;
      if (named.length === 0 || key === 'Fn::Sub') yield* this.references(from, argument);
    }
  }

  /** Tells whether a value names a resource, first or later. */
  mentions(from: { readonly stack: string }, value: unknown, resource: TemplateResource): boolean {
    for (const reference of this.references(from, value)) if (reference.resource === resource) return true;
    return false;
  }

  private *named(from: { readonly stack: string }, key: string, argument: unknown): Generator<Reference> {
    if (key === 'Ref') yield* this.reference(from, String(argument));
    if (key === 'Fn::GetAtt') {
      const parts = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
      yield* this.reference(from, parts[0] ?? '', parts.slice(1).join('.'));
    }
    if (key === 'Fn::Sub') {
      const text = String(Array.isArray(argument) ? argument[0] : argument);
      for (const [, id = '', attribute] of text.matchAll(/\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}/g)) {
        yield* this.reference(from, id, attribute);
      }
    }
    if (key === 'Fn::GetStackOutput') {
      const { StackName, OutputName } = argument as { StackName?: unknown; OutputName?: unknown };
      const output = this.outputs.get(`${this.keyOf(String(StackName))}/${String(OutputName)}`);
      if (output !== undefined) yield* this.references(output, output.value);
    }
    const exported = key === 'Fn::ImportValue' ? this.exports.get(String(argument)) : undefined;
    if (exported !== undefined) yield* this.references(exported, exported.value);
  }

  private *reference(from: { readonly stack: string }, id: string, attribute?: string): Generator<Reference> {
    const resource = this.find(from.stack, id);
    if (resource !== undefined) {
      const output = attribute?.startsWith('Outputs.')
        ? this.outputs.get(this.outputOf(resource, attribute))
        : undefined;
      if (output === undefined) yield { resource, ...(attribute === undefined ? {} : { attribute }) };
      else yield* this.references(output, output.value);
      return;
    }
    // A parameter of a nested stack is what the stack around it gives.
    const nested = this.stacks.nested?.get(from.stack);
    const maker = nested && this.find(nested.parent, nested.logicalId);
    const given = (maker?.properties['Parameters'] as Readonly<Record<string, unknown>> | undefined)?.[id];
    if (nested !== undefined && given !== undefined) yield* this.references({ stack: nested.parent }, given);
  }

  private outputOf({ stack, logicalId }: TemplateResource, attribute: string): string {
    return `${stack}/${logicalId}/${attribute.slice('Outputs.'.length)}`;
  }

  /** What these templates call a stack that CloudFormation knows by another name: in a stage of an app, for example. */
  private keyOf(stackName: string): string {
    return this.stacks.stackNames?.get(stackName) ?? stackName;
  }

  /** The same, for a value that a rule cannot do without. @throws CannotTell when it names nothing in these templates */
  mustFind(from: { readonly stack: string }, value: unknown, what: string): TemplateResource {
    const found = this.referent(from, value);
    if (found === undefined) throw new CannotTell(`${what} is not in these templates`);
    return found;
  }

  /** Tells whether a value names a resource. */
  names(from: { readonly stack: string }, value: unknown, resource: TemplateResource): boolean {
    return this.referent(from, value) === resource;
  }
}
