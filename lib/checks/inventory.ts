import { CannotTell, isIntrinsic, type TemplateDocument, TemplateResource } from '../template/template-resource';

/** What else a rule needs to know. */
export interface InventoryOptions {
  /** Judge as production: what is only a cost in development is then a violation. @default true */
  readonly strict?: boolean;
  /** The account's concurrency quota for Lambda in the region. @default 1000 (AWS: Lambda quotas) */
  readonly accountConcurrency?: number;
  /** What the templates are called here by their stacks' names in CloudFormation. @default - they are called by those names */
  readonly stackNames?: ReadonlyMap<string, string>;
}

/** A resource that a value names. */
export interface Reference {
  readonly resource: TemplateResource;
  /** Of `Fn::GetAtt`; undefined for `Ref`. */
  readonly attribute?: string;
}

/** An allow or deny statement of an IAM policy. */
export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
  /** `NotAction` and `NotResource`, if it has them: it is about everything that they do not list. */
  readonly inverted: readonly string[];
  /** What `NotAction` lists. */
  readonly exceptedActions: readonly string[];
  readonly hasCondition: boolean;
  /** Values by key by operator; empty without a condition. */
  readonly condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Every resource of an app's templates, and who refers to whom, across stacks. */
export class Inventory {
  readonly strict: boolean;
  readonly accountConcurrency: number;
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
    private readonly options: InventoryOptions = {},
    paths: ReadonlyMap<string, string> = new Map(),
  ) {
    this.strict = options.strict ?? true;
    this.accountConcurrency = options.accountConcurrency ?? 1000;
    const resources: TemplateResource[] = [];
    for (const [stack, { Resources = {}, Outputs = {} }] of Object.entries(templates)) {
      for (const [logicalId, document] of Object.entries(Resources)) {
        const resource = new TemplateResource(stack, logicalId, document, paths.get(`${stack}/${logicalId}`));
        resources.push(resource);
        this.byId.set(`${stack}/${logicalId}`, resource);
        this.byType.set(document.Type, [...(this.byType.get(document.Type) ?? []), resource]);
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
    if (resource !== undefined) yield { resource, ...(attribute === undefined ? {} : { attribute }) };
  }

  /** What these templates call a stack that CloudFormation knows by another name: in a stage of an app, for example. */
  private keyOf(stackName: string): string {
    return this.options.stackNames?.get(stackName) ?? stackName;
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

  /** The function behind a reference to it, its version or its alias. @throws CannotTell when it is not here */
  functionBehind(from: { readonly stack: string }, value: unknown): TemplateResource {
    const found = this.mustFind(from, value, 'the function');
    return found.type === 'AWS::Lambda::Function' ? found : this.functionBehind(found, found.get('FunctionName'));
  }

  /** Event source mappings of a function, its aliases and versions. */
  mappingsOf(fn: TemplateResource): readonly TemplateResource[] {
    return this.ofType('AWS::Lambda::EventSourceMapping').filter((mapping) => this.isFor(mapping, fn));
  }

  private isFor(mapping: TemplateResource, fn: TemplateResource): boolean {
    const target = this.referent(mapping, mapping.get('FunctionName'));
    return target !== undefined && (target === fn || this.referent(target, target.properties['FunctionName']) === fn);
  }

  /** API integrations that invoke a function, with what they name: the function, a version or an alias. */
  integrationsOf(fn: TemplateResource): readonly { integration: TemplateResource; target: TemplateResource }[] {
    const found = [
      ...this.ofType('AWS::ApiGatewayV2::Integration').map((each) => ({
        each,
        uri: each.properties['IntegrationUri'],
      })),
      ...this.ofType('AWS::ApiGateway::Method').map((each) => ({ each, uri: each.get('Integration.Uri') })),
    ];
    return found.flatMap(({ each, uri }) => {
      const target = this.referent(each, uri);
      const behind =
        target?.type === 'AWS::Lambda::Function'
          ? target
          : target && this.referent(target, target.properties['FunctionName']);
      return target !== undefined && behind === fn ? [{ integration: each, target }] : [];
    });
  }

  /**
   * Alarms on a metric whose dimensions name the resource; with no resource, those without dimensions. Metrics of a REST API know
   * it by its name (AWS: API Gateway dimensions), so that the template has no reference to it.
   */
  alarmsOn(namespace: string, metric: string, resource?: TemplateResource): readonly TemplateResource[] {
    return this.ofType('AWS::CloudWatch::Alarm').filter((alarm) =>
      metricsOf(alarm).some(({ Namespace, MetricName, Dimensions = [] }) => {
        if (Namespace !== namespace || MetricName !== metric || firesWhenLow(alarm)) return false;
        if (resource === undefined) return Dimensions.length === 0;
        const name = resource.type === 'AWS::ApiGateway::RestApi' ? resource.properties['Name'] : undefined;
        return Dimensions.some(
          ({ Value }) => this.names(alarm, Value, resource) || (typeof name === 'string' && Value === name),
        );
      }),
    );
  }

  /** Tells whether a function makes a custom resource: CloudFormation waits for its answer and fails the deployment itself. */
  makesCustomResource(fn: TemplateResource): boolean {
    return this.resources.some((each) => this.names(each, each.properties['ServiceToken'], fn));
  }

  /** What a role is allowed or denied by the policies in these templates. */
  statementsOf(role: TemplateResource): readonly Statement[] {
    const inline = role.list('Policies').map((policy) => (policy as { PolicyDocument?: unknown }).PolicyDocument);
    const attached = this.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')
      .filter((policy) => policy.list('Roles').some((each) => this.names(policy, each, role)))
      .map((policy) => policy.get('PolicyDocument'));
    return [...inline, ...attached].flatMap(statementsIn);
  }

  /** The role of a function, pipe or state machine. @throws CannotTell when it is not here */
  roleOf(resource: TemplateResource): TemplateResource {
    return this.mustFind(resource, resource.get('Role') ?? resource.get('RoleArn'), 'the role');
  }

  /** Statements of the resource policies of a queue, topic or bucket. */
  resourceStatements(resource: TemplateResource): readonly Readonly<Record<string, unknown>>[] {
    const lists: Record<string, string> = {
      'AWS::SQS::QueuePolicy': 'Queues',
      'AWS::SNS::TopicPolicy': 'Topics',
      'AWS::S3::BucketPolicy': 'Bucket',
    };
    return Object.entries(lists).flatMap(([type, property]) =>
      this.ofType(type)
        .filter((policy) => listOf(policy.get(property)).some((each) => this.names(policy, each, resource)))
        .flatMap((policy) => listOf(policy.get('PolicyDocument.Statement')) as Readonly<Record<string, unknown>>[]),
    );
  }

  /** Queues that a redrive policy, a dead-letter configuration or a failure destination names. */
  deadLetterQueues(): ReadonlySet<TemplateResource> {
    const found = new Set<TemplateResource>();
    const visit = (resource: TemplateResource, value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, child] of Object.entries(value)) {
        if (['RedrivePolicy', 'DeadLetterConfig', 'OnFailure'].includes(key)) {
          const queue = this.referent(resource, child);
          if (queue?.type === 'AWS::SQS::Queue') found.add(queue);
        } else {
          visit(resource, child);
        }
      }
    };
    for (const resource of this.resources) visit(resource, resource.properties);
    return found;
  }
}

