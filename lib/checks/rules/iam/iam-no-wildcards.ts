import { listOf } from '../../../template/policy-statements';
import { policyText } from '../../../template/policy-text';
import type { TemplateResource } from '../../../template/template-resource';
import { documentsOf, ownStatements, POLICY_HOLDERS } from '../../policy-holder';
import { notApplicable, type Rule, type Verdict, verdict } from '../../rule';

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

export const iamNoWildcards: Rule = {
  id: 'iam-no-wildcards',
  title: 'No policy allows every action of a service, or actions on every resource',
  why: 'Whoever takes over a function or a container may do all that its policy allows. With a wildcard that is every action of a service, or every table, bucket and key of the account.',
  fix: 'List the actions that the code calls, and the ARNs that it calls them on. In the CDK, use grants such as table.grantReadData(fn).',
  severity: 'error',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege',
  example: {
    fixed: {
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'orders',
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
                Resource: { 'Fn::GetAtt': ['Table', 'Arn'] },
              },
              { Effect: 'Allow', Action: 'xray:PutTraceSegments', Resource: '*' },
            ],
          },
        },
      },
    },
    broken: [
      { 'Policy.Properties.PolicyDocument.Statement.0.Action': '*' },
      { 'Policy.Properties.PolicyDocument.Statement.0.Action': 'dynamodb:*' },
      { 'Policy.Properties.PolicyDocument.Statement.0.Resource': '*' },
      {
        'Policy.Properties.PolicyDocument.Statement.0': {
          Effect: 'Allow',
          NotAction: 'iam:DeleteRole',
          Resource: { 'Fn::GetAtt': ['Table', 'Arn'] },
        },
      },
      {
        'Policy.Properties.PolicyDocument.Statement.0': {
          Effect: 'Allow',
          Action: 'dynamodb:GetItem',
          NotResource: { 'Fn::GetAtt': ['Table', 'Arn'] },
        },
      },
      { 'Policy.Properties.PolicyDocument.Statement.1.Action': ['xray:PutTraceSegments', 's3:GetObject'] },
    ],
  },
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
