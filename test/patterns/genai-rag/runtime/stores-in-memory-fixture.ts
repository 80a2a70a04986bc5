import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { LocalDynamoDb } from '../../../../local/aws/dynamodb/store';
import { AwsError, type LocalInput } from '../../../../local/aws/service';

type Record_ = Record<string, unknown>;
const plain = (value: unknown) => unmarshall(value as Parameters<typeof unmarshall>[0]) as Record_;
const MAPS = ['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey'];

/** The table behind the document client without HTTP in between, for tests of many requests. */
export class TableInMemory {
  private store = this.empty();
  /** Hears of the keys that a call reads or writes. */
  onKeys: (action: string, partitions: readonly string[]) => void = () => {};

  clear(): void {
    this.store = this.empty();
  }

  /** Stands in for the client's `send`. */
  readonly send = async (command: { readonly input: object; readonly constructor: { readonly name: string } }) => {
    const action = ACTIONS[command.constructor.name] ?? command.constructor.name;
    const input = command.input as Record_;
    this.onKeys(action, partitionsOf(input));
    try {
      const output = this.store.call(action, marshalled(input) as LocalInput) as Record_;
      const { Item, Items, LastEvaluatedKey, ...rest } = output;
      return {
        ...rest,
        ...(Item !== undefined && { Item: plain(Item) }),
        ...(Items !== undefined && { Items: (Items as unknown[]).map(plain) }),
        ...(LastEvaluatedKey !== undefined && { LastEvaluatedKey: plain(LastEvaluatedKey) }),
      };
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'TransactionCanceledException') throw error;
      throw new TransactionCanceledException({ message: error.message, $metadata: {}, ...(error.members as object) });
    }
  };

  private empty(): LocalDynamoDb {
    const store = new LocalDynamoDb({ account: '111111111111', region: 'eu-west-1' });
    store.createTable({
      name: 'conversations',
      key: { partition: 'pk', sort: 'sk' },
      attributeTypes: { pk: 'S', sk: 'S' },
    });
    return store;
  }
}

const ACTIONS: Readonly<Record<string, string>> = {
  GetCommand: 'GetItem',
  PutCommand: 'PutItem',
  UpdateCommand: 'UpdateItem',
  DeleteCommand: 'DeleteItem',
  QueryCommand: 'Query',
  TransactWriteCommand: 'TransactWriteItems',
};

function marshalled(input: Record_): Record_ {
  const entries = Object.entries(input).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (MAPS.includes(name)) return [[name, marshall(value, { removeUndefinedValues: true })]];
    if (name !== 'TransactItems') return [[name, value]];
    const writes = (value as Record_[]).map((write) =>
      Object.fromEntries(Object.entries(write).map(([kind, each]) => [kind, marshalled(each as Record_)])),
    );
    return [[name, writes]];
  });
  return Object.fromEntries(entries) as Record_;
}

function partitionsOf(input: Record_): string[] {
  const own = [input['Item'], input['Key'], input['ExclusiveStartKey']].flatMap((item) =>
    item === undefined ? [] : [String((item as Record_)['pk'])],
  );
  const { ':user': user } = (input['ExpressionAttributeValues'] ?? {}) as Record_;
  const writes = ((input['TransactItems'] ?? []) as Record_[]).flatMap((write) =>
    Object.values(write).flatMap((each) => partitionsOf(each as Record_)),
  );
  return [...own, ...(user === undefined ? [] : [String(user)]), ...writes];
}
