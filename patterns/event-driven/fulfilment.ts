import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  CfnStateMachine,
  DefinitionBody,
  LogLevel,
  QueryLanguage,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ServiceTable } from '../../lib/database/service-table';
import { workflowsOf } from '../../lib/messaging/event-router';
import type { Outbox } from '../../lib/messaging/outbox';
import { vendedLogGroupName } from '../../lib/naming/vended-log-group-name';
import { letUseKey } from '../../lib/security/key-policy';
import type { StageSettings } from '../../lib/stage/stage';
import { acknowledge, handles } from '../../lib/validation/explain';
import { inlinePolicyReasons } from '../../lib/validation/inline-policy-reasons';
import { type DeliveryOptions, deliverySettings } from './delivery-options';
import { DeliveryWorkflow } from './delivery-workflow';

/** Props of {@link Fulfilment}. */
export interface FulfilmentProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly outbox: Outbox;
  /** @default - see {@link DeliveryOptions} */
  readonly delivery?: DeliveryOptions;
}

/** Longer than a step waits for an outage to end. */
const TIMEOUT = Duration.days(3);

/**
 * The delivery of an order whose stock is reserved: reserve a courier, charge the delivery, ship. An address that is not served
 * and a fee that the customer did not authorize are business reasons to undo what was done and to cancel the delivery. A
 * failure of a service is none: the step is tried for hours, and then set aside for an operator.
 *
 * Every step is one write of one item that belongs to this order alone, made by Step Functions itself, and has the same effect
 * however often it is made: no two orders meet at an item (ddb-high-cardinality-key), and a lost answer does no harm. The first
 * step admits one execution per order, because EventBridge may deliver a fact twice.
 */
export class Fulfilment extends Construct {
  readonly stateMachine: StateMachine;
  readonly table: ServiceTable;

  /** @throws RefusedValueError for a country that is no code, no country, or a fee out of range */
  constructor(scope: Construct, id: string, props: FulfilmentProps) {
    super(scope, id);
    const delivery = deliverySettings(this, props.delivery);
    this.table = new ServiceTable(this, 'Deliveries', {
      stage: props.stage,
      encryptionKey: props.encryptionKey,
      accessPatterns: ["one order's delivery with its charge, by order id"],
    });
    const workflow = new DeliveryWorkflow(this, {
      ...delivery,
      deliveries: this.table.table,
      facts: props.outbox.table.table,
    });
    const logGroup = new LogGroup(this, 'LogGroup', {
      logGroupName: vendedLogGroupName(this, 'states'),
      retention: props.stage.logRetention,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.stage.removalPolicy,
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromChainable(workflow.definition()),
      queryLanguage: QueryLanguage.JSONATA,
      stateMachineType: StateMachineType.STANDARD,
      timeout: TIMEOUT,
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
    const logDelivery = new PolicyStatement({
      sid: 'DeliverEncryptedWorkflowLogs',
      principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
      actions: ['kms:Decrypt'],
      resources: ['*'],
    });
    letUseKey(this, encryptionKey, [logDelivery], "the workflow's logs stay empty");
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
