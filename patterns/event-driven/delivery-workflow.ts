import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Choice, Condition, Fail, type IChainable, JitterType, Pass, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { CancellationReason } from './contract';
import type { DeliveryOptions } from './delivery-options';

/** What the workflow's states write to, and decide by. */
export interface DeliveryWorkflowProps extends Required<DeliveryOptions> {
  readonly deliveries: ITable;
  /** The outbox. */
  readonly facts: ITable;
}

/**
 * Errors that another try may cure, by the names that Step Functions gives to DynamoDB's. Each step writes one item and no
 * transaction, so that no cancellation with reasons to tell apart can come. A condition that does not hold fails at once.
 */
const TRANSIENT = [
  'DynamoDb.InternalServerErrorException',
  'DynamoDb.ProvisionedThroughputExceededException',
  'DynamoDb.RequestLimitExceededException',
  'DynamoDb.ThrottlingException',
  'DynamoDb.TransactionConflictException',
  'DynamoDb.SdkClientException',
  'States.Timeout',
];
/**
 * An accepted order waits for an outage to end: up to 300 tries, at most five minutes apart. With full jitter that is half a day
 * on average, and far from the 25,000 events of an execution's history.
 */
const PATIENCE = { maxAttempts: 300, maxDelay: Duration.minutes(5) };
/** Errors that the service's API does not model, a refused permission among them: a few minutes, then a person decides. */
const UNMODELLED = ['DynamoDb.DynamoDbException'];
/**
 * The states of a delivery. Each task is one write of one item that belongs to one order, and has the same effect however often
 * it is made.
 */
export class DeliveryWorkflow {
  constructor(
    private readonly scope: Construct,
    private readonly props: DeliveryWorkflowProps,
  ) {}

  /** The states, from the first on. */
  definition(): IChainable {
    const { countries, feeCents } = this.props;
    const setAside = this.setAside();
    const orSetAside = (task: CallAwsService) => task.addCatch(setAside, FAILED);

    const cancel = orSetAside(this.setStatus('Cancel delivery', 'CANCELLED', ['TAKEN_ON', 'RELEASED'], WITH_REASON));
    cancel.next(orSetAside(this.publish('delivery.cancelled')));
    const release = orSetAside(this.setStatus('Release courier', 'RELEASED', ['RESERVED']));
    release.next(cancel);
    const notServed = this.refusal('Address not served', 'address_not_served');
    notServed.next(cancel);
    const paymentRefused = this.refusal('Payment refused', 'payment_refused');
    paymentRefused.next(release);

    const charge = orSetAside(
      this.setStatus('Charge delivery', 'CHARGED', ['RESERVED'], { feeCents: { N: String(feeCents) } }),
    );
    const ship = orSetAside(this.setStatus('Ship', 'SHIPPED', ['CHARGED']));
    charge.next(ship).next(orSetAside(this.publish('order.shipped')));

    const reserve = orSetAside(this.setStatus('Reserve courier', 'RESERVED', ['TAKEN_ON']));
    reserve.next(
      Choice.jsonata(this.scope, 'Payment authorized?')
        .when(
          Condition.jsonata(
            `{% $exists($states.input.delivery.maxFeeCents) and $states.input.delivery.maxFeeCents < ${feeCents} %}`,
          ),
          paymentRefused,
        )
        .otherwise(charge),
    );
    const takeOn = this.takeOn();
    takeOn.addCatch(new Succeed(this.scope, 'Already in hand'), {
      ...FAILED,
      errors: ['DynamoDb.ConditionalCheckFailedException'],
    });
    return orSetAside(takeOn).next(
      Choice.jsonata(this.scope, 'Address served?')
        .when(
          Condition.jsonata(
            `{% $exists($states.input.delivery.country) and $not($states.input.delivery.country in ${JSON.stringify(countries)}) %}`,
          ),
          notServed,
        )
        .otherwise(reserve),
    );
  }

