import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { expect, it } from 'vitest';
import { Alarms, stages } from '../../../lib';
import { watchLoadBalancer } from '../../../lib/monitoring/load-balancer-alarms';
import { testApp } from '../../synthesize';
import { fargateFixture } from '../compute/fargate-fixture';

it.each([
  ['dev', ['ErrorRate', 'LatencyP99', 'UnhealthyHosts']],
  ['prod', ['ErrorRate', 'LatencyP99', 'ServiceCpu', 'UnhealthyHosts']],
] as const)('in %s adds %j, by a name for each API', (stage, expected) => {
  const { stack, api, make } = fargateFixture(testApp());
  const alarms = new Alarms(new Construct(stack, 'Own'), 'Alarms', {
    stage: stages[stage],
    topic: new Topic(stack, 'Topic'),
  });
  const { service, balancer } = api;
  watchLoadBalancer(alarms, { loadBalancer: balancer.loadBalancer, targetGroup: balancer.targetGroup, service });
  const other = make('Other');
  const { loadBalancer, targetGroup } = other.balancer;
  watchLoadBalancer(alarms, { loadBalancer, targetGroup, service: other.service }, 'Other');
  expect([service, other.service].map((each) => alarms.nameOf(each))).toEqual(['', 'Other']);
  const ids = Object.keys(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  const names = ids.map((id) => id.replace(/^OwnAlarms|[0-9A-F]{8}$/g, ''));
  expect(names.sort()).toEqual([...expected, ...expected.map((id) => `Other${id}`)].sort());
});