interface MetricDocument {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** Comparisons that fire when a metric is low (AWS: API_PutMetricAlarm). */
const WHEN_LOW = ['LessThanThreshold', 'LessThanOrEqualToThreshold', 'LessThanLowerThreshold'];

/**
 * Tells whether an alarm fires when its metric is low. Errors, ages and refusals rise, so it says nothing of them; an expression may turn
 * a metric around.
 *
 * @throws CannotTell when only deployment knows the comparison
 */
function firesWhenLow(alarm: TemplateResource): boolean {
  const expressions = alarm.list('Metrics').map((query) => (query as { Expression?: unknown }).Expression);
  const turns = expressions.some((each) => each !== undefined && !String(each).startsWith('ANOMALY_DETECTION_BAND'));
  return !turns && WHEN_LOW.includes(String(alarm.literal('ComparisonOperator')));
}

/** The metrics that an alarm watches, itself or in its expressions. */
export function metricsOf(alarm: TemplateResource): readonly MetricDocument[] {
  const queries = alarm.list('Metrics') as { MetricStat?: { Metric?: MetricDocument } }[];
  return [alarm.properties as MetricDocument, ...queries.flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])];
}

/** A value that may be one or a list. */
export function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** Names and patterns of actions; one that only deployment knows matches nothing. */
function actionsIn(value: unknown): readonly string[] {
  return listOf(value).map((action) => (isIntrinsic(action) ? '' : String(action)));
}

/** Statements of a policy document. */
export function statementsIn(document: unknown): readonly Statement[] {
  const { Statement } = (document ?? {}) as { Statement?: unknown };
  return listOf(Statement).map((statement) => {
    const { Effect, Action, NotAction, Resource, Condition } = statement as Record<string, unknown>;
    return {
      effect: String(Effect),
      actions: actionsIn(Action),
      exceptedActions: actionsIn(NotAction),
      resources: listOf(Resource),
      inverted: ['NotAction', 'NotResource'].filter((name) => name in (statement as object)),
      hasCondition: Condition !== undefined,
      condition: (Condition ?? {}) as Statement['condition'],
    };
  });
}
