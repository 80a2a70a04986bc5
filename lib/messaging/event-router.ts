import { ArnFormat, Aws, Duration, Stack } from 'aws-cdk-lib';
import {
  Archive,
  CfnArchive,
  CfnEventBus,
  EventBus,
  type IEventBus,
  type IRuleTarget,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { stackOwnName } from '../naming/stack-own-name';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';
import { refuse } from '../validation/refuse';
import { DeadLetterQueue } from './dead-letter-queue';
import type { WorkQueue } from './work-queue';

/** Props of {@link EventRouter}. */
export interface EventRouterProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** EventBridge `source` of the events that are routed. */
  readonly source: string;
  /** The detail-types that are published. A rule for any other can never match and is refused. */
  readonly detailTypes: readonly string[];
  /** Your own bus, used in place of a new one. @default - a new bus, encrypted with the key */
  readonly existing?: IEventBus;
}

/** Props of {@link EventRouter.route}. */
export interface RouteProps {
  readonly detailTypes: readonly string[];
  /** Further conditions on the event's `detail`, in EventBridge's pattern language. @default - every event of the type */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly target: WorkQueue | IStateMachine;
}

/** The longest name of a bus (AWS: EventBridge, CreateEventBus). */
const MAX_BUS_NAME = 256;
/** How long and how often EventBridge retries a target (its own maximum, stated: 24 h and 185 tries). */
const TARGET_RETRY_AGE = Duration.hours(24);
const TARGET_RETRY_ATTEMPTS = 185;

/** An event bus with an archive for replay, and rules whose targets never lose an event. */
export class EventRouter extends Construct {
  readonly bus: IEventBus;
  readonly archive: Archive;
  /** Events that the bus could not encrypt or decrypt. Undefined for an existing bus. */
  readonly busDeadLetters?: DeadLetterQueue;
  /** The rules, by the id given to {@link route}. */
  readonly rules = new Map<string, Rule>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EventRouterProps,
  ) {
    super(scope, id);
    if (props.existing === undefined) this.busDeadLetters = this.createBusDeadLetters();
    this.bus = props.existing ?? this.createBus();
    this.archive = new Archive(this, 'Archive', {
      sourceEventBus: this.bus,
      description: `Events from ${props.source}, for replay`,
      eventPattern: { source: [props.source] },
      retention: props.stage.archiveRetention,
    });
    // Set on the L1: the L2 would name the bus in the key's policy, and the bus names the key (a cycle). DataKey lets
    // EventBridge in for the account instead.
    setKey(this.archive, CfnArchive, props.encryptionKey);
    handles(this.archive, 'eb-archive-replay');
    handles(this.bus, 'eb-own-bus-not-default', 'eb-archive-replay');
  }

  /** AWS asks for it on a bus with a key of one's own: what cannot be encrypted would be lost. It outlives that key. */
  private createBusDeadLetters(): DeadLetterQueue {
    const queue = new DeadLetterQueue(this, 'BusDeadLetterQueue', this.props);
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    return queue;
  }

  private createBus(): EventBus {
    const bus = new EventBus(this, 'Bus', {
      // Without one the CDK makes it of the construct's path, and a second copy in the account finds it taken.
      eventBusName: stackOwnName(this, { maxLength: MAX_BUS_NAME }),
      deadLetterQueue: this.busDeadLetters,
    });
    setKey(bus, CfnEventBus, this.props.encryptionKey);
    handles(bus, 'encrypt-everything-at-rest');
    return bus;
  }

  /**
   * Sends events to a queue or a workflow.
   *
   * @returns the target's dead-letter queue, which wants a depth alarm
   * @throws RefusedValueError for a detail-type that is never published.
   */
  route(id: string, props: RouteProps): DeadLetterQueue {
    this.refuseDeadRules(id, props);
    const scope = new Construct(this, id);
    const deadLetterQueue = new DeadLetterQueue(scope, 'DeadLetterQueue', this.props);
    const rule = new Rule(scope, 'Rule', {
      eventBus: this.bus,
      eventPattern: {
        source: [this.props.source],
        detailType: [...props.detailTypes],
        detail: props.detail === undefined ? { orderId: [{ exists: true }] } : { ...props.detail },
      },
    });
    rule.addTarget(this.target(scope, props, deadLetterQueue, rule));
    this.rules.set(id, rule);
    handles(rule, 'eb-target-dlq', 'eb-content-filter', 'eb-own-bus-not-default');
    return deadLetterQueue;
  }

  private target(scope: Construct, props: RouteProps, deadLetterQueue: DeadLetterQueue, rule: Rule): IRuleTarget {
    const queues = 'queue' in props.target ? [props.target.queue, deadLetterQueue] : [deadLetterQueue];
    for (const queue of queues) {
      queue.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [queue.queueArn],
          conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
        }),
      );
    }
    const bounds = {
      deadLetterConfig: { arn: deadLetterQueue.queueArn },
      retryPolicy: {
        maximumEventAgeInSeconds: TARGET_RETRY_AGE.toSeconds(),
        maximumRetryAttempts: TARGET_RETRY_ATTEMPTS,
      },
    };
    if ('queue' in props.target) {
      const arn = props.target.queue.queueArn;
      return { bind: () => ({ arn, ...bounds }) };
    }
    const machine = props.target;
    const role = new Role(scope, 'Role', {
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    machine.grantStartExecution(role);
    // Whoever starts an execution of an encrypted workflow uses its key (Step Functions: data at rest encryption).
    role.addToPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [this.props.encryptionKey.keyArn],
        conditions: { StringLike: { 'kms:EncryptionContext:aws:states:stateMachineArn': workflowsOf(this) } },
      }),
    );
    const policy = role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) acknowledge(policy, inlinePolicyReasons());
    // A workflow's input is the fact itself; a queue's consumer wants the envelope too.
    const input = RuleTargetInput.fromEventPath('$.detail');
    return { bind: () => ({ arn: machine.stateMachineArn, role, input, ...bounds }) };
  }

  private refuseDeadRules(id: string, props: RouteProps): void {
    const unknown = props.detailTypes.filter((type) => !this.props.detailTypes.includes(type));
    if (unknown.length === 0 && props.detailTypes.length > 0) return;
    refuse(this, {
      prop: `${id}.detailTypes`,
      value: unknown.length > 0 ? unknown : '[]',
      allowed: `one or more of ${this.props.detailTypes.join(', ')}`,
      fix: 'pass an event type that is published on this bus: a rule for any other type never matches',
      catalogueId: 'eb-content-filter',
    });
  }
}

/** ARN pattern of the account's workflows: naming the one would make a cycle with its role's policies. */
export function workflowsOf(scope: Construct): string {
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return Stack.of(scope).formatArn({ service: 'states', resource: 'stateMachine', resourceName: '*', arnFormat });
}

function setKey<T extends CfnArchive | CfnEventBus>(
  construct: Construct,
  type: abstract new (...args: never[]) => T,
  key: IKey,
): void {
  const resource = construct.node.defaultChild;
  if (resource instanceof type) resource.kmsKeyIdentifier = key.keyArn;
}
