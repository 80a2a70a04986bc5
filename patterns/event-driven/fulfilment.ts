import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  CfnStateMachine,
  DefinitionBody,
  Fail,
  type IChainable,
  JitterType,
  LogLevel,
  QueryLanguage,
  StateMachine,
  StateMachineType,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { inlinePolicyReasons } from '../../lib/compute/handler-function';
import { ServiceTable } from '../../lib/database/service-table';
import { workflowsOf } from '../../lib/messaging/event-router';
import type { Outbox } from '../../lib/messaging/outbox';
import type { StageSettings } from '../../lib/stage/stage';
import { acknowledge, handles } from '../../lib/validation/explain';

/** Props of {@link Fulfilment}. */
export interface FulfilmentProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly outbox: Outbox;
  /** Parcels that the couriers take in a day. @default 1000 */
  readonly parcelsPerDay?: number;
  /** What a delivery costs the customer, in cents. @default 490 */
  readonly deliveryFeeCents?: number;
}

/** Failures that another try may cure. A condition that does not hold fails at once. */
const TRANSIENT = [
  'DynamoDb.InternalServerErrorException',
  'DynamoDb.ProvisionedThroughputExceededException',
  'DynamoDb.RequestLimitExceededException',
  'DynamoDb.ThrottlingException',
  'DynamoDb.TransactionConflictException',
  'DynamoDb.TransactionInProgressException',
  'DynamoDb.SdkClientException',
  'States.Timeout',
];

/**
 * The delivery of an order whose stock is reserved: reserve a courier, charge the delivery, ship; and undo what was done
 * when a later step fails. Every step is one DynamoDB call made by Step Functions itself. A step's request token makes
 * its retries one effect (DynamoDB keeps tokens for 10 minutes), and the first step lets only one execution in per order,
 * because EventBridge may deliver a fact twice.
 */
