import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { DataKey, HandlerCode, HandlerFunction, stages } from '../../../lib';
import { invokeOnSchedule } from '../../../lib/messaging/invocation-schedule';
import { testApp } from '../../synthesize';

function scheduled(every: Duration) {
  const stack = new Stack(testApp(), 'Stack');
  const stage = stages.dev;
  const encryptionKey = new DataKey(stack, 'Key', { stage, description: 'test' }).key;
  const code = HandlerCode.prebuilt('event-driven', 'billing');
  const timeout = Duration.seconds(5);
  const handler = new HandlerFunction(stack, 'Handler', { stage, encryptionKey, code, timeout, serviceName: 'a' });
  const eventAge = Duration.hours(6);
  invokeOnSchedule(stack, { stage, handler, description: 'Tests', every, retries: 2, eventAge, roleId: 'Mine' });
  return Template.fromStack(stack);
}

it.each([
  [1, 'rate(1 minute)'],
  [2, 'rate(2 minutes)'],
  [59, 'rate(59 minutes)'],
  [60, 'rate(1 hour)'],
  [61, 'rate(61 minutes)'],
  [720, 'rate(12 hours)'],
])('every %i minutes is %s', (minutes, expression) => {
  scheduled(Duration.minutes(minutes)).hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: expression,
  });
});

it('makes its resources right below the scope, and ends what fails for good in the queue', () => {
  const template = scheduled(Duration.hours(12));
  const ids = (type: string) => Object.keys(template.findResources(type)).map((id) => id.replace(/[0-9A-F]{8}$/, ''));
  expect(ids('AWS::Scheduler::Schedule')).toEqual(['Schedule']);
  expect(ids('AWS::SQS::Queue')).toEqual(['DeadLetters']);
  expect(ids('AWS::IAM::Role')).toContain('Mine');
  const [queue] = Object.keys(template.findResources('AWS::SQS::Queue'));
  const arn = { 'Fn::GetAtt': [queue, 'Arn'] };
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    MaximumRetryAttempts: 2,
    MaximumEventAgeInSeconds: 21_600,
    DestinationConfig: { OnFailure: { Destination: arn } },
  });
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    Target: { DeadLetterConfig: { Arn: arn }, RetryPolicy: { MaximumRetryAttempts: 2 } },
  });
});
