import { permits } from '../../policy-holder';
import { mustHold, notApplicable, type Rule } from '../../rule';

export const cwEmfNotPutmetric: Rule = {
  id: 'cw-emf-not-putmetric',
  title: 'A function writes its metrics into its log, and does not call PutMetricData',
  why: 'Each call of PutMetricData is billed, adds its time to every request, and fails the request when CloudWatch throttles it. Lines in the embedded metric format cost the log alone.',
  fix: 'Take cloudwatch:PutMetricData out of the role, and write metrics in the embedded metric format: Powertools for AWS Lambda does it.',
  severity: 'advice',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html',
  example: {
    fixed: {
      Function: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            {
              PolicyName: 'orders',
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: [
                  { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: { 'Fn::GetAtt': ['Table', 'Arn'] } },
                ],
              },
            },
          ],
        },
      },
    },
    broken: [
      {
        'Role.Properties.Policies.0.PolicyDocument.Statement.0': {
          Effect: 'Allow',
          Action: 'cloudwatch:PutMetricData',
          Resource: '*',
        },
      },
      {
        'Role.Properties.Policies.0.PolicyDocument.Statement.0': {
          Effect: 'Allow',
          Action: 'cloudwatch:Put*',
          Resource: '*',
        },
      },
    ],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    if (inventory.referent(fn, fn.get('Role')) === undefined) return notApplicable;
    const puts = inventory
      .statementsOf(inventory.roleOf(fn))
      .filter((statement) => permits(statement, 'cloudwatch:PutMetricData'));
    return mustHold(puts.length === 0, 'the function may call PutMetricData; allowed: metrics in its log (EMF)');
  },
};
