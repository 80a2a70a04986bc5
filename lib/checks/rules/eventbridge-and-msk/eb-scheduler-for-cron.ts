import { mustHold, type Rule, verdict } from '../../rule';

/** Schedules use EventBridge Scheduler with retries, DLQ and time zone, not rule cron. */
export const ebSchedulerForCron: Rule = {
  id: 'eb-scheduler-for-cron',
  types: ['AWS::Events::Rule', 'AWS::Scheduler::Schedule'],
  check: (schedule) => {
    if (schedule.type === 'AWS::Events::Rule') {
      return mustHold(
        !schedule.has('ScheduleExpression'),
        'a rule with a ScheduleExpression; allowed: an AWS::Scheduler::Schedule',
      );
    }
    return verdict(
      ['Target.RetryPolicy', 'Target.DeadLetterConfig.Arn', 'ScheduleExpressionTimezone'].map(
        (name) => !schedule.has(name) && `${name} is not set`,
      ),
    );
  },
};