  /** Admits one execution per order, the same one again when its call is retried, and another for an order that was set aside. */
  private takeOn(): CallAwsService {
    return this.call('Take on', 'putItem', {
      TableName: this.props.deliveries.tableName,
      Item: {
        pk: { S: DELIVERY },
        customerId: { S: '{% $states.input.customerId %}' },
        execution: { S: EXECUTION },
        status: { S: 'TAKEN_ON' },
      },
      ConditionExpression:
        'attribute_not_exists(pk) OR #status = :setAside OR (#status = :takenOn AND execution = :execution)',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':setAside': { S: SET_ASIDE },
        ':takenOn': { S: 'TAKEN_ON' },
        ':execution': { S: EXECUTION },
      },
    });
  }

  /** What a step leaves that failed for hours, or that no try can cure: a delivery that an operator can find and start again. */
  private setAside(): CallAwsService {
    const needsAttention = Fail.jsonata(this.scope, 'Needs attention', {
      error: 'DeliverySetAside',
      cause: GO_ON,
    });
    const task = this.call('Set aside', 'updateItem', {
      TableName: this.props.deliveries.tableName,
      Key: { pk: { S: DELIVERY } },
      UpdateExpression: 'SET #status = :setAside, customerId = :customer, execution = :execution, failure = :failure',
      ConditionExpression: 'attribute_not_exists(pk) OR execution = :execution',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':setAside': { S: SET_ASIDE },
        ':customer': { S: '{% $states.input.customerId %}' },
        ':execution': { S: EXECUTION },
        ':failure': { S: '{% $states.input.failure %}' },
      },
    });
    task.addCatch(needsAttention, FAILED);
    task.next(needsAttention);
    return task;
  }

  /** Adds the business reason to the order, for the steps that cancel the delivery. */
  private refusal(name: string, reason: CancellationReason): Pass {
    return Pass.jsonata(this.scope, name, { outputs: `{% $merge([$states.input, {'reason': '${reason}'}]) %}` });
  }

  /** One write that has the same effect however often it is made: it accepts the status before, and its own. */
  private setStatus(
    name: string,
    to: string,
    from: readonly string[],
    also: Readonly<Record<string, object>> = {},
  ): CallAwsService {
    const accepted = [...from, to];
    return this.call(name, 'updateItem', {
      TableName: this.props.deliveries.tableName,
      Key: { pk: { S: DELIVERY } },
      UpdateExpression: `SET ${['#status = :to', ...Object.keys(also).map((each) => `${each} = :${each}`)].join(', ')}`,
      ConditionExpression: `execution = :execution AND #status IN (${accepted.map((_, index) => `:from${index}`).join(', ')})`,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':to': { S: to },
        ':execution': { S: EXECUTION },
        ...Object.fromEntries(Object.entries(also).map(([each, value]) => [`:${each}`, value])),
        ...Object.fromEntries(accepted.map((status, index) => [`:from${index}`, { S: status }])),
      },
    });
  }

  /**
   * Puts a fact into the outbox. What it says does not change between attempts, so that a second write changes nothing: its times
   * are those of the execution.
   */
  private publish(type: 'order.shipped' | 'delivery.cancelled'): CallAwsService {
    const id = `{% '${type}:' & $states.input.orderId %}`;
    const cancelled = type === 'delivery.cancelled';
    return this.call(`Publish ${type}`, 'putItem', {
      TableName: this.props.facts.tableName,
      Item: {
        pk: { S: id },
        type: { S: type },
        occurredAt: { S: STARTED },
        expiresAt: {
          N: `{% $string($floor($toMillis($states.context.Execution.StartTime) / 1000) + ${FACT_MEMORY_S}) %}`,
        },
        detail: {
          M: {
            id: { S: id },
            orderId: { S: '{% $states.input.orderId %}' },
            customerId: { S: '{% $states.input.customerId %}' },
            totalCents: { N: '{% $string($states.input.totalCents) %}' },
            currency: { S: '{% $states.input.currency %}' },
            occurredAt: { S: STARTED },
            ...(cancelled && { reason: { S: '{% $states.input.reason %}' } }),
          },
        },
      },
    });
  }

  private call(name: string, action: 'putItem' | 'updateItem', parameters: Record<string, unknown>): CallAwsService {
    const task = CallAwsService.jsonata(this.scope, name, {
      service: 'dynamodb',
      action,
      parameters,
      iamAction: 'dynamodb:PutItem',
      iamResources: [this.props.deliveries.tableArn],
      // Each step reads the execution's input, not the last step's result.
      outputs: '{% $states.input %}',
    });
    const backoff = { interval: Duration.seconds(1), backoffRate: 2, jitterStrategy: JitterType.FULL };
    task.addRetry({ errors: TRANSIENT, ...backoff, ...PATIENCE });
    task.addRetry({ errors: UNMODELLED, ...backoff, maxAttempts: 8, maxDelay: Duration.minutes(1) });
    return task;
  }
}

/** What follows a failure needs the order too: without this its input would be the error alone (ASL: Catch, Output). */
const FAILED = {
  outputs: "{% $merge([$states.input, {'failure': $states.errorOutput.Error & ': ' & $states.errorOutput.Cause}]) %}",
};
/** What a refusal adds to a cancelled delivery. */
const WITH_REASON = { reason: { S: '{% $states.input.reason %}' } };
const SET_ASIDE = 'SET_ASIDE';
/** For the operator who looks at a failed execution: what happened, and the command that goes on. */
const GO_ON = [
  "{% $states.input.failure & '. The delivery stopped, and nothing is lost. Correct the error, then start it again; steps that",
  "succeeded have no second effect: aws stepfunctions start-execution --state-machine-arn ' & $states.context.StateMachine.Id & '",
  "--input \"$(aws stepfunctions describe-execution --execution-arn ' & $states.context.Execution.Id & ' --query input",
  '--output text)"\' %}',
].join(' ');
const DELIVERY = "{% 'delivery#' & $states.input.orderId %}";
const EXECUTION = '{% $states.context.Execution.Id %}';
/** Not `$now()`, which another attempt would evaluate anew. */
const STARTED = '{% $states.context.Execution.StartTime %}';
/** Seconds that the outbox keeps a fact. */
const FACT_MEMORY_S = Duration.days(7).toSeconds();
