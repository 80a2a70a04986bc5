import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { expect, it } from 'vitest';
import { FlowDashboard } from '../../../lib/monitoring/dashboard';
import { searchStream } from '../../../lib/streaming/stream-metrics';

const metric = (name: string) =>
  new Metric({ namespace: 'AWS/SQS', metricName: 'Depth', dimensionsMap: { QueueName: name } });

/** Widgets of the one dashboard, each as its title and the names in its metrics. */
function widgetsOf(stack: Stack): unknown[] {
  const [body] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard')).map(
    ({ Properties }) => Properties.DashboardBody as string | { 'Fn::Join': [string, unknown[]] },
  );
  const text = typeof body === 'string' ? body : (body?.['Fn::Join'][1].map(String).join('') ?? '');
  const { widgets } = JSON.parse(text) as {
    widgets: { width: number; properties: { markdown?: string; title?: string; metrics?: unknown[][] } }[];
  };
  return widgets.map(({ width, properties: { markdown, title, metrics } }) =>
    markdown === undefined ? [title, width, metrics?.map(([, , , name]) => name)] : markdown,
  );
}

it('has rows in the order in which they are added, and the lines of one title in one row', () => {
  const stack = new Stack();
  const dashboard = new FlowDashboard(stack, 'Dashboard');
  dashboard.addToRow({ title: 'Queues', graphs: { Depth: [metric('a')], Age: [metric('a')] } });
  dashboard.addRow({ title: 'Flow', graphs: { Depth: [metric('flow')] } });
  dashboard.addToRow({ title: 'Queues', graphs: { Depth: [metric('b')], Age: [metric('c')] } });
  expect(widgetsOf(stack)).toEqual([
    '## Queues',
    ['Depth', 12, ['a', 'b']],
    ['Age', 12, ['a', 'c']],
    '## Flow',
    ['Depth', 24, ['flow']],
  ]);
});

it('shows what a metric, an expression or a search of a row names, and nothing else', () => {
  const stack = new Stack();
  const dashboard = new FlowDashboard(stack, 'Dashboard');
  const stream = Stream.fromStreamArn(stack, 'Stream', 'arn:aws:kinesis:eu-west-1:111111111111:stream/clicks');
  const expression = new MathExpression({ expression: '2 * m', usingMetrics: { m: metric('in-expression') } });
  const search = searchStream(stream, 'ShardId', 'IncomingBytes', 'Sum');
  dashboard.addRow({ title: 'Flow', graphs: { One: [metric('plain'), expression], Two: [search] } });
  dashboard.addToRow({ title: 'More', graphs: { One: [metric('first')] } });
  dashboard.addToRow({ title: 'More', graphs: { One: [metric('second')] } });
  const shown = ['plain', 'in-expression', 'clicks', 'first', 'second', 'click', 'Depth', 'other'];
  expect(shown.filter((name) => dashboard.shows(name))).toEqual(shown.slice(0, 5));
});
