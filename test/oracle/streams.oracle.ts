import { afterAll, beforeAll, describe, it } from 'vitest';
import type { StreamRecord, TableDefinition } from '../../local/aws/dynamodb/table';
import type { Json } from './aws-client';
import { Comparison, closeAccount } from './comparison';
import { chance, integer, pick, sample } from './draw';
import { drawAttributes, drawInteger, drawKey } from './draw-item';
import { type MotoFixture, startMotoFixture } from './moto-fixture';
import { tableDefinition } from './table-sequence';
import { ordered, TableSides } from './table-side';

/** Every view. */
const VIEWS = ['NEW_AND_OLD_IMAGES', 'NEW_IMAGE', 'OLD_IMAGE', 'KEYS_ONLY'] as const;
const STEPS = 60;

let fixture: MotoFixture;
beforeAll(async () => {
  fixture = await startMotoFixture('eu-north-1');
});
afterAll(() => fixture.close());

/** What is compared of a record: ids, times and sizes are each side's own. */
function told({ eventName, dynamodb }: Pick<StreamRecord, 'eventName' | 'dynamodb'>): unknown {
  const { Keys, NewImage, OldImage, StreamViewType } = dynamodb;
  return ordered({ eventName, Keys, NewImage, OldImage, StreamViewType });
}

/** Every record of moto's stream of a table, read as a stream is read. */
async function motoRecords(TableName: string): Promise<StreamRecord[]> {
  const [stream] = (await fixture.arrange('streams', 'ListStreams', { TableName }))['Streams'] as {
    StreamArn: string;
  }[];
  const description = (await fixture.arrange('streams', 'DescribeStream', { StreamArn: stream?.StreamArn }))[
    'StreamDescription'
  ] as {
    Shards: { ShardId: string }[];
  };
  const [shard] = description.Shards;
  const position = { StreamArn: stream?.StreamArn, ShardId: shard?.ShardId, ShardIteratorType: 'TRIM_HORIZON' };
  let iterator = (await fixture.arrange('streams', 'GetShardIterator', position))['ShardIterator'];
  const records: StreamRecord[] = [];
  for (;;) {
    const page = await fixture.arrange('streams', 'GetRecords', { ShardIterator: iterator, Limit: 100 });
    const found = page['Records'] as StreamRecord[];
    if (found.length === 0) return records;
    records.push(...found);
    iterator = page['NextShardIterator'];
  }
}

/**
 * Writes at random. Every write changes something, and updates meet an item that exists: what moto tells of other
 * writes is among the known differences.
 */
async function write(sides: TableSides, comparison: Comparison, TableName: string, version: number): Promise<void> {
  const { random } = comparison;
  const values = { ':version': { N: String(version) }, ':n': drawInteger(random) };
  const put = (key: Json) => ({
    TableName,
    Item: { ...drawAttributes(random), ...key, version: values[':version'] },
    ...(chance(random, 0.3) && { ConditionExpression: 'attribute_not_exists(pk)' }),
  });
  const remove = (Key: Json) => ({ TableName, Key });
  const update = (Key: Json) => ({
    TableName,
    Key,
    UpdateExpression: 'SET version = :version REMOVE flag ADD amount :n',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: values,
  });
  const key = drawKey(random);
  const roll = random();
  if (roll < 0.35) await sides.call('PutItem', put(key));
  else if (roll < 0.6) await sides.call('UpdateItem', update(key));
  else if (roll < 0.75) await sides.call('DeleteItem', remove(key));
  else {
    const places = sample(random, ['a', 'ab', 'b', 'ä', 'Z', 'b1', 'b2'], integer(random, 1, 4));
    const items = places.map((place) => {
      const Key = { ...key, sk: { S: place } };
      return pick<Json>(random, [{ Put: put(Key) }, { Update: update(Key) }, { Delete: remove(Key) }]);
    });
    await sides.call('TransactWriteItems', { TransactItems: items });
  }
}

async function tableWith(stream: TableDefinition['stream']): Promise<string> {
  const definition = tableDefinition(stream);
  await fixture.createTable(definition);
  return definition.name;
}

describe('streams', () => {
  it.each(VIEWS)('of %s tell the same changes', async (view) => {
    const comparison = new Comparison(`stream ${view}`);
    const name = await tableWith(view);
    const sides = new TableSides(fixture, comparison);
    for (let step = 0; step < STEPS; step += 1) await write(sides, comparison, name, step);
    const theirs = await motoRecords(name);
    const own = fixture.dynamodb.table(name).stream;
    comparison.same('length of the stream', view, own.length, theirs.length);
    own.forEach((record, at) => {
      const counterpart = theirs[at];
      comparison.same('record', at, told(record), counterpart && told(counterpart));
    });
  });

  it('known differences', async () => {
    const comparison = new Comparison('known differences of streams');
    const name = await tableWith('NEW_AND_OLD_IMAGES');
    const Key = { pk: { S: 'p' }, sk: { S: 's' } };
    const input = {
      TableName: name,
      Key,
      UpdateExpression: 'SET word = :w',
      ExpressionAttributeValues: { ':w': { S: 'w' } },
    };
    await fixture.both('dynamodb', 'UpdateItem', input);
    const [own, theirs] = [fixture.dynamodb.table(name).stream.slice(), await motoRecords(name)];
    comparison.differs('upsert-told-twice', input, own.map(told), theirs.map(told));
    await fixture.both('dynamodb', 'UpdateItem', input);
    const [more, others] = [fixture.dynamodb.table(name).stream.slice(own.length), await motoRecords(name)];
    comparison.differs('unchanged-told', input, more.map(told), others.slice(theirs.length).map(told));
  });
});

closeAccount('streams', VIEWS.length * STEPS);
