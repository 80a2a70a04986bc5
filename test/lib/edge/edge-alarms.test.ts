import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { AlarmTopic, DataKey, stages } from '../../../lib';
import { EdgeAlarms } from '../../../lib/edge/edge-alarms';
import { resourcesOf, testApp } from '../../synthesize';
import { VIRGINIA } from './edge-fixture';

const stage = stages.prod;

describe('the alarm on blocked requests', () => {
  const alarmOf = (listRules?: readonly string[]) => {
    const stack = new Stack(testApp(), 'Shop', { env: VIRGINIA });
    const { key: encryptionKey } = new DataKey(stack, 'Key', { stage, description: 'Alarms' });
    const { topic } = new AlarmTopic(stack, 'Topic', { stage, encryptionKey, email: 'ops@example.com' });
    new EdgeAlarms(stack, 'EdgeAlarms', { stage, metricName: 'acl', topic, ...(listRules && { listRules }) });
    return Object.values(resourcesOf(Template.fromStack(stack), 'AWS::CloudWatch::Alarm'))[0]?.Properties;
  };

  it('leaves out what lists block: the world knocks on what is not for it', () => {
    const { Metrics, MetricName } = alarmOf(['BlockedAddresses', 'AllowedCountries']) ?? {};
    expect(MetricName).toBeUndefined();
    const metrics = Metrics as {
      Expression?: string;
      MetricStat?: { Metric: { Dimensions: { Name: string; Value: string }[] } };
    }[];
    expect(metrics.map(({ Expression }) => Expression)).toContain('all - FILL(list0, 0) - FILL(list1, 0)');
    const rules = metrics.flatMap(({ MetricStat }) =>
      (MetricStat?.Metric.Dimensions ?? []).flatMap(({ Name, Value }) => (Name === 'Rule' ? [Value] : [])),
    );
    expect(rules).toEqual(['ALL', 'BlockedAddresses', 'AllowedCountries']);
  });

  it('is of all rules where there are no lists', () => {
    expect(alarmOf()).toMatchObject({ MetricName: 'BlockedRequests' });
    expect(alarmOf([])).toMatchObject({ MetricName: 'BlockedRequests' });
  });
});
