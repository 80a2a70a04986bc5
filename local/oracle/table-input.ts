import type { TableDefinition } from '../aws/dynamodb/table';
import type { LocalInput } from '../aws/service';

function keySchema({ partition, sort }: TableDefinition['key']): LocalInput[] {
  const keys = [{ AttributeName: partition, KeyType: 'HASH' }];
  return sort === undefined ? keys : [...keys, { AttributeName: sort, KeyType: 'RANGE' }];
}

/** A table's definition as the input of CreateTable. */
export function tableInput({ name, key, attributeTypes, indexes = {}, stream }: TableDefinition): LocalInput {
  const secondary = Object.entries(indexes).map(([IndexName, schema]) => ({
    IndexName,
    KeySchema: keySchema(schema),
    Projection: { ProjectionType: 'ALL' },
  }));
  return {
    TableName: name,
    KeySchema: keySchema(key),
    AttributeDefinitions: Object.entries(attributeTypes).map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    BillingMode: 'PAY_PER_REQUEST',
    ...(secondary.length > 0 && { GlobalSecondaryIndexes: secondary }),
    ...(stream !== undefined && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
  };
}
