import { listOf } from '../inventory';
import { documentsOf, ownStatements, POLICY_HOLDERS } from '../policy-holder';
import { policyText } from '../policy-text';
import { notApplicable, type Rule, type Verdict, verdict } from '../rule';
import type { TemplateResource } from '../template-resource';

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
  // Lambda makes the network interfaces of a function in a VPC itself: no one knows their names before, and it asks for every
  // resource (AWS: Lambda, configuring VPC access).
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:UnassignPrivateIpAddresses',
  // One setting of the account in a region, and lists of what there is.
  'bedrock:DeleteModelInvocationLoggingConfiguration',
  'bedrock:GetModelInvocationLoggingConfiguration',
  'bedrock:PutModelInvocationLoggingConfiguration',
  'bedrock:ListFoundationModels',
  'bedrock:ListInferenceProfiles',
]);

/** What CDK's BucketDeployment lets its own function do on every distribution, and no one can narrow down. */
const BUCKET_DEPLOYMENT = /Custom(::)?CDKBucketDeployment/;
const INVALIDATIONS = new Set(['cloudfront:GetInvalidation', 'cloudfront:CreateInvalidation']);

const DATA_POLICY = 'AWS::OpenSearchServerless::AccessPolicy';

/** A data policy of OpenSearch Serverless names collections and indexes, and what may be done with them. */
function checkDataPolicy(policy: TemplateResource): Verdict {
  const rules = (listOf(policyText(policy, 'Policy')) as { Rules?: unknown }[]).flatMap(({ Rules }) => listOf(Rules));
  return verdict(
    (rules as { Permission?: unknown; Resource?: unknown }[]).flatMap(({ Permission, Resource }) => [
      listOf(Permission).includes('aoss:*') && 'the permission aoss:* is given',
      ...listOf(Resource).map(
        (each) => /^(collection|index)\/\*/.test(String(each)) && `${String(each)} is every collection of the account`,
      ),
    ]),
  );
}

/** Least privilege: specific actions and ARNs, not `*`. */
export const iamNoWildcards: Rule = {
  id: 'iam-no-wildcards',
  types: [...POLICY_HOLDERS, DATA_POLICY],
  check: (holder) => {
    if (holder.type === DATA_POLICY) return checkDataPolicy(holder);
    if (documentsOf(holder).length === 0) return notApplicable;
    const needsNoResource = (action: string): boolean =>
      WITHOUT_RESOURCE.has(action) || (BUCKET_DEPLOYMENT.test(holder.path) && INVALIDATIONS.has(action));
    const allowed = ownStatements(holder).filter(({ effect }) => effect === 'Allow');
    return verdict(
      allowed.flatMap(({ actions, resources, inverted, hasCondition }) => [
        ...inverted.map((name) => `${name} allows all that it does not list; allowed: Action and Resource`),
        ...actions.map((action) => (action === '*' || action.endsWith(':*')) && `the action ${action} is allowed`),
        resources.includes('*') &&
          !hasCondition &&
          !actions.every(needsNoResource) &&
          `${actions.filter((action) => !needsNoResource(action)).join(', ')} on every resource`,
      ]),
    );
  },
};
