import { cwEmfNotPutmetric } from '../../../../../lib/checks/rules/observability/cw-emf-not-putmetric';
import { allow, att, type Case, cases, type Literals, role } from '../../literal-fixture';

const fn: Literals = { Fn: ['AWS::Lambda::Function', { Role: att('Role') }], Role: role(allow('s3:GetObject')) };
const says = 'the function may call PutMetricData; allowed: metrics in its log (EMF)';

cases(cwEmfNotPutmetric, fn, [
  ['compliant', 'it may do something else'],
  ...['cloudwatch:PutMetricData', 'cloudwatch:*', '*', 'cloudwatch:Put*', 'CloudWatch:putmetricdata'].map(
    (action): Case => ['violation', `it may ${action}`, { Role: role(allow(action)) }, says],
  ),
  ...['cloudwatch:PutMetricAlarm', 'cloudwatch:GetMetricData', 'logs:*'].map(
    (action): Case => ['compliant', `it may ${action}`, { Role: role(allow(action)) }],
  ),
  ['compliant', 'it may not', { Role: role({ ...allow('cloudwatch:*'), Effect: 'Deny' }) }],
  ['not-applicable', 'its role is elsewhere', { 'Fn.Role': 'arn:aws:iam::111111111111:role/theirs' }],
]);
