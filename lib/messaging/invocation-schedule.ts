import { Aws, type Duration } from 'aws-cdk-lib';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import type { HandlerFunction } from '../compute/handler-function';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';
import { DeadLetterQueue } from './dead-letter-queue';

/** What {@link invokeOnSchedule} makes. */
export interface InvocationSchedule {
  readonly schedule: CfnSchedule;
  readonly deadLetterQueue: DeadLetterQueue;
}

/** What is invoked, and how often. */
export interface InvocationScheduleProps {
  readonly stage: StageSettings;
  readonly handler: HandlerFunction;
  /** Purpose of the function, in a few words. */
  readonly description: string;
  /** How often, the first time at once. Whole minutes from 1 (EventBridge Scheduler: rate-based schedules). */
  readonly every: Duration;
  /** Tries after the first, of Scheduler and of Lambda. 0 to 2 (AWS Lambda: asynchronous invocation). */
  readonly retries: number;
  /** An event older than this is not tried. 1 minute to 6 hours. */
  readonly eventAge: Duration;
  /** Id of the schedule's role below the scope. */
  readonly roleId: string;
}

/**
 * Invokes a function again and again, by resources right below a scope. Scheduler hands its event over and does not wait for the
 * function, which has its own retries and its own way out.
 */
export function invokeOnSchedule(
  scope: Construct,
  { stage, handler, description, every, retries, eventAge, roleId }: InvocationScheduleProps,
): InvocationSchedule {
  const { function: fn } = handler;
  const deadLetterQueue = new DeadLetterQueue(scope, 'DeadLetters', { stage });
  const { queueArn } = deadLetterQueue;
  const invoke = new CfnEventInvokeConfig(scope, 'InvokeConfig', {
    functionName: fn.functionName,
    qualifier: '$LATEST',
    maximumRetryAttempts: retries,
    maximumEventAgeInSeconds: eventAge.toSeconds(),
    destinationConfig: { onFailure: { destination: queueArn } },
  });
  // Lambda looks at the function's right to the queue when this is made.
  invoke.node.addDependency(fn);
  const role = new Role(scope, roleId, {
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
  const schedule = new CfnSchedule(scope, 'Schedule', {
    description,
    // Without a start date a rate begins at once (EventBridge Scheduler: schedule types).
    scheduleExpression: rateOf(every),
    scheduleExpressionTimezone: 'UTC',
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: fn.functionArn,
      roleArn: role.roleArn,
      retryPolicy: { maximumRetryAttempts: retries, maximumEventAgeInSeconds: eventAge.toSeconds() },
      deadLetterConfig: { arn: queueArn },
    },
  });
  schedule.node.addDependency(role, invoke);
  handles(schedule, 'eb-scheduler-for-cron');
  handles(fn, 'lambda-async-failure-destination', 'lambda-async-retry-bounds');
  return { schedule, deadLetterQueue };
}

/** A rate in hours where they are whole, with a unit in the singular for 1, as Scheduler wants it. */
function rateOf(every: Duration): string {
  const minutes = every.toMinutes();
  const [count, unit] = minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  return `rate(${count} ${unit}${count === 1 ? '' : 's'})`;
}
