import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { compliant, type Rule, verdict } from '../../rule';

/** Whether a composite alarm has the actions for it, so that one outage is one page (AWS: CloudWatch, combining alarms). */
function isReportedTogether(alarm: TemplateResource, inventory: Inventory): boolean {
  return inventory
    .ofType('AWS::CloudWatch::CompositeAlarm')
    .some(
      (composite) =>
        inventory.mentions(composite, composite.get('AlarmRule'), alarm) &&
        composite.list('AlarmActions').length > 0 &&
        composite.flag('ActionsEnabled') !== false,
    );
}

export const cwAlarmHasAction: Rule = {
  id: 'cw-alarm-has-action',
  title: 'An alarm notifies a topic or starts an action',
  why: 'An alarm without an action turns red on a page that is open on no screen. The outage goes on until a customer reports it.',
  fix: 'Set AlarmActions to the ARN of an SNS topic that people subscribe to, and leave ActionsEnabled at true. In the CDK, alarm.addAlarmAction(new SnsAction(topic)).',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html',
  example: {
    fixed: {
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Lambda',
          MetricName: 'Errors',
          Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Function' } }],
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          AlarmActions: [{ Ref: 'Topic' }],
        },
      },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: { Ref: 'Key' } } },
    },
    broken: [
      { 'Alarm.Properties.AlarmActions': null },
      { 'Alarm.Properties.AlarmActions': [] },
      { 'Alarm.Properties.ActionsEnabled': false },
    ],
  },
  types: ['AWS::CloudWatch::Alarm'],
  check: (alarm, inventory) =>
    isReportedTogether(alarm, inventory)
      ? compliant
      : verdict([
          alarm.list('AlarmActions').length === 0 && 'no AlarmActions: no one is notified',
          alarm.flag('ActionsEnabled') === false && 'ActionsEnabled is false',
        ]),
};
