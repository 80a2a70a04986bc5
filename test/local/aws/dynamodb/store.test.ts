import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalDynamoDb } from '../../../../local/aws/dynamodb/store';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';

const TableName = 'orders';
let store: LocalDynamoDb;
let aws: LocalAws;
let client: DynamoDBDocumentClient;
let now = 1_700_000_000_000;

beforeAll(async () => {
  store = new LocalDynamoDb({ account: '111111111111', region: 'eu-west-1' }, () => now);
  aws = await startLocalAws({ dynamodb: store });
  client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: aws.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    }),
  );
});
beforeEach(() => {
  store.createTable(
    {
      name: TableName,
      key: { partition: 'pk' },
      attributeTypes: { pk: 'S', customer: 'S', at: 'S' },
      indexes: { 'by-customer': { partition: 'customer', sort: 'at' } },
      stream: 'NEW_AND_OLD_IMAGES',
    },
    'arn:aws:dynamodb:eu-west-1:111111111111:table/orders/stream/1',
  );
});
afterAll(() => aws.close());

const put = (Item: Record<string, unknown>, condition?: Record<string, unknown>) =>
  client.send(new PutCommand({ TableName, Item, ...condition }));

describe('a local table', () => {
  it('stores, and answers what it stored', async () => {
    await put({ pk: 'a', total: 12.5, lines: [{ sku: 'x' }], gone: null });
    const { Item } = await client.send(new GetCommand({ TableName, Key: { pk: 'a' } }));
    expect(Item).toEqual({ pk: 'a', total: 12.5, lines: [{ sku: 'x' }], gone: null });
    expect((await client.send(new GetCommand({ TableName, Key: { pk: 'b' } }))).Item).toBeUndefined();
  });

  it('refuses a write whose condition does not hold, and returns what is there', async () => {
    await put({ pk: 'a', n: 1 });
    const error = await put(
      { pk: 'a', n: 2 },
      {
        ConditionExpression: 'attribute_not_exists(pk) OR #n > :n',
        ExpressionAttributeNames: { '#n': 'n' },
        ExpressionAttributeValues: { ':n': 1 },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    ).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect((error as ConditionalCheckFailedException).Item).toEqual({ pk: { S: 'a' }, n: { N: '1' } });
  });

  it.each([
    [{ ConditionExpression: 'status = :s', ExpressionAttributeValues: { ':s': 1 } }, /reserved keyword: status/],
    [{ ConditionExpression: 'n = :s' }, /not defined; attribute value: :s/],
    [{ ConditionExpression: 'n = ', ExpressionAttributeValues: { ':s': 1 } }, /Syntax error/],
    [{ ConditionExpression: 'n = :s', ExpressionAttributeValues: { ':s': 1, ':t': 1 } }, /unused in expressions/],
    [{ ConditionExpression: 'is_there(pk)' }, /Invalid function name/],
  ])('refuses the expression %j', async (condition, message) => {
    await expect(put({ pk: 'a' }, condition)).rejects.toThrow(message);
  });

  it('refuses an item without its key, of the wrong type, or too large', async () => {
    await expect(put({ id: 'a' })).rejects.toThrow(/Missing the key pk/);
    await expect(put({ pk: 1 })).rejects.toThrow(/Type mismatch for key pk/);
    await expect(put({ pk: 'a', text: 'x'.repeat(410_000) })).rejects.toThrow(/Item size/);
  });

  it('updates by expression and reads the item as it was before', async () => {
    await put({ pk: 'a', n: 1, m: 5 });
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName,
        Key: { pk: 'a' },
        UpdateExpression: 'SET n = m, m = n + :one, seen = if_not_exists(seen, :one) REMOVE gone ADD counted :one',
        ExpressionAttributeValues: { ':one': 1 },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(Attributes).toEqual({ pk: 'a', n: 5, m: 2, seen: 1, counted: 1 });
  });

  it('pages through an index, newest first, without items that lack its keys', async () => {
    for (const at of ['1', '3', '2']) await put({ pk: `o${at}`, customer: 'c', at });
    await put({ pk: 'other', customer: 'd', at: '1' });
    await put({ pk: 'bare', customer: 'c' });
    const seen: unknown[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'by-customer',
          KeyConditionExpression: 'customer = :c',
          ExpressionAttributeValues: { ':c': 'c' },
          ScanIndexForward: false,
          Limit: 2,
          ExclusiveStartKey,
        }),
      );
      seen.push(...(page.Items ?? []).map((item) => item['at']));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    expect(seen).toEqual(['3', '2', '1']);
  });
});

describe('a local transaction', () => {
  const write = (pk: string, extra: Record<string, unknown> = {}) => ({
    Put: { TableName, Item: { pk }, ConditionExpression: 'attribute_not_exists(pk)', ...extra },
  });

  it('writes all or nothing, and says which condition failed', async () => {
    await put({ pk: 'b' });
    const error = await client
      .send(new TransactWriteCommand({ TransactItems: [write('a'), write('b')] }))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect((error as TransactionCanceledException).CancellationReasons?.map(({ Code }) => Code)).toEqual([
      'None',
      'ConditionalCheckFailed',
    ]);
    expect(store.table(TableName).size).toBe(1);
  });

  it('performs a token once, forgets it after ten minutes, and refuses it for another request', async () => {
    const ClientRequestToken = 'once';
    const update = (amount: number) => ({
      TransactItems: [
        {
          Update: {
            TableName,
            Key: { pk: 'count' },
            UpdateExpression: 'ADD n :n',
            ExpressionAttributeValues: { ':n': amount },
          },
        },
      ],
      ClientRequestToken,
    });
    await client.send(new TransactWriteCommand(update(1)));
    await client.send(new TransactWriteCommand(update(1)));
    await expect(client.send(new TransactWriteCommand(update(2)))).rejects.toThrow(/another request/);
    const count = async () => (await client.send(new GetCommand({ TableName, Key: { pk: 'count' } }))).Item?.['n'];
    expect(await count()).toBe(1);
    now += 600_000;
    await client.send(new TransactWriteCommand(update(1)));
    expect(await count()).toBe(2);
  });

  it('refuses two operations on one item', async () => {
    const twice = client.send(new TransactWriteCommand({ TransactItems: [write('a'), write('a')] }));
    await expect(twice).rejects.toThrow(/multiple operations on one item/);
  });
});

describe('a local stream', () => {
  it('tells each change once, in order, with its images, and nothing of a write that changes nothing', async () => {
    await put({ pk: 'a', n: 1 });
    await put({ pk: 'a', n: 1 });
    await put({ pk: 'a', n: 2 });
    const { stream } = store.table(TableName);
    expect(stream.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY']);
    expect(stream[1]?.dynamodb).toMatchObject({
      Keys: { pk: { S: 'a' } },
      OldImage: { n: { N: '1' } },
      NewImage: { n: { N: '2' } },
    });
  });
});
