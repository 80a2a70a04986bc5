import { ebSchedulerForCron } from '../../../../../lib/checks/rules/eventbridge-and-msk/eb-scheduler-for-cron';
import { type Case, cases, type Literals, PARAMETER } from '../../literal-fixture';

cases(ebSchedulerForCron, { Rule: ['AWS::Events::Rule', { EventPattern: {} }] }, [
  ['compliant', 'it waits for events'],
  [
    'violation',
    'it waits for a time',
    { 'Rule.ScheduleExpression': 'rate(1 day)' },
    'a rule with a ScheduleExpression; allowed: an AWS::Scheduler::Schedule',
  ],
]);
const schedule: Literals = {
  Schedule: [
    'AWS::Scheduler::Schedule',
    { Target: { RetryPolicy: {}, DeadLetterConfig: { Arn: 'arn' } }, ScheduleExpressionTimezone: 'UTC' },
  ],
};
cases(ebSchedulerForCron, schedule, [
  ['compliant', 'it is tried again, and then kept'],
  ...['Target.RetryPolicy', 'Target.DeadLetterConfig.Arn', 'ScheduleExpressionTimezone'].map(
    (name): Case => ['violation', `it says no ${name}`, { [`Schedule.${name}`]: undefined }, `${name} is not set`],
  ),
  ['cannot-tell', 'a parameter says it', { 'Schedule.Target': PARAMETER }],
]);
