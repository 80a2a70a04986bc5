import { type Environment, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { expect, it } from 'vitest';
import { Alarms, stages } from '../../../lib';
import { watchDistribution } from '../../../lib/monitoring/distribution-alarms';
import { testApp } from '../../synthesize';

function watched(env: Environment | undefined): Stack {
  const stack = new Stack(testApp(), 'Stack', { env });
  const own = new Construct(stack, 'Own');
  const alarms = new Alarms(own, 'Alarms', { stage: stages.dev, topic: new Topic(stack, 'Topic') });
  const origin = new HttpOrigin('example.com');
  watchDistribution(alarms, 'Shop', new Distribution(stack, 'Distribution', { defaultBehavior: { origin } }));
  return stack;
}

it('watches the share of errors, once there are twenty requests', () => {
  const stack = watched({ region: 'us-east-1' });
  const [alarm] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  expect(alarm?.['Properties']).toMatchObject({
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  });
  const metrics = alarm?.['Properties'].Metrics as {
    Expression?: string;
    MetricStat?: { Stat: string; Metric: { MetricName: string; Dimensions: { Name: string }[] } };
  }[];
  expect(
    metrics.map(({ Expression, MetricStat: stat }) => Expression ?? [stat?.Metric.MetricName, stat?.Stat]),
  ).toEqual(
    expect.arrayContaining(['IF(requests >= 20, errors, 0)', ['5xxErrorRate', 'Average'], ['Requests', 'Sum']]),
  );
  expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
});

it.each([{ region: 'eu-west-1' }, undefined])('warns where CloudFront publishes nothing, or may not: %j', (env) => {
  const stack = watched(env);
  Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 0);
  Annotations.fromStack(stack).hasWarning('/Stack/Distribution', Match.stringLikeRegexp('us-east-1'));
});
