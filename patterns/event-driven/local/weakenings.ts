import type { CatalogueId } from '../../../lib/checks';
import type { SourceChange, Weakening } from '../../../local/weaken/weakening';
import type { EventDrivenRun } from './run';

const QUEUE = 'AWS::SQS::Queue';
const SUBSCRIPTION = 'AWS::SNS::Subscription';
const RULE = 'AWS::Events::Rule';
const FUNCTION = 'AWS::Lambda::Function';
const MAPPING = 'AWS::Lambda::EventSourceMapping';

/** What makes a consumer of the shop do its work once. */
export const IDEMPOTENCE: SourceChange = {
  handlers: {
    billing: 'event-driven/handlers/billing',
    inventory: 'event-driven/handlers/inventory',
    notifications: 'event-driven/handlers/notifications',
  },
  source: 'lib/runtime/consumer.ts',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of the source
  replace: ['ConditionExpression: `attribute_not_exists(${TableKeys.partition})`,', ''],
};

/** A step that every order's workflow makes on one item a day, beside its own: the hot key of the guide (line 166). */
function countOnOneItem(states: Record<string, Record<string, unknown>>): void {
  const reserve = states['Reserve courier'];
  const own = reserve?.['Arguments'] as { readonly TableName?: unknown } | undefined;
  if (reserve === undefined || own === undefined)
    throw new Error('no state "Reserve courier": the proof is out of date');
  reserve['Resource'] = String(reserve['Resource']).replace('updateItem', 'transactWriteItems');
  reserve['Arguments'] = {
    TransactItems: [
      {
        Update: {
          TableName: own.TableName,
          Key: { pk: { S: "{% 'courier#' & $substringBefore($states.input.occurredAt, 'T') %}" } },
          UpdateExpression: 'ADD parcels :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
      { Update: own },
    ],
  };
}

/** What the event-driven pattern can be run without, by catalogue id. */
export const EVENT_DRIVEN_WEAKENINGS: Partial<
  Record<CatalogueId, Weakening<Pick<EventDrivenRun, 'faults' | 'crowdedSeconds'>>>
> = {
  'sqs-dlq-required': {
    without: "the dead-letter queue behind Billing's queue",
    damage: 'Poison is tried until the queue forgets it, and is gone.',
    shows: /Billing could not handle are gone/,
    template: (t) => t.drop(QUEUE, 'RedrivePolicy', 'BillingWorkQueue'),
  },
  'lambda-sqs-max-receive-count': {
    without: "a second chance: Billing's maxReceiveCount is 1",
    damage: 'One crash or throttled write dead-letters good orders.',
    shows: /good orders left undone in a dead-letter queue of Billing/,
    template: (t) => t.set(QUEUE, 'RedrivePolicy.maxReceiveCount', 1, 'BillingWorkQueue'),
    day: { faults: { crashBeforeEffect: 0.1 } },
  },
  'lambda-sqs-partial-batch': {
    without: "ReportBatchItemFailures on Billing's event source mapping",
    damage: 'The answer that names the failed messages is ignored: they are deleted as if they had been handled.',
    shows: /Billing could not handle are gone/,
    template: (t) => t.drop(MAPPING, 'FunctionResponseTypes', 'Billing'),
  },
  'sqs-visibility-timeout-exceeds-processing': {
    without: "the visibility timeout: Billing's is the 30 seconds of SQS's default, its function's timeout",
    damage:
      'A batch that had to wait for concurrency is handed out again meanwhile: its tries are used up, or run at once.',
    shows:
      /handed to Billing again while|left undone in a dead-letter queue of Billing|by Billing although they were done/,
    template: (t) => t.set(QUEUE, 'VisibilityTimeout', 30, 'BillingWorkQueue'),
    day: { faults: { slow: 0.8, invocationThrottles: 0.8, services: ['billing'] } },
  },
  'sqs-idempotent-consumer': {
    without: 'the condition on the marker that an event was handled',
    damage: 'Each duplicate does the work again.',
    shows: /orders done twice by Billing/,
    handler: IDEMPOTENCE,
  },
  'lambda-async-failure-destination': {
    without: "Billing's queue: the topic invokes the function itself, and nothing catches what fails",
    damage: 'Lambda tries three times and forgets the event.',
    shows: /accepted orders lost to Billing/,
    template: (t) => {
      t.set(SUBSCRIPTION, 'Protocol', 'lambda', 'Billing');
      t.set(SUBSCRIPTION, 'Endpoint', { 'Fn::GetAtt': [t.id(FUNCTION, 'Billing'), 'Arn'] }, 'Billing');
    },
  },
  'sns-filter-policy': {
    without: "the filter policy on Billing's subscription",
    damage: 'Billing gets every event of the topic, fails on those that it does not know, and pages the operator.',
    shows: /messages dead-lettered by Billing that it never asked for/,
    template: (t) => t.drop(SUBSCRIPTION, 'FilterPolicy', 'Billing'),
  },
  'sns-subscription-dlq': {
    without: "the dead-letter queue of Billing's subscription",
    damage: 'What SNS cannot deliver is gone, and the publisher never hears of it.',
    shows: /accepted orders lost to Billing/,
    template: (t) => t.drop(SUBSCRIPTION, 'RedrivePolicy', 'Billing'),
    day: { faults: { undeliverable: { to: /BillingWork/, probability: 0.1 } } },
  },
  'eb-target-dlq': {
    without: 'the dead-letter queue of the rule that starts the fraud check',
    damage: 'What EventBridge cannot deliver is gone.',
    shows: /fraud checks lost/,
    template: (t) => {
      const [target] = t.properties(RULE, 'FraudCheck')['Targets'] as Record<string, unknown>[];
      delete target?.['DeadLetterConfig'];
    },
    day: { faults: { undeliverable: { to: /FraudCheckWork/, probability: 0.4 } } },
  },
  'eb-content-filter': {
    without: 'the content filter of the rule that starts the fraud check',
    damage: 'Every payment is checked, and paid for.',
    shows: /fraud checks of orders that are not suspicious/,
    template: (t) => t.drop(RULE, 'EventPattern.detail', 'FraudCheck'),
  },
  'ddb-high-cardinality-key': {
    without: "a key of each order's own: the workflow also counts parcels on one item a day, in a transaction",
    damage:
      'Orders that overlap conflict at that item: DynamoDB cancels their transactions, and their deliveries stand still.',
    shows: /deliveries stopped for an operator/,
    template: (t) =>
      t.changeJson('AWS::StepFunctions::StateMachine', 'DefinitionString', ({ States }) =>
        countOnOneItem(States as Record<string, Record<string, unknown>>),
      ),
  },
  'lambda-reserved-concurrency-isolation': {
    without: 'the concurrency that is reserved for the API',
    damage: 'A neighbour that takes the whole account takes the API with it.',
    shows: /orders refused by the API/,
    template: (t) => t.drop(FUNCTION, 'ReservedConcurrentExecutions', 'OrdersApi'),
    day: { crowdedSeconds: 300 },
  },
};
