import { type Place, resolvedValue } from './references';
import { type DeployedResource, type DeployedStack, treeOf } from './stacks';

/** A target of a rule or a schedule, as the template has it. */
export interface RuleTarget {
  /** ARN, where the template tells it. */
  readonly arn?: string;
  readonly inputPath?: string;
  readonly input?: string;
  /** Whether an input transformer shapes what the target gets. */
  readonly transformed: boolean;
  /** Group of messages to a FIFO queue. */
  readonly messageGroupId?: string;
}

/** What sends to a dead-letter queue, beside queues whose redrive policy names it. */
export type Origin = { /** Physical name or id. */ readonly name: string } & (
  | { readonly kind: 'subscription' /** ARN of the subscriber. */; readonly endpoint?: string }
  | { readonly kind: 'rule'; readonly target: RuleTarget }
  | { readonly kind: 'bus' }
  | { readonly kind: 'stream' /** Filters of the stream's reader. */; readonly patterns: readonly string[] }
  | { readonly kind: 'invocation' }
  | { readonly kind: 'function' /** ARN of the function whose own dead-letter queue it is. */; readonly arn?: string }
  | { readonly kind: 'schedule'; readonly target: RuleTarget }
);

type Properties = Readonly<Record<string, unknown>>;

/** Origins of a tree of stacks, by the ARN of the dead-letter queue that each sends to. */
export function originsOf(root: DeployedStack, place: Place): Map<string, Origin[]> {
  const found = new Map<string, Origin[]>();
  for (const stack of treeOf(root)) {
    const value = (expression: unknown) => resolvedValue(expression, stack, place);
    for (const resource of stack.resources.values()) {
      for (const [queue, origin] of READERS[resource.type]?.(resource, value) ?? []) {
        const arn = value(queue);
        if (arn !== undefined) found.set(arn, [...(found.get(arn) ?? []), origin]);
      }
    }
  }
  return found;
}

type Value = (expression: unknown) => string | undefined;
type Found = readonly (readonly [queue: unknown, origin: Origin])[];

/** What of a type may name a dead-letter queue. */
const READERS: Readonly<Record<string, (resource: DeployedResource, value: Value) => Found>> = {
  'AWS::SNS::Subscription': ({ physicalId: name, properties }, value) => [
    [
      inside(properties, 'RedrivePolicy', 'deadLetterTargetArn'),
      { kind: 'subscription', name, endpoint: value(properties['Endpoint']) },
    ],
  ],
  'AWS::Events::Rule': ({ physicalId: name, properties }, value) =>
    listOf(properties['Targets']).map((target) => [
      inside(target, 'DeadLetterConfig', 'Arn'),
      { kind: 'rule', name, target: ruleTarget(target, value) },
    ]),
  'AWS::Events::EventBus': ({ physicalId: name, properties }) => [
    [inside(properties, 'DeadLetterConfig', 'Arn'), { kind: 'bus', name }],
  ],
  'AWS::Pipes::Pipe': ({ physicalId: name, properties }) =>
    ['DynamoDBStreamParameters', 'KinesisStreamParameters'].map((parameters) => [
      inside(properties, 'SourceParameters', parameters, 'DeadLetterConfig', 'Arn'),
      { kind: 'stream', name, patterns: patternsIn(inside(properties, 'SourceParameters', 'FilterCriteria')) },
    ]),
  'AWS::Lambda::EventSourceMapping': ({ physicalId: name, properties }) => [
    [
      inside(properties, 'DestinationConfig', 'OnFailure', 'Destination'),
      { kind: 'stream', name, patterns: patternsIn(properties['FilterCriteria']) },
    ],
  ],
  'AWS::Lambda::EventInvokeConfig': ({ properties }, value) => [
    [
      inside(properties, 'DestinationConfig', 'OnFailure', 'Destination'),
      { kind: 'invocation', name: value(properties['FunctionName']) ?? 'a function' },
    ],
  ],
  'AWS::Lambda::Function': ({ logicalId, physicalId: name, properties }, value) => [
    [
      inside(properties, 'DeadLetterConfig', 'TargetArn'),
      { kind: 'function', name, arn: value({ 'Fn::GetAtt': [logicalId, 'Arn'] }) },
    ],
  ],
  'AWS::Scheduler::Schedule': ({ physicalId: name, properties }, value) => [
    [
      inside(properties, 'Target', 'DeadLetterConfig', 'Arn'),
      { kind: 'schedule', name, target: ruleTarget(properties['Target'], value) },
    ],
  ],
};

function ruleTarget(target: unknown, value: Value): RuleTarget {
  return {
    arn: value(inside(target, 'Arn')),
    inputPath: value(inside(target, 'InputPath')),
    input: value(inside(target, 'Input')),
    transformed: inside(target, 'InputTransformer') !== undefined,
    messageGroupId: value(inside(target, 'SqsParameters', 'MessageGroupId')),
  };
}

function patternsIn(criteria: unknown): string[] {
  return listOf(inside(criteria, 'Filters')).map((filter) => String(inside(filter, 'Pattern')));
}

function inside(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Properties)[name];
  }
  return at;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
