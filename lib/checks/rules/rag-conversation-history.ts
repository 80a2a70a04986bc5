import { mayAsk } from '../bedrock-access';
import type { Inventory } from '../inventory';
import { allows } from '../policy-holder';
import { notApplicable, type Rule, verdict } from '../rule';
import type { TemplateResource } from '../template-resource';

const WRITES = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'];

/** Whether what asks a model also writes to a table: nothing else in a template shows conversations. */
function keepsAnswers(table: TemplateResource, inventory: Inventory): boolean {
  return inventory.ofType('AWS::IAM::Role').some((role) => {
    const writing = inventory
      .statementsOf(role)
      .filter((statement) => WRITES.some((action) => allows(statement, action)))
      .some(({ resources }) => resources.some((each) => inventory.names(role, each, table)));
    return writing && mayAsk(role, inventory);
  });
}

/** Conversation history lives in DynamoDB, by user and conversation, and goes by itself. */
export const ragConversationHistory: Rule = {
  id: 'rag-conversation-history',
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