export class Fulfilment extends Construct {
  readonly stateMachine: StateMachine;
  readonly table: ServiceTable;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FulfilmentProps,
  ) {
    super(scope, id);
    this.table = new ServiceTable(this, 'Deliveries', {
      ...props,
      accessPatterns: [
        "one order's delivery, by order id",
        "one order's delivery charge, by order id",
        "a day's courier capacity, by date",
      ],
    });
    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: props.stage.logRetention,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.stage.removalPolicy,
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromChainable(this.definition()),
      queryLanguage: QueryLanguage.JSONATA,
      stateMachineType: StateMachineType.STANDARD,
      timeout: Duration.hours(1),
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: false },
      removalPolicy: props.stage.removalPolicy,
    });
    this.encrypt(props.encryptionKey);
    props.outbox.grantPublish(this.stateMachine);
    this.table.grant(this.stateMachine, ['dynamodb:PutItem', 'dynamodb:UpdateItem']);
    this.explain();
  }

  /**
   * Sets the key on the L1: the L2 writes the state machine's physical name into the role's condition, and a name that
   * CloudFormation will choose is empty there, so that no execution could ever use the key.
   */
  private encrypt(encryptionKey: IKey): void {
    const resource = this.stateMachine.node.defaultChild;
    if (resource instanceof CfnStateMachine) {
      resource.encryptionConfiguration = {
        type: 'CUSTOMER_MANAGED_KMS_KEY',
        kmsKeyId: encryptionKey.keyArn,
        kmsDataKeyReusePeriodSeconds: DATA_KEY_REUSE.toSeconds(),
      };
    }
    const logs = Stack.of(this).formatArn({ service: 'logs', resource: '*' });
    // The role is this workflow's alone, so any name in the condition is this workflow's (Step Functions: data at rest
    // encryption; the second statement and the key's are for its encrypted log delivery).
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [encryptionKey.keyArn],
        conditions: { StringLike: { 'kms:EncryptionContext:aws:states:stateMachineArn': workflowsOf(this) } },
      }),
    );
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:GenerateDataKey'],
        resources: [encryptionKey.keyArn],
        conditions: { StringEquals: { 'kms:EncryptionContext:SourceArn': logs } },
      }),
    );
    encryptionKey.addToResourcePolicy(
      new PolicyStatement({
        sid: 'DeliverEncryptedWorkflowLogs',
        principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['kms:Decrypt'],
        resources: ['*'],
      }),
    );
  }

  private definition(): IChainable {
    const failed = new Fail(this, 'Delivery cancelled', {
      error: 'DeliveryCancelled',
      cause: 'A step failed; what was done is undone and the cancellation is published.',
    });
    const stuck = new Fail(this, 'Needs a person', {
      error: 'CompensationFailed',
      cause: 'A step failed and undoing it failed too; the execution history says what is left.',
    });

    const cancel = this.transaction('Cancel', [
      this.setStatus('CANCELLED', ['TAKEN_ON', 'RESERVED', 'CHARGED']),
      this.fact('delivery.cancelled'),
    ]);
    cancel.addCatch(stuck, UNDO).next(failed);
    const release = this.transaction('Release courier', [
      {
        Update: {
          TableName: this.table.table.tableName,
          Key: { pk: { S: COURIER_DAY } },
          UpdateExpression: 'ADD parcels :minusOne',
          ExpressionAttributeValues: { ':minusOne': { N: '-1' } },
        },
      },
    ]);
    release.addCatch(stuck, UNDO).next(cancel);
    const refund = this.transaction('Refund delivery', [
      {
        Update: {
          TableName: this.table.table.tableName,
          Key: { pk: { S: CHARGE } },
          UpdateExpression: 'SET #status = :refunded',
          ConditionExpression: '#status = :charged',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':refunded': { S: 'REFUNDED' }, ':charged': { S: 'CHARGED' } },
        },
      },
    ]);
    refund.addCatch(stuck, UNDO).next(release);

    const ship = this.transaction('Ship', [this.setStatus('SHIPPED', ['CHARGED']), this.fact('order.shipped')]);
    ship.addCatch(refund, UNDO);
    const charge = this.transaction('Charge delivery', [
      {
        Put: {
          TableName: this.table.table.tableName,
          Item: {
            pk: { S: CHARGE },
            customerId: { S: '{% $states.input.customerId %}' },
            feeCents: { N: String(this.props.deliveryFeeCents ?? 490) },
            status: { S: 'CHARGED' },
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      this.setStatus('CHARGED', ['RESERVED']),
    ]);
    charge.addCatch(release, UNDO);
    const reserve = this.transaction('Reserve courier', [
      {
        Update: {
          TableName: this.table.table.tableName,
          Key: { pk: { S: COURIER_DAY } },
          UpdateExpression: 'ADD parcels :one',
          ConditionExpression: 'attribute_not_exists(parcels) OR parcels < :limit',
          ExpressionAttributeValues: { ':one': { N: '1' }, ':limit': { N: String(this.props.parcelsPerDay ?? 1000) } },
        },
      },
      this.setStatus('RESERVED', ['TAKEN_ON']),
    ]);
    reserve.addCatch(cancel, UNDO);

    const takeOn = this.takeOn();
    takeOn.addCatch(new Succeed(this, 'Already in hand'), {
      ...UNDO,
      errors: ['DynamoDb.ConditionalCheckFailedException'],
    });
    takeOn.addCatch(stuck, UNDO);
    return takeOn.next(reserve).next(charge).next(ship).next(new Succeed(this, 'Shipped'));
  }

  /** Lets one execution in per order, and the same execution in again when the call is retried. */
  private takeOn(): CallAwsService {
    return this.call('Take on', 'putItem', {
      TableName: this.table.table.tableName,
      Item: {
        pk: { S: DELIVERY },
        customerId: { S: '{% $states.input.customerId %}' },
        execution: { S: '{% $states.context.Execution.Id %}' },
        status: { S: 'TAKEN_ON' },
      },
      ConditionExpression: 'attribute_not_exists(pk) OR execution = :execution',
      ExpressionAttributeValues: { ':execution': { S: '{% $states.context.Execution.Id %}' } },
    });
  }

  private transaction(name: string, items: readonly object[]): CallAwsService {
    return this.call(name, 'transactWriteItems', {
      TransactItems: [...items],
      // One token for the step of this execution: a retried call is the same transaction. 32 of at most 36 characters.
      ClientRequestToken: `{% $hash($states.context.Execution.Id & '/${name}', 'MD5') %}`,
    });
  }

  private call(name: string, action: string, parameters: Record<string, unknown>): CallAwsService {
    const task = CallAwsService.jsonata(this, name, {
      service: 'dynamodb',
      action,
      parameters,
      iamAction: 'dynamodb:PutItem',
      iamResources: [this.table.table.tableArn],
      // Each step reads the execution's input, not the last step's result.
      outputs: '{% $states.input %}',
    });
    task.addRetry({
      errors: TRANSIENT,
      interval: Duration.seconds(1),
      backoffRate: 2,
      maxAttempts: 6,
      maxDelay: Duration.seconds(30),
      jitterStrategy: JitterType.FULL,
    });
    return task;
  }

  private setStatus(to: string, from: readonly string[]): object {
    return {
      Update: {
        TableName: this.table.table.tableName,
        Key: { pk: { S: DELIVERY } },
        UpdateExpression: 'SET #status = :to',
        ConditionExpression: `#status IN (${from.map((_, index) => `:from${index}`).join(', ')})`,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':to': { S: to },
          ...Object.fromEntries(from.map((status, index) => [`:from${index}`, { S: status }])),
        },
      },
    };
  }

  /** A fact for the outbox, in the same transaction as the state that it tells of. */
  private fact(type: 'order.shipped' | 'delivery.cancelled'): object {
    const id = `{% '${type}:' & $states.input.orderId %}`;
    return {
      Put: {
        TableName: this.props.outbox.table.table.tableName,
        Item: {
          pk: { S: id },
          type: { S: type },
          occurredAt: { S: '{% $now() %}' },
          expiresAt: { N: '{% $string($floor($millis() / 1000) + 604800) %}' },
          detail: {
            M: {
              id: { S: id },
              orderId: { S: '{% $states.input.orderId %}' },
              customerId: { S: '{% $states.input.customerId %}' },
              totalCents: { N: '{% $string($states.input.totalCents) %}' },
              currency: { S: '{% $states.input.currency %}' },
              occurredAt: { S: '{% $now() %}' },
            },
          },
        },
      },
    };
  }

  private explain(): void {
    handles(
      this.stateMachine,
      'sfn-not-lambda-chains',
      'sfn-type-fits-duration',
      'sfn-direct-integrations',
      'sfn-retry-catch-declared',
      'tracing-on',
      'logs-everywhere',
    );
    const policy = this.stateMachine.role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) {
      acknowledge(policy, {
        'AwsSolutions::AwsSolutions-IAM5[Resource::*]':
          'Log delivery (logs:*LogDelivery, *ResourcePolicy) and X-Ray actions have no resource to name (Step Functions: logging).',
        ...inlinePolicyReasons(),
      });
    }
  }
}

/** How long Step Functions uses one data key before it asks KMS again: 60 s to 900 s; the longest is the cheapest. */
const DATA_KEY_REUSE = Duration.minutes(15);
/** What follows a failure needs the order too: without this its input would be the error alone (ASL: Catch, Output). */
const UNDO = { outputs: '{% $states.input %}' };
const DELIVERY = "{% 'delivery#' & $states.input.orderId %}";
const CHARGE = "{% 'charge#' & $states.input.orderId %}";
const COURIER_DAY = "{% 'courier#' & $substringBefore($states.input.occurredAt, 'T') %}";
