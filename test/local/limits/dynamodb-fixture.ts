import type { AttributeValue, Item } from '../../../local/aws/dynamodb/attribute-value';
import { type DynamoDbBehaviour, LocalDynamoDb } from '../../../local/aws/dynamodb/store';
import type { LocalInput } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock/virtual-clock';
import type { DYNAMODB_LIMITS } from '../../../local/limits/dynamodb';

type Rows = (typeof DYNAMODB_LIMITS)['rows'];

/** Tests of some of the rows. */
export type TestsOf<Group> = {
  readonly [name in keyof Group & keyof Rows]: (limit: Rows[name]) => void | Promise<void>;
};

export const TableName = 'Orders';
export const KEY = { pk: { S: 'p' }, sk: { S: 's' } } as const;

/** A string of so many bytes; none for a negative number. */
export const text = (bytes: number): { readonly S: string } => ({ S: 'x'.repeat(Math.max(0, bytes)) });

/** A table with a sort key and an index, on a clock of its own. */
export function orders(behaviour: DynamoDbBehaviour = {}) {
  const clock = new VirtualClock();
  const store = new LocalDynamoDb({ account: '111122223333', region: 'eu-west-1' }, () => clock.now(), {
    after: (ms, run) => clock.after(ms, run, { idle: true }),
    ...behaviour,
  });
  const table = store.createTable(
    {
      name: TableName,
      key: { partition: 'pk', sort: 'sk' },
      attributeTypes: { pk: 'S', sk: 'S', owner: 'S', place: 'S' },
      indexes: { byOwner: { partition: 'owner', sort: 'place' } },
      stream: 'NEW_AND_OLD_IMAGES',
      timeToLive: 'expiresAt',
    },
    'arn:aws:dynamodb:eu-west-1:111122223333:table/Orders/stream/1',
  );
  const call = (action: string, input: LocalInput = {}) => store.call(action, { TableName, ...input });
  const put = (item: Readonly<Record<string, unknown>> = {}, input: LocalInput = {}) =>
    call('PutItem', { Item: { ...KEY, ...item }, ...input });
  return {
    clock,
    store,
    table,
    call,
    put,
    get: (key: LocalInput = KEY) => call('GetItem', { Key: key })['Item'] as Item | undefined,
    update: (UpdateExpression: string, input: LocalInput = {}) =>
      call('UpdateItem', { Key: KEY, UpdateExpression, ...input }),
    transact: (items: readonly LocalInput[], input: LocalInput = {}) =>
      store.call('TransactWriteItems', { TransactItems: [...items], ...input }),
    query: (input: LocalInput = {}) =>
      call('Query', {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': KEY.pk },
        ...input,
      }) as { Items: Item[]; LastEvaluatedKey?: Item },
  };
}

/** A write of a transaction. */
export const putOf = (sk: string, item: LocalInput = {}): LocalInput => ({
  Put: { TableName, Item: { pk: { S: 'p' }, sk: { S: sk }, ...item } },
});

/** A condition with values. */
export const condition = (
  ConditionExpression: string,
  values?: Readonly<Record<string, AttributeValue>>,
): LocalInput => ({
  ConditionExpression,
  ...(values !== undefined && { ExpressionAttributeValues: values }),
});
