import { type AttributeValue, ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  type _Record as StreamRecord,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { Message } from '@aws-sdk/client-sqs';
import { TableKeys } from '../../../runtime/contract';
import { CommandError } from '../../terminal';
import type { Letter, StreamPlace } from '../letters';
import { discarding, quoted, type Road, type Way } from './way';

type Key = Readonly<Record<string, AttributeValue>>;

/** Calls for one letter's records at most: a place is met at once, and a batch is of 10 records or of one. */
const MAX_READS = 10;
/** Items of which a letter without its records may be one: those written within so much of its times. */
const AROUND_MS = 60_000;

/**
 * A letter of a table's stream holds the place of its records, which the stream keeps for 24 hours: with their keys the items
 * are marked, and a stream's reader that lets marks through publishes them again ({@link NEW_ITEMS}, lib/messaging/new-items).
 */
export async function fromStream(
  road: Road,
  { service, place }: Extract<Letter, { kind: 'stream' }>,
  { MessageId = '' }: Message,
): Promise<Way> {
  if (service === 'kinesis') return ofDataStream(road, place, MessageId);
  const records = await recordsAt(road, place);
  if (records === undefined) return outOfTime(road, place, MessageId);
  const keys = records
    .filter(isNewItem)
    .flatMap(({ dynamodb }) => (dynamodb?.Keys === undefined ? [] : [dynamodb.Keys as Key]));
  const named = `${keys.map((key) => JSON.stringify(key)).join(', ')} of the table ${tableOf(place)}`;
  if (keys.length === 0) {
    return {
      stays: 'none of its records is a new item, so there is nothing to publish',
      fix: discarding(road, MessageId),
    };
  }
  const patterns = road.queue.origins.flatMap((origin) => (origin.kind === 'stream' ? origin.patterns : []));
  if (!patterns.some((pattern) => pattern.includes(TableKeys.redrivenAt))) {
    return {
      stays: `the consumer of the stream filters out changes of the item ${named}`,
      fix: `${keys.map((key) => writingAgain(road, place, key)).join(' && ')} && ${discarding(road, MessageId)}`,
    };
  }
  return {
    goes: `to the stream again, by the mark ${TableKeys.redrivenAt} on the item ${named}`,
    send: async () => {
      for (const key of keys) await mark(road, place, key, MessageId);
    },
  };
}

async function mark(road: Road, place: StreamPlace, key: Key, messageId: string): Promise<void> {
  const [partition = TableKeys.partition] = Object.keys(key);
  try {
    await road.clients.dynamodb.send(
      new UpdateItemCommand({
        TableName: tableOf(place),
        Key: key,
        UpdateExpression: 'SET #redriven = :now',
        // What has expired or was deleted must not come back as an item with nothing but a mark.
        ConditionExpression: 'attribute_exists(#partition)',
        ExpressionAttributeNames: { '#redriven': TableKeys.redrivenAt, '#partition': partition },
        ExpressionAttributeValues: { ':now': { S: new Date(road.now()).toISOString() } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new CommandError(
      `the item ${JSON.stringify(key)} of the table ${tableOf(place)} no longer exists, so there is nothing to publish: ${discarding(road, messageId)}`,
    );
  }
}

/** New, or marked before; the reader's filter skipped whatever else lies between. */
function isNewItem({ eventName, dynamodb }: StreamRecord): boolean {
  return eventName === 'INSERT' || (eventName === 'MODIFY' && dynamodb?.NewImage?.[TableKeys.redrivenAt] !== undefined);
}

/** The records of a place; undefined once the stream has let them go. */
async function recordsAt({ clients: { streams } }: Road, place: StreamPlace): Promise<StreamRecord[] | undefined> {
  const { streamArn, shardId, startSequenceNumber, endSequenceNumber } = place;
  const end = BigInt(endSequenceNumber || '0');
  const found: StreamRecord[] = [];
  try {
    let { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId: shardId,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        SequenceNumber: startSequenceNumber,
      }),
    );
    for (let reads = 0; reads < MAX_READS && ShardIterator !== undefined; reads += 1) {
      const { Records = [], NextShardIterator }: { Records?: StreamRecord[]; NextShardIterator?: string } =
        await streams.send(new GetRecordsCommand({ ShardIterator }));
      const within = Records.filter(({ dynamodb }) => BigInt(dynamodb?.SequenceNumber ?? '0') <= end);
      found.push(...within);
      if (within.length < Records.length || found.at(-1)?.dynamodb?.SequenceNumber === endSequenceNumber) break;
      ShardIterator = NextShardIterator;
    }
  } catch (error) {
    if (error instanceof TrimmedDataAccessException || error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
  return found.length === 0 ? undefined : found;
}

/** docs.aws.amazon.com/amazondynamodb: Streams, data retention limit. */
function outOfTime(road: Road, place: StreamPlace, messageId: string): Way {
  const { approximateArrivalOfFirstRecord: first, approximateArrivalOfLastRecord: last = first } = place;
  const time = (text: string | undefined, shift: number) =>
    text === undefined || Number.isNaN(Date.parse(text)) ? '<time>' : new Date(Date.parse(text) + shift).toISOString();
  const between = { ':from': { S: time(first, -AROUND_MS) }, ':to': { S: time(last, AROUND_MS) } };
  const table = `--table-name ${tableOf(place)} --region ${road.region}`;
  const among = '(createdAt BETWEEN :from AND :to) OR (occurredAt BETWEEN :from AND :to)';
  const now = JSON.stringify({ ':now': { S: new Date(road.now()).toISOString() } });
  const { partition, redrivenAt } = TableKeys;
  return {
    stays: `its record, written about ${first ?? 'an unknown time'}, has left the stream, which keeps 24 hours`,
    fix: [
      `find the items written at that time: aws dynamodb scan ${table} --projection-expression ${partition} --filter-expression ${quoted(among)} --expression-attribute-values ${quoted(between)}`,
      `publish each again (duplicates have no effect): aws dynamodb update-item ${table} --key '{"${partition}":{"S":"<${partition}>"}}' --update-expression 'SET ${redrivenAt} = :now' --condition-expression 'attribute_exists(${partition})' --expression-attribute-values ${quoted(now)}`,
      `then: ${discarding(road, messageId)}`,
    ].join('\n'),
  };
}

function writingAgain({ region }: Road, place: StreamPlace, key: Key): string {
  const table = `--table-name ${tableOf(place)} --region ${region}`;
  const file = 'redriven-item.json';
  return [
    `aws dynamodb get-item ${table} --key ${quoted(key)} --consistent-read --query Item > ${file}`,
    `aws dynamodb delete-item ${table} --key ${quoted(key)}`,
    `aws dynamodb put-item ${table} --item file://${file}`,
  ].join(' && ');
}

function ofDataStream(
  road: Road,
  { streamArn, shardId, startSequenceNumber, batchSize }: StreamPlace,
  id: string,
): Way {
  const name = streamArn.split('/')[1] ?? streamArn;
  return {
    stays: `its ${batchSize} records are in the data stream ${name}, whose other consumers must not receive them twice`,
    fix: `read them before their retention ends: aws kinesis get-records --region ${road.region} --limit ${batchSize} --shard-iterator "$(aws kinesis get-shard-iterator --region ${road.region} --stream-name ${name} --shard-id ${shardId} --shard-iterator-type AT_SEQUENCE_NUMBER --starting-sequence-number ${startSequenceNumber} --query ShardIterator --output text)"; then: ${discarding(road, id)}`,
  };
}

function tableOf({ streamArn }: StreamPlace): string {
  return streamArn.split('/')[1] ?? streamArn;
}
