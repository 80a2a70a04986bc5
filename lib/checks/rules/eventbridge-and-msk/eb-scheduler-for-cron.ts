import { type Rule, verdict } from '../../rule';

export const ebSchedulerForCron: Rule = {
  id: 'eb-scheduler-for-cron',
  title: 'A schedule is one of EventBridge Scheduler, with retries, a dead-letter queue and a time zone',
  why: 'A rule with a cron expression runs in UTC, so it moves by an hour twice a year. Without a retry policy and a dead-letter queue, a run that fails is gone, and the nightly job is missed in silence.',
  fix: 'Replace ScheduleExpression of the rule by an AWS::Scheduler::Schedule with ScheduleExpressionTimezone, Target.RetryPolicy and Target.DeadLetterConfig.',
  severity: 'error',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html',
  example: {
    fixed: {
      Nightly: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          ScheduleExpression: 'cron(0 3 * * ? *)',
          ScheduleExpressionTimezone: 'Europe/Berlin',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: {
            Arn: 'arn:aws:lambda:eu-west-1:111122223333:function:report',
            RoleArn: 'arn:aws:iam::111122223333:role/report',
            RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Failed', 'Arn'] } },
          },
        },
      },
      Failed: { Type: 'AWS::SQS::Queue' },
    },
    broken: [
      { 'Nightly.Properties.ScheduleExpressionTimezone': null },
      { 'Nightly.Properties.Target.RetryPolicy': null },
      { 'Nightly.Properties.Target.DeadLetterConfig': null },
      {
        Nightly: {
          Type: 'AWS::Events::Rule',
          Properties: { ScheduleExpression: 'cron(0 3 * * ? *)', State: 'ENABLED' },
        },
      },
    ],
  },
  types: ['AWS::Events::Rule', 'AWS::Scheduler::Schedule'],
  check: (schedule) => {
    const unset = (name: string) => !schedule.has(name) && `${name} is not set`;
    if (schedule.type === 'AWS::Events::Rule') {
      const found = 'a rule with a ScheduleExpression; allowed: an AWS::Scheduler::Schedule';
      return verdict([], [schedule.has('ScheduleExpression') && found]);
    }
    return verdict(
      [unset('Target.DeadLetterConfig.Arn')],
      ['Target.RetryPolicy', 'ScheduleExpressionTimezone'].map(unset),
    );
  },
};
