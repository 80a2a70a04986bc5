import { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { expect, it } from 'vitest';
import { ruleMetric } from '../../../lib/monitoring/rule-metric';

const stack = new Stack();
const rule = Rule.fromEventRuleArn(stack, 'Rule', 'arn:aws:events:eu-west-1:111111111111:rule/orders|paid');

it('is named by bus and rule, and on the default bus by the rule alone', () => {
  const dimensions = (bus?: { eventBusName: string }) =>
    stack.resolve(ruleMetric(rule, 'FailedInvocations', bus).dimensions) as unknown;
  expect(dimensions({ eventBusName: 'orders' })).toEqual({ EventBusName: 'orders', RuleName: 'paid' });
  expect(dimensions()).toEqual({ RuleName: rule.ruleName });
});
