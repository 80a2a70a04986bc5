import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { LocalDynamoDb } from '../../../../local/aws/dynamodb/store';
import { AwsError, type LocalInput } from '../../../../local/aws/service';
import { DocumentKeys } from '../../../../patterns/genai-rag/contract';

type Record_ = Record<string, unknown>;
const plain = (value: unknown) => unmarshall(value as Parameters<typeof unmarshall>[0]) as Record_;
const MAPS = ['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey'];

type Definition = Parameters<LocalDynamoDb['createTable']>[0];
const CONVERSATIONS: Definition = {
  name: 'conversations',
  key: { partition: 'pk', sort: 'sk' },
  attributeTypes: { pk: 'S', sk: 'S' },
};
/** The table of documents, with its index. */
export const DOCUMENTS: Definition = {
  name: 'documents',
  key: { partition: 'pk', sort: DocumentKeys.sort },
  attributeTypes: { pk: 'S', [DocumentKeys.sort]: 'S', [DocumentKeys.createdAt]: 'S' },
  indexes: { [DocumentKeys.byAge]: { partition: 'pk', sort: DocumentKeys.createdAt } },
};

/** The table behind the document client without HTTP in between, for tests of many requests. */
export class TableInMemory {
  private store: LocalDynamoDb;
  /** Hears of the keys that a call reads or writes. */
  onKeys: (action: string, partitions: readonly string[]) => void = () => {};
  /** Hears of each request before it is performed; what it throws refuses it. */
  onCall: (action: string, input: Record_) => void = () => {};

  constructor(
    private readonly now: () => number = Date.now,
    private readonly definition: Definition = CONVERSATIONS,
  ) {
    this.store = this.empty();
  }

  /** Every item, by its keys. */
  items(): Map<string, Record_> {
    const items = this.store.table(this.definition.name).all().map(plain);
    return new Map(items.map((item) => [`${item['pk']} ${item['sk']}`, item]));
  }

  clear(): void {
    this.store = this.empty();
  }

  /** Stands in for the client's `send`. */
  readonly send = async (command: { readonly input: object; readonly constructor: { readonly name: string } }) => {
    const action = ACTIONS[command.constructor.name] ?? command.constructor.name;
    const input = command.input as Record_;
    this.onKeys(action, partitionsOf(input));
    this.onCall(action, input);
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
      if (!(error instanceof AwsError)) throw error;
      const refusal = { message: error.message, $metadata: {}, ...(error.members as object) };
      if (error.code === 'TransactionCanceledException') throw new TransactionCanceledException(refusal);
      if (error.code === 'ConditionalCheckFailedException') throw new ConditionalCheckFailedException(refusal);
      throw error;
    }
  };

  private empty(): LocalDynamoDb {
    const store = new LocalDynamoDb({ account: '111111111111', region: 'eu-west-1' }, this.now);
    store.createTable(this.definition);
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
