import { type Rule, verdict } from '../../rule';

interface KeyElement {
  readonly AttributeName?: string;
  readonly KeyType?: string;
}

const LOW_CARDINALITY = /^(date|day|hour|timestamp|status|type|region|month)$/i;

/** Partition keys need high cardinality; time-based keys make hot spots. */
export const ddbHighCardinalityKey: Rule = {
  id: 'ddb-high-cardinality-key',
  types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
  check: (table) => {
    const indexes = table.list('GlobalSecondaryIndexes') as { KeySchema?: KeyElement[] }[];
    const schemas = [table.list('KeySchema') as KeyElement[], ...indexes.map(({ KeySchema = [] }) => KeySchema)];
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
