import { ddbHighCardinalityKey } from '../../../../../lib/checks/rules/dynamodb/ddb-high-cardinality-key';
import { type Case, cases, type Literals, PARAMETER } from '../../literal-fixture';

const key = (AttributeName: string, KeyType = 'HASH') => ({ AttributeName, KeyType });
const table = (name: string): Literals => ({
  Table: [
    'AWS::DynamoDB::Table',
    { KeySchema: [key(name), key('date', 'RANGE')], GlobalSecondaryIndexes: [{ KeySchema: [key('user')] }] },
  ],
});
const says = (name: string) => `the partition key ${name} has few values, so a few partitions take all load`;

cases(ddbHighCardinalityKey, table('user'), [
  ['compliant', 'it is by user, and in their order by date'],
  ...['date', 'day', 'hour', 'timestamp', 'status', 'type', 'region', 'month', 'Status'].flatMap((name): Case[] => [
    ['violation', `it is by ${name}`, table(name), says(name)],
    [
      'violation',
      `an index is by ${name}`,
      { 'Table.GlobalSecondaryIndexes.0.KeySchema.0.AttributeName': name },
      says(name),
    ],
  ]),
  ...['updated', 'typeId', 'statusOf', 'userStatus'].map(
    (name): Case => ['compliant', `it is by ${name}`, table(name)],
  ),
  [
    'violation',
    'both are',
    { ...table('day'), 'Table.GlobalSecondaryIndexes.0.KeySchema.0.AttributeName': 'type' },
    [says('day'), says('type')],
  ],
  ['compliant', 'an index says nothing', { 'Table.GlobalSecondaryIndexes': [{}] }],
  ['compliant', 'there is no index', { 'Table.GlobalSecondaryIndexes': undefined }],
]);
cases(ddbHighCardinalityKey, { Table: ['AWS::DynamoDB::GlobalTable', { KeySchema: [key('day')] }] }, [
  ['violation', 'it is by day', {}, says('day')],
  ['cannot-tell', 'a parameter says it', { 'Table.KeySchema': PARAMETER }],
]);
