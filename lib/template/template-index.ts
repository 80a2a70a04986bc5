import { Evaluator } from './evaluator';
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

/** A value, and the stack whose template has it. */
export interface Placed {
  readonly stack: string;
  readonly value: unknown;
}

/** Every resource of an app's templates, and who refers to whom, across stacks. */
export class TemplateIndex {
  readonly resources: readonly TemplateResource[];
  /** The stacks, also those without a resource. */
  readonly stackKeys: readonly string[];
  private readonly byId = new Map<string, TemplateResource>();
  private readonly byType = new Map<string, TemplateResource[]>();
  private readonly byStack = new Map<string, TemplateResource[]>();
  private readonly outputs = new Map<string, Placed>();
  private readonly exports = new Map<string, Placed>();
  private readonly evaluators = new Map<string, Evaluator>();
  /** What values name first: rules ask again and again, of the same values. */
  private readonly referents = new WeakMap<
    object,
    { readonly stack: string; readonly resource: TemplateResource | undefined }
  >();
  private readonly realNames: ReadonlyMap<string, string>;
  /** Nested stacks by what makes them, `Stack/LogicalId`. */
  private readonly nestedBy: ReadonlyMap<string, string>;

  /**
   * @param templates by stack name
   * @param paths construct paths by stack name and logical id, `Stack/LogicalId`
   */
  constructor(
    private readonly templates: Readonly<Record<string, TemplateDocument>>,
    private readonly stacks: TemplateIndexOptions = {},
    paths: ReadonlyMap<string, string> = new Map(),
  ) {
    const resources: TemplateResource[] = [];
    this.stackKeys = Object.keys(templates);
    this.realNames = new Map([...(stacks.stackNames ?? [])].map(([real, key]) => [key, real]));
    const nested = [...(stacks.nested ?? [])];
    this.nestedBy = new Map(nested.map(([stack, { parent, logicalId }]) => [`${parent}/${logicalId}`, stack]));
    for (const [stack, { Resources = {}, Outputs = {} }] of Object.entries(templates)) {
      for (const [logicalId, document] of Object.entries(Resources)) {
        // A loop or a macro in the place of resources is none.
        if (typeof document?.Type !== 'string') continue;
        const resource = new TemplateResource(stack, logicalId, document, paths.get(`${stack}/${logicalId}`));
        resources.push(resource);
        this.byId.set(`${stack}/${logicalId}`, resource);
        addTo(this.byType, document.Type, resource);
        addTo(this.byStack, stack, resource);
      }
      for (const [name, output] of Object.entries(Outputs)) {
        const { Value: value, Export } = output ?? {};
        this.outputs.set(`${stack}/${name}`, { stack, value });
        const exported = Export && this.exportName(stack, Export.Name);
        if (exported !== undefined) this.exports.set(exported, { stack, value });
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

  ofStack(stack: string): readonly TemplateResource[] {
    return this.byStack.get(stack) ?? [];
  }

  /** The template of a stack; undefined for a stack that is not here. */
  template(stack: string): TemplateDocument | undefined {
    return Object.hasOwn(this.templates, stack) ? this.templates[stack] : undefined;
  }

  /** The name by which CloudFormation knows a stack. */
  realName(stack: string): string {
    return this.realNames.get(stack) ?? stack;
  }

  /** The resource that makes a nested stack; undefined for a stack of its own. */
  makerOf(stack: string): TemplateResource | undefined {
    const place = this.stacks.nested?.get(stack);
    return place && this.find(place.parent, place.logicalId);
  }

  /** What is in the nested stack that a resource makes; empty for any other resource. */
  madeBy({ stack, logicalId }: TemplateResource): readonly TemplateResource[] {
    const inside = this.nestedBy.get(`${stack}/${logicalId}`);
    return inside === undefined ? [] : this.ofStack(inside);
  }

  /** The stack that is deployed, rolled back and deleted as one: of a nested stack, the outermost. */
  rootOf(stack: string): string {
    const seen = new Set<string>();
    let root = stack;
    for (let maker = this.makerOf(root); maker !== undefined && !seen.has(root); maker = this.makerOf(root)) {
      seen.add(root);
      root = maker.stack;
    }
    return root;
  }

  /** What the stacks export, by the names that are known here. */
  exported(): ReadonlyMap<string, Placed> {
    return this.exports;
  }

  /** The resources that import a value, by the name of its export. */
  importers(): ReadonlyMap<string, readonly TemplateResource[]> {
    const found = new Map<string, TemplateResource[]>();
    for (const resource of this.resources) {
      for (const [key, argument] of functionsIn(resource.properties)) {
        const name = key === 'Fn::ImportValue' ? this.exportName(resource.stack, argument) : undefined;
        if (name !== undefined) addTo(found, name, resource);
      }
    }
    return found;
  }

  /** What the stack around a nested stack gives to a parameter of it, and where; undefined where it gives nothing. */
  given(stack: string, parameter: string): Placed | undefined {
    const maker = this.makerOf(stack);
    const given = maker?.properties['Parameters'];
    if (maker === undefined || typeof given !== 'object' || given === null) return undefined;
    return Object.hasOwn(given, parameter)
      ? { stack: maker.stack, value: (given as Readonly<Record<string, unknown>>)[parameter] }
      : undefined;
  }

  /** The resource that a value of another resource names first, in its own stack or by an output of another. */
  referent(from: { readonly stack: string }, value: unknown): TemplateResource | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    const known = this.referents.get(value);
    if (known !== undefined && known.stack === from.stack) return known.resource;
    const { value: first } = this.references(from, value).next() as { readonly value?: Reference };
    this.referents.set(value, { stack: from.stack, resource: first?.resource });
    return first?.resource;
  }

  /** Every resource that a value names, in order, with the attribute that it asks for. */
  references(from: { readonly stack: string }, value: unknown): Generator<Reference> {
    return this.walk(from, value, new Set());
  }

  /** The resources of its own template that a resource's properties name, a nested stack as what makes it. */
  *neighbours({ stack, properties }: TemplateResource): Generator<TemplateResource> {
    for (const [key, argument] of functionsIn(properties)) {
      for (const { id } of namesIn(key, argument)) {
        const found = this.find(stack, id);
        if (found !== undefined) yield found;
      }
    }
  }

  /** Tells whether a value names a resource, first or later. */
  mentions(from: { readonly stack: string }, value: unknown, resource: TemplateResource): boolean {
    for (const reference of this.references(from, value)) if (reference.resource === resource) return true;
    return false;
  }

  /** The name of an export, with the stack's own name and the parameters' defaults; undefined where only deployment knows it. */
  exportName(stack: string, name: unknown): string | undefined {
    if (typeof name === 'string') return name;
    if (typeof name !== 'object' || name === null) return undefined;
    try {
      return String(this.evaluatorOf(stack).evaluate(name));
    } catch {
      return undefined;
    }
  }

  private evaluatorOf(stack: string): Evaluator {
    const known = this.evaluators.get(stack);
    if (known !== undefined) return known;
    const unknown = (): never => {
      throw new CannotTell('known only at deployment');
    };
    const made = new Evaluator(this.template(stack) ?? {}, {
      region: '',
      reference: (id) => {
        if (id === 'AWS::StackName' && this.makerOf(stack) === undefined) return this.realName(stack);
        // These stacks are deployed to one account and region, or do not see each other's exports.
        if (id === 'AWS::Region' || id === 'AWS::AccountId' || id === 'AWS::Partition') return id;
        return unknown();
      },
      attribute: unknown,
      output: unknown,
      exported: unknown,
    });
    this.evaluators.set(stack, made);
    return made;
  }

  /** @param seen outputs and parameters on the way, which lead back to themselves in a template that goes in a circle */
  private *walk(from: { readonly stack: string }, value: unknown, seen: ReadonlySet<string>): Generator<Reference> {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, argument] of Object.entries(value)) {
      const named = [...this.named(from, key, argument, seen)];
      yield* named;
      if (named.length === 0 || key === 'Fn::Sub') yield* this.walk(from, argument, seen);
    }
  }

