import { permits } from '../../policy-holder';
import { mustHold, notApplicable, type Rule } from '../../rule';

export const ddbAccessPatternsFirst: Rule = {
  id: 'ddb-access-patterns-first',
  title: 'A function behind an API reads by keys, and may not scan a table',
  why: 'A scan reads the whole table for one request: 1.3 million read units for 10 GB, and slower with every day of data. A table that needs scans lacks a key or an index for the question.',
  fix: 'Take dynamodb:Scan out of the policy (grantReadData in the CDK has it), allow GetItem and Query, and add an index for each question that users ask.',
  severity: 'warning',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-query-scan.html',
  example: {
    fixed: {
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: { IntegrationType: 'AWS_PROXY', IntegrationUri: { 'Fn::GetAtt': ['Function', 'Arn'] } },
      },
      Function: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            {
              PolicyName: 'read',
              PolicyDocument: {
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: ['dynamodb:GetItem', 'dynamodb:Query'],
                    Resource: { 'Fn::GetAtt': ['Orders', 'Arn'] },
                  },
                ],
              },
            },
          ],
        },
      },
      Orders: { Type: 'AWS::DynamoDB::Table', Properties: { BillingMode: 'PAY_PER_REQUEST' } },
    },
    broken: [
      { 'Role.Properties.Policies.0.PolicyDocument.Statement.0.Action.2': 'dynamodb:Scan' },
      { 'Role.Properties.Policies.0.PolicyDocument.Statement.0.Action': 'dynamodb:*' },
    ],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    if (inventory.integrationsOf(fn).length === 0) return notApplicable;
    const scans = inventory
      .statementsOf(inventory.roleOf(fn))
      .filter((statement) => permits(statement, 'dynamodb:Scan'));
    return mustHold(
      scans.length === 0,
      'a function behind an API may scan a table; allowed: GetItem and Query by known patterns',
    );
  },
};
