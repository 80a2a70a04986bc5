import { Aws, Duration } from 'aws-cdk-lib';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { HandlerFunction } from '../compute/handler-function';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';
import { refuse } from '../validation/refuse';
import { DeadLetterQueue } from './dead-letter-queue';

/** Props of {@link ScheduledFunction}. */
export interface ScheduledFunctionProps {
  readonly stage: StageSettings;
  readonly handler: HandlerFunction;
  /** Purpose of the function, in a few words. */
  readonly description: string;
  /** How often, the first time at once. Whole minutes from 1 (EventBridge Scheduler: rate-based schedules). */
  readonly every: Duration;
  /** Tries after the first. 0 to 2 (AWS Lambda: asynchronous invocation). @default 2 */
  readonly retries?: number;
  /** An event older than this is not worth a try: the next is on its way. 1 minute to 6 hours. @default Duration.hours(6) */
  readonly eventAge?: Duration;
}

/**
 * Runs a function again and again. Scheduler hands its event over and does not wait for the function, which has its own retries and
 * its own way out: what fails for good rests in a dead-letter queue, which wants a depth alarm.
 */
export class ScheduledFunction extends Construct {
  readonly schedule: CfnSchedule;
  readonly deadLetterQueue: DeadLetterQueue;

  /** @throws RefusedValueError for a rate, age or number of tries that AWS would refuse. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ScheduledFunctionProps,
  ) {
    super(scope, id);
    const { stage, retries = 2, eventAge = Duration.hours(6) } = props;
    this.refuseImpossible(retries, eventAge);
    const { function: fn } = props.handler;
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', { stage });
    const { queueArn } = this.deadLetterQueue;
    const invoke = new CfnEventInvokeConfig(this, 'InvokeConfig', {
      functionName: fn.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: retries,
      maximumEventAgeInSeconds: eventAge.toSeconds(),
      destinationConfig: { onFailure: { destination: queueArn } },
    });
    // Lambda looks at the function's right to the queue when this is made.
    invoke.node.addDependency(fn);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    for (const grantee of [role, fn]) {
      Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns: [queueArn] });
    }
    Grant.addToPrincipal({ grantee: role, actions: ['lambda:InvokeFunction'], resourceArns: [fn.functionArn] });
    const policy = role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) acknowledge(policy, inlinePolicyReasons());
    const minutes = props.every.toMinutes();
    this.schedule = new CfnSchedule(this, 'Schedule', {
      description: props.description,
      // Without a start date a rate begins at once (EventBridge Scheduler: schedule types).
      scheduleExpression: minutes === 1 ? 'rate(1 minute)' : `rate(${minutes} minutes)`,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: fn.functionArn,
        roleArn: role.roleArn,
        retryPolicy: { maximumRetryAttempts: retries, maximumEventAgeInSeconds: eventAge.toSeconds() },
        deadLetterConfig: { arn: queueArn },
      },
    });
    this.schedule.node.addDependency(role, invoke);
    handles(this.schedule, 'eb-scheduler-for-cron');
    handles(fn, 'lambda-async-failure-destination', 'lambda-async-retry-bounds');
  }

  private refuseImpossible(retries: number, eventAge: Duration): void {
    const seconds = this.props.every.toMilliseconds() / 1000;
    if (seconds < 60 || seconds % 60 !== 0) {
      refuse(this, {
        prop: 'every',
        value: `${seconds} s`,
        allowed: 'whole minutes from 1',
        fix: 'use 1 minute or more, which is the shortest rate of EventBridge Scheduler, or a queue for urgent work',
        catalogueId: 'eb-scheduler-for-cron',
      });
    }
    const age = eventAge.toMilliseconds() / 1000;
    if (
      !Number.isInteger(retries) ||
      retries < 0 ||
      retries > 2 ||
      age < 60 ||
      age > 21_600 ||
      !Number.isInteger(age)
    ) {
      refuse(this, {
        prop: 'retries, eventAge',
        value: `${retries}, ${age} s`,
        allowed: '0 to 2 retries, within 60 s to 6 h',
        fix: 'omit both',
        catalogueId: 'lambda-async-retry-bounds',
      });
    }
  }
}
