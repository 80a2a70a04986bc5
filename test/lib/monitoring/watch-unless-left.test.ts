import { Duration, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { describe, expect, it, vi } from 'vitest';
import { Alarms, AlarmTopic, DataKey, HandlerCode, HandlerFunction, type StageSettings, stages } from '../../../lib';
import { WorkQueue } from '../../../lib/messaging/work-queue';
import { FlowDashboard } from '../../../lib/monitoring/dashboard';
import { leaveUnwatched } from '../../../lib/validation/unwatched';
import { testApp } from '../../synthesize';

const code = Code.fromInline('exports.handler = () => {}');

/** A construct with alarms, as each pattern has. */
function pattern(scope: Construct, id: string, stage: StageSettings = stages.prod) {
  const own = new Construct(scope, id);
  const encryptionKey = new DataKey(own, 'Key', { stage, description: 'test' }).key;
  const { topic } = new AlarmTopic(own, 'AlarmTopic', { stage, encryptionKey, email: 'ops@example.com' });
  const alarms = new Alarms(own, 'Alarms', { stage, topic });
  return { own, encryptionKey, alarms, stage };
}

const functionIn = (scope: Construct, id: string) =>
  new LambdaFunction(scope, id, { code, handler: 'index.handler', runtime: Runtime.NODEJS_24_X });

/** Logical ids of the alarms, without the hash. */
function alarmsOf(stack: Stack): string[] {
  const found = Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm');
  return Object.keys(found)
    .map((id) => id.replace(/[0-9A-F]{8}$/, ''))
    .sort();
}

describe('what a pattern creates', () => {
  it('has alarms, whoever forgets to ask for them', () => {
    const stack = new Stack(testApp(), 'Stack');
    const { own, encryptionKey, stage } = pattern(stack, 'Shop');
    functionIn(own, 'Plain');
    const handler = { stage, encryptionKey, timeout: Duration.seconds(5), serviceName: 'a' };
    new HandlerFunction(own, 'Handler', { ...handler, code: HandlerCode.prebuilt('event-driven', 'billing') });
    new WorkQueue(own, 'Work', { stage, encryptionKey, consumerTimeout: Duration.seconds(5) });
    new Table(own, 'Items', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
    new Topic(own, 'News');
    new Rule(own, 'Nightly', { schedule: Schedule.rate(Duration.days(1)) });
    const definitionBody = DefinitionBody.fromChainable(new Pass(stack, 'Pass'));
    new StateMachine(new Construct(own, 'Flow'), 'Machine', { definitionBody });
    new HttpApi(own, 'Api');
    expect(alarmsOf(stack)).toEqual(
      [
        ...['ApiErrorRate', 'ApiLatencyP99', 'FlowMachineFailed', 'FlowMachineTimedOut', 'HandlerLogErrors'],
        ...['HandlerThrottles', 'ItemsReadThrottleEvents', 'ItemsWriteThrottleEvents', 'NewsNotificationsFailed'],
        ...['NightlyFailedInvocations', 'NightlyInvocationsSentToDlq', 'PlainThrottles'],
        ...['WorkDeadLetterQueueDeadLetters', 'WorkQueueAge'],
      ]
        .map((id) => `ShopAlarms${id}`)
        .sort(),
    );
  });

  it('has them once, by the name that it is watched by', () => {
    const stack = new Stack(testApp(), 'Stack');
    const { own, alarms } = pattern(stack, 'Shop', stages.dev);
    alarms.watchFunction('Billing', functionIn(own, 'Fn'));
    expect(alarmsOf(stack)).toEqual(['ShopAlarmsBillingThrottles']);
  });

  it('has none where it was left, which takes a reason', () => {
    const stack = new Stack(testApp(), 'Stack');
    const { own } = pattern(stack, 'Shop', stages.dev);
    leaveUnwatched(functionIn(own, 'Left'), 'It runs at deployments alone.');
    functionIn(own, 'Kept');
    expect(() => leaveUnwatched(own, ' ')).toThrow('Stack/Shop is left without alarms: say why');
    expect(alarmsOf(stack)).toEqual(['ShopAlarmsKeptThrottles']);
  });

  it('is watched by its own pattern, and what is outside by none', () => {
    const stack = new Stack(testApp(), 'Stack');
    const outer = pattern(stack, 'Outer', stages.dev);
    const inner = pattern(outer.own, 'Inner', stages.dev);
    functionIn(inner.own, 'Fn');
    functionIn(stack, 'Elsewhere');
    new Queue(outer.own, 'Queue');
    expect(alarmsOf(stack)).toEqual(['OuterAlarmsQueueQueueAge', 'OuterInnerAlarmsFnThrottles']);
  });

  it('has alarms of its own beside those of another API, and of what is called alike', () => {
    const stack = new Stack(testApp(), 'Stack');
    const { own, alarms } = pattern(stack, 'Shop', stages.dev);
    alarms.watchHttpApi(new HttpApi(own, 'Api'));
    new HttpApi(own, 'Second');
    alarms.watchFunction('Billing', functionIn(own, 'Fn'));
    functionIn(own, 'Billing');
    const found = alarmsOf(stack).map((id) => id.replace(/[0-9a-f]{8}Throttles$/, '<address>Throttles'));
    expect(found).toEqual(
      [
        'Billing<address>Throttles',
        'BillingThrottles',
        'ErrorRate',
        'LatencyP99',
        'SecondErrorRate',
        'SecondLatencyP99',
      ].map((id) => `ShopAlarms${id}`),
    );
  });

  it('is watched by the names that its metrics have: a rule of a bus by both', () => {
    const stack = new Stack(testApp(), 'Stack');
    const { own } = pattern(stack, 'Shop');
    const schedule = Schedule.rate(Duration.days(1));
    new Rule(own, 'OnBus', { eventBus: new EventBus(own, 'Bus'), eventPattern: { source: ['a'] } });
    new Rule(own, 'OnDefault', { schedule });
    const dimensions = (id: string) => {
      const all = Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm');
      const logicalId = Object.keys(all).find((each) => each.startsWith(`ShopAlarms${id}FailedInvocations`)) ?? '';
      const { Properties } = all[logicalId] as { Properties: { Dimensions: { Name: string; Value: unknown }[] } };
      return Properties.Dimensions.map(({ Name, Value }) => [Name, Value]);
    };
    const ref = { Ref: expect.stringMatching(/^ShopOnBus/) };
    expect(dimensions('OnBus')).toEqual([
      ['EventBusName', { Ref: expect.stringMatching(/^ShopBus/) }],
      ['RuleName', { 'Fn::Select': [1, { 'Fn::Split': ['|', ref] }] }],
    ]);
    expect(dimensions('OnDefault')).toEqual([['RuleName', { Ref: expect.stringMatching(/^ShopOnDefault/) }]]);
  });

  it('has its ERROR lines counted, by the name that its function is watched by, unless its log is left', () => {
    const stack = new Stack(testApp(), 'Stack');
    const { own, alarms, encryptionKey, stage } = pattern(stack, 'Shop');
    const handler = (id: string) =>
      new HandlerFunction(own, id, {
        ...{ stage, encryptionKey, timeout: Duration.seconds(5), serviceName: 'a' },
        code: HandlerCode.prebuilt('event-driven', 'billing'),
      });
    alarms.watchFunction('Billing', handler('Forgotten').function);
    leaveUnwatched(handler('Left').logGroup, 'Its caller counts them.');
    leaveUnwatched(handler('All').function, 'It runs at deployments alone.');
    alarms.watchHandler('Named', handler('Both'));
    expect(alarmsOf(stack)).toEqual(
      ['BillingLogErrors', 'BillingThrottles', 'LeftThrottles', 'NamedLogErrors', 'NamedThrottles'].map(
        (id) => `ShopAlarms${id}`,
      ),
    );
  });

  it('is on the dashboard beside the alarms, once, where no row shows it; or on another that the alarms are shown on', () => {
    const stack = new Stack(testApp(), 'Stack');
    const { own } = pattern(stack, 'Shop', stages.dev);
    const dashboard = new FlowDashboard(own, 'Dashboard');
    const shown = new Queue(own, 'Shown');
    dashboard.addRow({ title: 'Flow', graphs: { Depth: [shown.metricApproximateNumberOfMessagesVisible()] } });
    const hidden = new Queue(own, 'Hidden');
    leaveUnwatched(hidden, 'No one reads it.');
    const found = new Queue(own, 'Found');
    const { own: other, alarms } = pattern(stack, 'Other', stages.dev);
    alarms.showOn(dashboard);
    const elsewhere = new Queue(other, 'Elsewhere');
    const row = vi.spyOn(dashboard, 'addToRow');
    Template.fromStack(stack);
    const labels = row.mock.calls.map(([{ title, graphs }]) => [
      title,
      ...Object.values(graphs).map(([metric]) => metric?.toMetricConfig().renderingProperties?.['label']),
    ]);
    expect(labels).toEqual([
      ['Other queues', 'Found', 'Found'],
      ['Other queues', 'Elsewhere', 'Elsewhere'],
    ]);
    expect([shown, found, elsewhere].every((queue) => dashboard.shows(queue.queueName))).toBe(true);
    expect(dashboard.shows(hidden.queueName)).toBe(false);
  });

  it('is watched beside a pattern, too, where the pattern looks there, and by one pattern of two', () => {
    const stack = new Stack(testApp(), 'Stack');
    const [first, second] = [pattern(stack, 'First', stages.dev), pattern(stack, 'Second', stages.dev)];
    for (const { alarms } of [first, second]) alarms.watchBelow(stack);
    new Queue(stack, 'Beside');
    new Queue(second.own, 'Inside');
    expect(alarmsOf(stack)).toEqual(['FirstAlarmsBesideQueueAge', 'SecondAlarmsInsideQueueAge']);
  });

  it('has none where nothing answers, or where CDK runs it at deployments', () => {
    const stack = new Stack(testApp(), 'Stack');
    const { own } = pattern(stack, 'Shop', stages.dev);
    new HttpApi(own, 'NoStage', { createDefaultStage: false });
    new RestApi(own, 'NotDeployed', { deploy: false }).root.addMethod('GET');
    new Provider(own, 'Provider', { onEventHandler: functionIn(stack, 'Elsewhere') });
    expect(alarmsOf(stack)).toEqual([]);
  });

  it('has the tags of the app on its alarms', () => {
    const app = testApp();
    Tags.of(app).add('team', 'orders');
    const stack = new Stack(app, 'Stack');
    functionIn(pattern(stack, 'Shop', stages.dev).own, 'Fn');
    const [alarm] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    expect(alarm?.['Properties'].Tags).toEqual([{ Key: 'team', Value: 'orders' }]);
  });
});
