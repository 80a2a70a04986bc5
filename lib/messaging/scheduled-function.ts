import { Duration } from 'aws-cdk-lib';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { HandlerFunction } from '../compute/handler-function';
import type { StageSettings } from '../stage/stage';
import { refuse } from '../validation/refuse';
import type { DeadLetterQueue } from './dead-letter-queue';
import { invokeOnSchedule } from './invocation-schedule';

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
    const made = invokeOnSchedule(this, { ...props, stage, retries, eventAge, roleId: 'Role' });
    this.schedule = made.schedule;
    this.deadLetterQueue = made.deadLetterQueue;
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
