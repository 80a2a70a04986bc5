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
  'ec2:DescribeManagedPrefixLists',
  'ec2:DescribeSubnets',
  'ecr:GetAuthorizationToken',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
  // Lambda makes the network interfaces of a function in a VPC itself: nobody knows their names before, and it asks for every
  // resource (AWS: Lambda, configuring VPC access).
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:UnassignPrivateIpAddresses',
]);

/** What CDK's BucketDeployment lets its own function do on every distribution, and nobody can narrow down. */
const BUCKET_DEPLOYMENT = /Custom(::)?CDKBucketDeployment/;
const INVALIDATIONS = new Set(['cloudfront:GetInvalidation', 'cloudfront:CreateInvalidation']);

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
    const needsNoResource = (action: string): boolean =>
      WITHOUT_RESOURCE.has(action) || (BUCKET_DEPLOYMENT.test(holder.path) && INVALIDATIONS.has(action));
    const allowed = documents.flatMap(statementsIn).filter(({ effect }) => effect === 'Allow');
    return verdict(
      allowed.flatMap(({ actions, resources, hasCondition }) => [
        ...actions.map((action) => (action === '*' || action.endsWith(':*')) && `the action ${action} is allowed`),
        resources.includes('*') &&
          !hasCondition &&
          !actions.every(needsNoResource) &&
          `${actions.filter((action) => !needsNoResource(action)).join(', ')} on every resource`,
      ]),
    );
  },
};
