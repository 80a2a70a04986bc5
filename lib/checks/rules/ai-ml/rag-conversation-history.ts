import type { TemplateResource } from '../../../template/template-resource';
import { mayAsk } from '../../bedrock-access';
import type { Inventory } from '../../inventory';
import { allows } from '../../policy-holder';
import { Referrers } from '../../referrers';
import { notApplicable, type Rule, verdict } from '../../rule';

const WRITES = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'];

/** The roles that write to each table. */
const writers = (inventory: Inventory): Referrers =>
  new Referrers(inventory.ofType('AWS::IAM::Role'), (role) =>
    inventory
      .statementsOf(role)
      .filter((statement) => WRITES.some((action) => allows(statement, action)))
      .flatMap(({ resources }) => resources.flatMap((each) => inventory.referent(role, each) ?? [])),
  );

/** Whether what asks a model also writes to a table: nothing else in a template shows conversations. */
function keepsAnswers(table: TemplateResource, inventory: Inventory): boolean {
  return inventory
    .once(writers)
    .of(table)
    .some((role) => mayAsk(role, inventory));
}

export const ragConversationHistory: Rule = {
  id: 'rag-conversation-history',
  title: 'A table of conversations has the user in its key, and an item expires by itself',
  why: 'With one key, whoever has the id of a conversation reads it, whosever it is. Without a time to live, what people asked is kept, billed and open to a leak forever.',
  fix: 'Give the table a partition key for the user and a sort key for the conversation, and set TimeToLiveSpecification (timeToLiveAttribute in the CDK).',
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html',
  example: {
    fixed: {
      Conversations: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [
            { AttributeName: 'user', KeyType: 'HASH' },
            { AttributeName: 'conversation', KeyType: 'RANGE' },
          ],
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            {
              PolicyName: 'chat',
              PolicyDocument: {
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: 'bedrock:InvokeModel',
                    Resource: 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0',
                  },
                  {
                    Effect: 'Allow',
                    Action: 'dynamodb:PutItem',
                    Resource: { 'Fn::GetAtt': ['Conversations', 'Arn'] },
                  },
                ],
              },
            },
          ],
        },
      },
    },
    broken: [
      { 'Conversations.Properties.KeySchema': [{ AttributeName: 'conversation', KeyType: 'HASH' }] },
      { 'Conversations.Properties.TimeToLiveSpecification': null },
      { 'Conversations.Properties.TimeToLiveSpecification.Enabled': false },
    ],
  },
  types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
  check: (table, inventory) => {
    if (!keepsAnswers(table, inventory)) return notApplicable;
    const keys = table.list('KeySchema').length;
    return verdict([
      (!table.has('TimeToLiveSpecification.AttributeName') || table.flag('TimeToLiveSpecification.Enabled') !== true) &&
        'conversations are kept forever; allowed: TimeToLiveSpecification',
      keys < 2 && 'one key, so that a conversation is had by its id alone; allowed: the user, and what is theirs',
    ]);
  },
};
