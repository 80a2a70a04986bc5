import { listOf, type Statement, statementsIn } from '../template/policy-statements';
import { TemplateIndex, type TemplateIndexOptions } from '../template/template-index';
import { mapOf, mapsOf, type TemplateDocument, type TemplateResource } from '../template/template-resource';

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
      metricsOf(alarm).some(({ Namespace, MetricName, Dimensions }) => {
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
    const inline = role.maps<{ PolicyDocument?: unknown }>('Policies').map(({ PolicyDocument }) => PolicyDocument);
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

/** A metric that an alarm watches. */
export interface WatchedMetric {
  readonly Namespace?: unknown;
  readonly MetricName?: unknown;
  readonly Dimensions: readonly { readonly Name?: unknown; readonly Value?: unknown }[];
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
  const expressions = alarm.maps<{ Expression?: unknown }>('Metrics').map(({ Expression }) => Expression);
  const turns = expressions.some((each) => each !== undefined && !String(each).startsWith('ANOMALY_DETECTION_BAND'));
  return !turns && WHEN_LOW.includes(String(alarm.text('ComparisonOperator')));
}

/** The metrics that an alarm watches, itself or in its expressions. */
export function metricsOf(alarm: TemplateResource): readonly WatchedMetric[] {
  const inQueries = alarm.maps('Metrics').flatMap(({ MetricStat }) => {
    const { Metric } = mapOf(MetricStat, 'MetricStat');
    return Metric === undefined ? [] : [mapOf(Metric, 'Metric')];
  });
  return [alarm.properties, ...inQueries].map(({ Namespace, MetricName, Dimensions }) => ({
    Namespace,
    MetricName,
    Dimensions: mapsOf(Dimensions, 'Dimensions'),
  }));
}
