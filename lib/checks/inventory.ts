import { listOf, type Statement, statementsIn } from '../template/policy-statements';
import { TemplateIndex, type TemplateIndexOptions } from '../template/template-index';
import type { TemplateDocument, TemplateResource } from '../template/template-resource';
import { Alarms, firesWhenLow } from './alarms';
import { Referrers } from './referrers';

/** What else a rule needs to know. */
export interface InventoryOptions extends TemplateIndexOptions {
  /** Judge as production: what is only a cost in development is then a violation. @default true */
  readonly strict?: boolean;
  /** The account's concurrency quota for Lambda in the region. @default 1000 (AWS: Lambda quotas) */
  readonly accountConcurrency?: number;
}

/** What rules ask of an app's templates. */
export class Inventory extends TemplateIndex {
  readonly strict: boolean;
  readonly accountConcurrency: number;
  // What is asked of each resource is looked up once for all of them: a scan for each would take a minute for a large template.
  private readonly byProperty = new Map<string, Referrers>();
  private readonly statements = new Map<TemplateResource, readonly Statement[]>();
  private readonly worked = new Map<unknown, unknown>();
  private alarms: Alarms | undefined;
  private custom: ReadonlySet<TemplateResource> | undefined;
  private deadLetters: ReadonlySet<TemplateResource> | undefined;
  private integrations: Referrers | undefined;
  private mappings: Referrers | undefined;
  private policies: Referrers | undefined;
  private resourcePolicies: Referrers | undefined;

  /**
   * @param templates by stack name
   * @param paths construct paths by stack name and logical id, `Stack/LogicalId`
   */
  constructor(
    templates: Readonly<Record<string, TemplateDocument>>,
    options: InventoryOptions = {},
    paths: ReadonlyMap<string, string> = new Map(),
  ) {
    super(templates, options, paths);
    this.strict = options.strict ?? true;
    this.accountConcurrency = options.accountConcurrency ?? 1000;
  }

  /** The resource that a value names first; none where it is an output of a nested stack whose template is not here. */
  override referent(from: { readonly stack: string }, value: unknown): TemplateResource | undefined {
    const found = super.referent(from, value);
    return found?.type === 'AWS::CloudFormation::Stack' ? undefined : found;
  }

  /** The function behind a reference to it, its version or its alias. @throws CannotTell when it is not here */
  functionBehind(from: { readonly stack: string }, value: unknown): TemplateResource {
    const found = this.mustFind(from, value, 'the function');
    return found.type === 'AWS::Lambda::Function' ? found : this.functionBehind(found, found.get('FunctionName'));
  }

  /** Event source mappings of a function, its aliases and versions. */
  mappingsOf(fn: TemplateResource): readonly TemplateResource[] {
    this.mappings ??= new Referrers(this.ofType('AWS::Lambda::EventSourceMapping'), (mapping) =>
      this.invokedBy(mapping, mapping.get('FunctionName')),
    );
    return this.mappings.of(fn);
  }

  /** API integrations that invoke a function, with what they name: the function, a version or an alias. */
  integrationsOf(fn: TemplateResource): readonly Integration[] {
    this.integrations ??= new Referrers(
      [...this.ofType('AWS::ApiGatewayV2::Integration'), ...this.ofType('AWS::ApiGateway::Method')],
      (each) => this.invokedBy(each, each.properties['IntegrationUri'] ?? each.get('Integration.Uri')),
    );
    return this.integrations.of(fn).map((integration) => {
      const uri = integration.properties['IntegrationUri'] ?? integration.get('Integration.Uri');
      return { integration, target: this.referent(integration, uri) ?? fn };
    });
  }

  /** What a value names of a function: itself, and the function behind its alias or version. */
  private invokedBy(from: TemplateResource, value: unknown): readonly TemplateResource[] {
    const target = this.referent(from, value);
    const behind = target && this.referent(target, target.properties['FunctionName']);
    return [target, behind].flatMap((each) => (each?.type === 'AWS::Lambda::Function' ? [each] : []));
  }

