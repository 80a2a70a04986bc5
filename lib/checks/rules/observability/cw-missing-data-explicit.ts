import { mustHold, type Rule } from '../../rule';

/** INSUFFICIENT_DATA is a state you must plan for. */
export const cwMissingDataExplicit: Rule = {
  id: 'cw-missing-data-explicit',
  types: ['AWS::CloudWatch::Alarm'],
  check: (alarm) => mustHold(alarm.has('TreatMissingData'), 'TreatMissingData is not stated'),
};
