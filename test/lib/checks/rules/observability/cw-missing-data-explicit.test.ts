import { cwMissingDataExplicit } from '../../../../../lib/checks/rules/observability/cw-missing-data-explicit';
import { cases, NO_VALUE } from '../../literal-fixture';

cases(cwMissingDataExplicit, { Alarm: ['AWS::CloudWatch::Alarm', { TreatMissingData: 'missing' }] }, [
  ['compliant', 'it is said'],
  ['violation', 'it is not', { 'Alarm.TreatMissingData': undefined }, 'TreatMissingData is not stated'],
  ['violation', 'it is said to be not', { 'Alarm.TreatMissingData': NO_VALUE }, 'TreatMissingData'],
]);
