import type { ResolvedResource } from '../assembly/resolved-template';
import type { KeySchema, TableDefinition } from '../aws/dynamodb/table';

interface TableProperties {
  readonly KeySchema: readonly KeyElement[];
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
  readonly GlobalSecondaryIndexes?: readonly {
    readonly IndexName: string;
    readonly KeySchema: readonly KeyElement[];
    readonly Projection?: { readonly ProjectionType?: string };
  }[];
  readonly StreamSpecification?: { readonly StreamViewType: TableDefinition['stream'] };
  readonly TimeToLiveSpecification?: { readonly AttributeName: string };
}

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: string;
}

/** A table's definition as its template has it. */
export function tableDefinition({ name, properties }: ResolvedResource): TableDefinition {
  const table = properties as unknown as TableProperties;
  for (const { IndexName, Projection } of table.GlobalSecondaryIndexes ?? []) {
    if (Projection?.ProjectionType !== 'ALL') {
      throw new Error(`${name}: the index ${IndexName} projects ${Projection?.ProjectionType}, not known here`);
    }
  }
  return {
    name,
    key: keySchema(table.KeySchema),
    attributeTypes: Object.fromEntries(
      table.AttributeDefinitions.map((each) => [each.AttributeName, each.AttributeType]),
    ),
    indexes: Object.fromEntries(
      (table.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, keySchema(index.KeySchema)]),
    ),
    stream: table.StreamSpecification?.StreamViewType,
    timeToLive: table.TimeToLiveSpecification?.AttributeName,
  };
}

function keySchema(elements: readonly KeyElement[]): KeySchema {
  const of = (type: string) => elements.find(({ KeyType }) => KeyType === type)?.AttributeName;
  return { partition: of('HASH') ?? '', sort: of('RANGE') };
}
