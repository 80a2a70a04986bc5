import { ddbAccessPatternsFirst } from '../../../../../lib/checks/rules/dynamodb/ddb-access-patterns-first';
import { allow, att, type Case, cases, type Literals, role } from '../../literal-fixture';

const api: Literals = {
  Fn: ['AWS::Lambda::Function', { Role: att('Role') }],
  Role: role(allow(['dynamodb:GetItem', 'dynamodb:Query'])),
  Route: ['AWS::ApiGatewayV2::Integration', { IntegrationUri: att('Fn') }],
};
const says = 'a function behind an API may scan a table; allowed: GetItem and Query by known patterns';

cases(ddbAccessPatternsFirst, api, [
  ['compliant', 'it may get and query'],
  ...['dynamodb:Scan', 'dynamodb:*', '*', 'dynamodb:S*', 'DynamoDB:scan'].map(
    (action): Case => ['violation', `it may ${action}`, { Role: role(allow(['dynamodb:GetItem', action])) }, says],
  ),
  ['compliant', 'it may not scan', { Role: role({ ...allow('dynamodb:Scan'), Effect: 'Deny' }) }],
  ['compliant', 'it may scan another store', { Role: role(allow('s3:Scan')) }],
  ['not-applicable', 'no API is in front', { Route: undefined, Role: role(allow('dynamodb:Scan')) }],
  ['cannot-tell', 'its role is elsewhere', { 'Fn.Role': 'theirs' }],
]);
