import { expect, it } from 'vitest';
import { brokenTemplates, fixedTemplate, type RuleExample } from '../../../lib/checks/example';

const example: RuleExample = {
  fixed: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 360, Tags: [{ Key: 'a', Value: 'b' }] } },
  },
  broken: [
    { 'Queue.Properties.VisibilityTimeout': 359 },
    { 'Queue.Properties.VisibilityTimeout': null, 'Queue.Properties.Tags.0.Key': 'c' },
    { Queue: null, Topic: { Type: 'AWS::SNS::Topic' } },
  ],
};

it('changes, removes and adds, each change by itself', () => {
  expect(brokenTemplates(example)).toEqual([
    {
      Resources: {
        Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 359, Tags: [{ Key: 'a', Value: 'b' }] } },
      },
    },
    { Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { Tags: [{ Key: 'c', Value: 'b' }] } } } },
    { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } },
  ]);
});

it('hands out copies', () => {
  const { Resources } = fixedTemplate(example);
  Object.assign(Resources?.['Queue'] ?? {}, { Type: 'other' });
  expect(example.fixed['Queue']?.Type).toBe('AWS::SQS::Queue');
});

it('has nothing to change where nothing is', () => {
  const broken = [{ 'Table.Properties.BillingMode': 'PROVISIONED' }];
  expect(() => brokenTemplates({ ...example, broken })).toThrow('There is nothing at Table.Properties.BillingMode');
});