  private *named(
    from: { readonly stack: string },
    key: string,
    argument: unknown,
    seen: ReadonlySet<string>,
  ): Generator<Reference> {
    for (const { id, attribute } of namesIn(key, argument)) yield* this.reference(from, id, attribute, seen);
    if (key === 'Fn::GetStackOutput') {
      const { StackName, OutputName } = (argument ?? {}) as { StackName?: unknown; OutputName?: unknown };
      if (typeof StackName !== 'string' || typeof OutputName !== 'string') return;
      const name = `${this.keyOf(StackName)}/${OutputName}`;
      yield* this.placed(name, this.outputs.get(name), seen);
    }
    if (key === 'Fn::ImportValue') {
      const name = this.exportName(from.stack, argument);
      if (name !== undefined) yield* this.placed(`export ${name}`, this.exports.get(name), seen);
    }
  }

  private *reference(
    from: { readonly stack: string },
    id: string,
    attribute: string | undefined,
    seen: ReadonlySet<string>,
  ): Generator<Reference> {
    const resource = this.find(from.stack, id);
    if (resource !== undefined) {
      const name = attribute?.startsWith('Outputs.') ? this.outputOf(resource, attribute) : '';
      const output = this.outputs.get(name);
      if (output === undefined) yield { resource, ...(attribute === undefined ? {} : { attribute }) };
      else yield* this.placed(name, output, seen);
      return;
    }
    // A parameter of a nested stack is what the stack around it gives.
    yield* this.placed(`${from.stack} parameter ${id}`, this.given(from.stack, id), seen);
  }

  private *placed(name: string, found: Placed | undefined, seen: ReadonlySet<string>): Generator<Reference> {
    if (found !== undefined && !seen.has(name)) yield* this.walk(found, found.value, new Set([...seen, name]));
  }

  private outputOf({ stack, logicalId }: TemplateResource, attribute: string): string {
    const maker = `${stack}/${logicalId}`;
    return `${this.nestedBy.get(maker) ?? maker}/${attribute.slice('Outputs.'.length)}`;
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

function addTo<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Every key of a value with what it holds, however deep. */
function* functionsIn(value: unknown): Generator<readonly [key: string, argument: unknown]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, argument] of Object.entries(value)) {
    yield [key, argument];
    yield* functionsIn(argument);
  }
}

/** The names in `Ref`, `Fn::GetAtt` and `Fn::Sub`; none in what is no text. */
export function* namesIn(
  key: string,
  argument: unknown,
): Generator<{ readonly id: string; readonly attribute?: string | undefined }> {
  if (key === 'Ref' && typeof argument === 'string') yield { id: argument };
  if (key === 'Fn::GetAtt') {
    const [id, ...parts] = (
      Array.isArray(argument) ? argument : typeof argument === 'string' ? argument.split('.') : []
    ) as unknown[];
    if (typeof id === 'string') yield { id, attribute: parts.filter((each) => typeof each === 'string').join('.') };
  }
  if (key === 'Fn::Sub') {
    const [text, variables] = Array.isArray(argument) ? (argument as readonly unknown[]) : [argument];
    if (typeof text !== 'string') return;
    for (const [, id = '', attribute] of text.matchAll(/\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}/g)) {
      // A variable of its own hides what else has the name.
      if (!Object.hasOwn(variables ?? {}, id)) yield { id, attribute };
    }
  }
}
