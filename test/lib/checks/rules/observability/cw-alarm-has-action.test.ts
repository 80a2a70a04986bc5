import { cwAlarmHasAction } from '../../../../../lib/checks/rules/observability/cw-alarm-has-action';
import { cases, type Literals, mustBe, PARAMETER } from '../../literal-fixture';

const watched: Literals = { Alarm: ['AWS::CloudWatch::Alarm', { AlarmActions: ['arn'] }] };

mustBe(cwAlarmHasAction, watched, 'Alarm.ActionsEnabled', true, 'ActionsEnabled is false', 'compliant');
cases(cwAlarmHasAction, watched, [
  ['compliant', 'somebody is told'],
  ['violation', 'nobody is', { 'Alarm.AlarmActions': [] }, 'no AlarmActions'],
  ['violation', 'nothing is said', { 'Alarm.AlarmActions': undefined }, 'no AlarmActions'],
  [
    'violation',
    'one who is well again is',
    { 'Alarm.AlarmActions': undefined, 'Alarm.OKActions': ['arn'] },
    'no AlarmActions',
  ],
  ['cannot-tell', 'a parameter says it', { 'Alarm.AlarmActions': PARAMETER }],
]);
