// @project synthesis
import { Aws, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { MonthlyBudget, type MonthlyBudgetProps } from '../../../lib';
import { resourcesOf, testApp } from '../../synthesize';

const OPS = 'ops@example.com';

function fixture(props: Partial<MonthlyBudgetProps> = {}, region?: string) {
  const stack = new Stack(testApp(), 'Mine', { env: { region } });
  new MonthlyBudget(stack, 'Budget', { usd: 100, emails: [OPS], ...props });
  return { stack, template: () => Template.fromStack(stack) };
}
const budgetOf = (props: Partial<MonthlyBudgetProps>) =>
  Object.values(resourcesOf(fixture(props).template(), 'AWS::Budgets::Budget'))[0]?.Properties['Budget'];

describe('a monthly budget', () => {
  it('tells by e-mail of 80%, of 100%, and of a forecast of 100%, of all costs of the account', () => {
    const template = fixture({ emails: [OPS, 'cfo@example.com'] }).template();
    const at = (NotificationType: string, Threshold: number) => ({
      Notification: { NotificationType, Threshold, ThresholdType: 'PERCENTAGE', ComparisonOperator: 'GREATER_THAN' },
      Subscribers: [
        { SubscriptionType: 'EMAIL', Address: OPS },
        { SubscriptionType: 'EMAIL', Address: 'cfo@example.com' },
      ],
    });
    expect(Object.values(resourcesOf(template)).map(({ Type, Properties }) => ({ Type, Properties }))).toEqual([
      {
        Type: 'AWS::Budgets::Budget',
        Properties: {
          Budget: { BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit: { Amount: 100, Unit: 'USD' } },
          NotificationsWithSubscribers: [at('ACTUAL', 80), at('ACTUAL', 100), at('FORECASTED', 100)],
        },
      },
    ]);
  });

  it('counts what has a tag, of one’s own or of AWS', () => {
    expect(budgetOf({ tag: { key: 'Project', value: 'shop' } })).toMatchObject({
      CostFilters: { TagKeyValue: ['user:Project$shop'] },
    });
    expect(budgetOf({ tag: { key: 'aws:cloudformation:stack-name', value: Aws.STACK_NAME } })).toMatchObject({
      CostFilters: {
        TagKeyValue: [{ 'Fn::Join': ['', ['aws:cloudformation:stack-name$', { Ref: 'AWS::StackName' }]] }],
      },
    });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s dollars', (usd) => {
    expect(() => fixture({ usd })).toThrow(/Mine\/Budget: usd is .*; allowed: US dollars a month, above 0/);
  });

  it('takes a cent', () => {
    expect(budgetOf({ usd: 0.01 })).toMatchObject({ BudgetLimit: { Amount: 0.01 } });
  });

  const people = (count: number) => Array.from({ length: count }, (_, index) => `ops${index}@example.com`);
  it.each([
    [[], /emails is '0 addresses'; allowed: 1 to 10/],
    [people(11), /emails is '11 addresses'/],
    [['ops'], /emails is 'ops'/],
    [[OPS, OPS], /emails is 'ops@example.com'; allowed: .* each once/],
  ])('refuses the addresses %j', (emails, message) => {
    expect(() => fixture({ emails })).toThrow(message);
  });

  it('takes ten addresses', () => {
    expect(() => fixture({ emails: people(10) })).not.toThrow();
  });

  it.each([
    ['', 'shop'],
    ['Project', ''],
  ])('refuses the tag %j=%j', (key, value) => {
    expect(() => fixture({ tag: { key, value } })).toThrow(/tag is '.*'; allowed: a key and a value/);
  });

  it('is refused where CloudFormation does not know it', () => {
    expect(() => fixture({}, 'eu-central-2')).toThrow(/env.region is 'eu-central-2'/);
    expect(() => fixture({}, 'eu-central-1')).not.toThrow();
  });

  it('stands twice in a stack', () => {
    const { stack } = fixture();
    new MonthlyBudget(stack, 'Other', { usd: 5, emails: [OPS] });
    Template.fromStack(stack).resourceCountIs('AWS::Budgets::Budget', 2);
  });
});
