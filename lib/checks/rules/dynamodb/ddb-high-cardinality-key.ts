import { mapsOf } from '../../../template/template-resource';
import { type Rule, verdict } from '../../rule';

interface KeyElement {
  readonly AttributeName?: string;
  readonly KeyType?: string;
}

const LOW_CARDINALITY = /^(date|day|hour|timestamp|status|type|region|month)$/i;

export const ddbHighCardinalityKey: Rule = {
  id: 'ddb-high-cardinality-key',
  title: 'The partition key of a table or index has many values, and is no date, status or type',
  why: 'One partition takes 1,000 writes and 3,000 reads a second, whatever the table has. With today as the key, all traffic of the day goes to one partition, and requests beyond are throttled.',
  fix: 'Make the partition key an id, such as that of the user or the order, and put the date or the status in the sort key.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html',
  example: {
    fixed: {
      Orders: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [
            { AttributeName: 'customerId', KeyType: 'HASH' },
            { AttributeName: 'date', KeyType: 'RANGE' },
          ],
          GlobalSecondaryIndexes: [
            {
              IndexName: 'by-product',
              KeySchema: [{ AttributeName: 'productId', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'ALL' },
            },
          ],
        },
      },
    },
    broken: [
      { 'Orders.Properties.KeySchema.0.AttributeName': 'date' },
      { 'Orders.Properties.GlobalSecondaryIndexes.0.KeySchema.0.AttributeName': 'status' },
    ],
  },
  types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
  check: (table) => {
    const indexes = table.maps('GlobalSecondaryIndexes');
    const schemas = [
      table.maps<KeyElement>('KeySchema'),
      ...indexes.map(({ KeySchema }) => mapsOf<KeyElement>(KeySchema, 'KeySchema')),
    ];
    const partitions = schemas.flatMap((schema) => schema.filter(({ KeyType }) => KeyType === 'HASH'));
    return verdict(
      partitions.map(
        ({ AttributeName = '' }) =>
          LOW_CARDINALITY.test(AttributeName) &&
          `the partition key ${AttributeName} has few values, so a few partitions take all load`,
      ),
    );
  },
};
