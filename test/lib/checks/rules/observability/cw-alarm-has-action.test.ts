import { cwAlarmHasAction } from '../../../../../lib/checks/rules/observability/cw-alarm-has-action';
import { cases, join, type Literals, mustBe, PARAMETER, ref } from '../../literal-fixture';

const watched: Literals = { Alarm: ['AWS::CloudWatch::Alarm', { AlarmActions: ['arn'] }] };

mustBe(cwAlarmHasAction, watched, 'Alarm.ActionsEnabled', true, 'ActionsEnabled is false', 'compliant');
cases(cwAlarmHasAction, watched, [
  ['compliant', 'a person is notified'],
  ['violation', 'no one is', { 'Alarm.AlarmActions': [] }, 'no AlarmActions'],
  ['violation', 'nothing is said', { 'Alarm.AlarmActions': undefined }, 'no AlarmActions'],
  [
    'violation',
    'one who is well again is',
    { 'Alarm.AlarmActions': undefined, 'Alarm.OKActions': ['arn'] },
    'no AlarmActions',
  ],
  ['cannot-tell', 'a parameter says it', { 'Alarm.AlarmActions': PARAMETER }],
]);

const together = (more: object = {}, of: unknown = ref('Alarm')): Literals => ({
  Alarm: ['AWS::CloudWatch::Alarm', {}],
  Outage: [
    'AWS::CloudWatch::CompositeAlarm',
    { AlarmRule: join('ALARM("first") OR ALARM(', of, ')'), AlarmActions: ['arn'], ...more },
  ],
});
cases(cwAlarmHasAction, together(), [
  ['compliant', 'an alarm of several notifies'],
  ['compliant', 'it is one with actions', { 'Outage.ActionsEnabled': true }],
  ['violation', 'that alarm notifies no one', { 'Outage.AlarmActions': [] }, 'no AlarmActions'],
  ['violation', 'its actions are off', { 'Outage.ActionsEnabled': false }, 'no AlarmActions'],
  ['violation', 'it is of others', together({}, 'second'), 'no AlarmActions'],
]);
