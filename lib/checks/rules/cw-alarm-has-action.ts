import { type Rule, verdict } from '../rule';

/** An alarm must notify someone. */
export const cwAlarmHasAction: Rule = {
  id: 'cw-alarm-has-action',
  types: ['AWS::CloudWatch::Alarm'],
  check: (alarm) =>
    verdict([
      alarm.list('AlarmActions').length === 0 && 'no AlarmActions: no one is notified',
      alarm.flag('ActionsEnabled') === false && 'ActionsEnabled is false',
    ]),
};
