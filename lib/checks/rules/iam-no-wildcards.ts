import { statementsIn } from '../inventory';
import { notApplicable, type Rule, verdict } from '../rule';

/** Actions that have no resource to name (Service Authorization Reference). */
const WITHOUT_RESOURCE = new Set([
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
  'cloudwatch:PutMetricData',
  'ec2:DescribeNetworkInterfaces',
]);

/** Least privilege: specific actions and ARNs, not `*`. */
export const iamNoWildcards: Rule = {
  id: 'iam-no-wildcards',
  types: ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role'],
  check: (holder) => {
    const documents =
      holder.type === 'AWS::IAM::Role'
        ? holder.list('Policies').map((policy) => (policy as { PolicyDocument?: unknown }).PolicyDocument)
        : [holder.get('PolicyDocument')];
    if (documents.length === 0) return notApplicable;
    const allowed = documents.flatMap(statementsIn).filter(({ effect }) => effect === 'Allow');
    return verdict(
      allowed.flatMap(({ actions, resources, hasCondition }) => [
        ...actions.map((action) => (action === '*' || action.endsWith(':*')) && `the action ${action} is allowed`),
        resources.includes('*') &&
          !hasCondition &&
          !actions.every((action) => WITHOUT_RESOURCE.has(action)) &&
          `${actions.filter((action) => !WITHOUT_RESOURCE.has(action)).join(', ')} on every resource`,
      ]),
    );
  },
};
