import { ragConversationHistory } from '../../../../../lib/checks/rules/ai-ml/rag-conversation-history';
import { allow, att, type Case, cases, type Literals, mustBe, PARAMETER, role } from '../../literal-fixture';

const MODEL = 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0';
const asks = allow('bedrock:InvokeModel', MODEL);
const writes = (action: string, table: unknown = att('Table')) => ({ Role: role(asks, allow(action, table)) });
const table = (type: string): Literals => ({
  Table: [type, { KeySchema: [{}, {}], TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } }],
  ...writes('dynamodb:PutItem'),
});
const forEver = 'conversations are kept forever; allowed: TimeToLiveSpecification';
const oneKey = 'one key, so that a conversation is had by its id alone';

const history = table('AWS::DynamoDB::Table');
mustBe(ragConversationHistory, history, 'Table.TimeToLiveSpecification.Enabled', true, forEver, 'violation');
cases(ragConversationHistory, history, [
  ['violation', 'nothing says when it goes', { 'Table.TimeToLiveSpecification': undefined }, forEver],
  ['violation', 'no attribute does', { 'Table.TimeToLiveSpecification': { Enabled: true } }, forEver],
  ['violation', 'it has one key', { 'Table.KeySchema': [{}] }, oneKey],
  ...['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem', 'dynamodb:Batch*'].map(
    (action): Case => ['violation', `what asks may ${action}`, { ...writes(action), 'Table.KeySchema': [{}] }, oneKey],
  ),
  ['not-applicable', 'what asks may read', writes('dynamodb:GetItem')],
  [
    'violation',
    'it is one of two tables and roles',
    {
      Other: role(asks),
      Role: role(asks, allow('dynamodb:PutItem', ['other', att('Table')])),
      'Table.KeySchema': [{}],
    },
    oneKey,
  ],
  ['not-applicable', 'what asks writes to another', writes('dynamodb:PutItem', 'other')],
  ['not-applicable', 'what writes asks no model', { Role: role(allow('dynamodb:PutItem', att('Table'))) }],
  [
    'cannot-tell',
    'what writes asks a parameter',
    { Role: role(allow('bedrock:InvokeModel', PARAMETER), allow('dynamodb:PutItem', att('Table'))) },
  ],
]);
cases(ragConversationHistory, table('AWS::DynamoDB::GlobalTable'), [
  ['violation', 'it has one key', { 'Table.KeySchema': [{}] }, oneKey],
]);