  /**
   * Alarms on a metric whose dimensions name the resource; with no resource, those without dimensions. Metrics of a REST API know
   * it by its name (AWS: API Gateway dimensions), so that the template has no reference to it.
   */
  alarmsOn(namespace: string, metric: string, resource?: TemplateResource): readonly TemplateResource[] {
    this.alarms ??= new Alarms(this.ofType('AWS::CloudWatch::Alarm'), (alarm, value) => this.referent(alarm, value));
    return this.alarms.on(namespace, metric, resource).filter((alarm) => !firesWhenLow(alarm));
  }

  /** Tells whether a function makes a custom resource: CloudFormation waits for its answer and fails the deployment itself. */
  makesCustomResource(fn: TemplateResource): boolean {
    this.custom ??= new Set(
      this.resources.flatMap((each) => this.referent(each, each.properties['ServiceToken']) ?? []),
    );
    return this.custom.has(fn);
  }

  /** What a role is allowed or denied by the policies in these templates. */
  statementsOf(role: TemplateResource): readonly Statement[] {
    const known = this.statements.get(role);
    if (known !== undefined) return known;
    const inline = role.maps<{ PolicyDocument?: unknown }>('Policies').map(({ PolicyDocument }) => PolicyDocument);
    this.policies ??= new Referrers(this.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'), (policy) =>
      policy.list('Roles').flatMap((each) => this.referent(policy, each) ?? []),
    );
    const attached = this.policies.of(role).map((policy) => policy.get('PolicyDocument'));
    const found = [...inline, ...attached].flatMap(statementsIn);
    this.statements.set(role, found);
    return found;
  }

  /** The role of a function, pipe or state machine. @throws CannotTell when it is not here */
  roleOf(resource: TemplateResource): TemplateResource {
    return this.mustFind(resource, resource.get('Role') ?? resource.get('RoleArn'), 'the role');
  }

  /** Statements of the resource policies of a queue, topic or bucket. */
  resourceStatements(resource: TemplateResource): readonly Readonly<Record<string, unknown>>[] {
    this.resourcePolicies ??= new Referrers(this.ofType(...Object.keys(POLICY_OF)), (policy) =>
      listOf(policy.get(POLICY_OF[policy.type] ?? '')).flatMap((each) => this.referent(policy, each) ?? []),
    );
    return this.resourcePolicies
      .of(resource)
      .flatMap((policy) => policy.maps<Readonly<Record<string, unknown>>>('PolicyDocument.Statement'));
  }

  /** Queues that a redrive policy, a dead-letter configuration or a failure destination names. */
  deadLetterQueues(): ReadonlySet<TemplateResource> {
    if (this.deadLetters !== undefined) return this.deadLetters;
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
    this.deadLetters = found;
    return found;
  }

  /** What is worked out of all resources, once, however many resources a rule asks it of. */
  once<T>(work: (inventory: Inventory) => T): T {
    // The key has the type of what is kept by it.
    if (!this.worked.has(work)) this.worked.set(work, work(this));
    return this.worked.get(work) as T;
  }

  /** Resources of a type whose property names another resource first. @throws CannotTell for one whose property cannot be read */
  referrers(type: string, property: string, resource: TemplateResource): readonly TemplateResource[] {
    const key = `${type} ${property}`;
    const known = this.byProperty.get(key);
    const index = known ?? new Referrers(this.ofType(type), (each) => this.referent(each, each.get(property)) ?? []);
    if (known === undefined) this.byProperty.set(key, index);
    return index.of(resource);
  }
}

/** Properties of resource policies that name what they are about. */
const POLICY_OF: Readonly<Record<string, string>> = {
  'AWS::SQS::QueuePolicy': 'Queues',
  'AWS::SNS::TopicPolicy': 'Topics',
  'AWS::S3::BucketPolicy': 'Bucket',
};

/** An integration of an API with a function. */
interface Integration {
  readonly integration: TemplateResource;
  readonly target: TemplateResource;
}
