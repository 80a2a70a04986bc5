import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { TableKeys } from '../../../lib/runtime/contract';
import { AGGREGATE_DAYS, AggregateKeys, minuteKey, sortable } from '../contract';
import { type MinuteOfShard, type PlacedEvent, SUM_NAMES, sumsOf } from './batch';

/**
 * Totals in DynamoDB, an item for each minute and shard: one write for all records of a batch, not one for each.
 *
 * A shard is read in order, so "everything up to this sequence number is counted" says it all. It stands in the item that
 * it guards: a batch that comes again, cut as it may be, finds what of it is counted (kinesis-order-per-key).
 */
export class Totals {
  constructor(
    private readonly documents: DynamoDBDocumentClient,
    private readonly TableName: string,
  ) {}

  /** Adds what is not counted yet. @returns how many records were */
  async add(minute: MinuteOfShard): Promise<number> {
    let rest = minute.records;
    for (;;) {
      const [first] = rest;
      if (first === undefined) return minute.records.length;
      const counted = await this.addAll(minute, rest, first);
      if (counted === undefined) return minute.records.length - rest.length;
      const behind = rest.filter(({ sequenceNumber }) => sortable(sequenceNumber) > counted);
      // Someone else is at work on the shard, as after a time-out: each try still leaves less to add.
      if (behind.length === rest.length) throw new Error(`The totals of ${minute.minute} changed while they were read`);
      rest = behind;
    }
  }

  /** @returns undefined when it was added, else the last record that is counted already */
  private async addAll(
    { minute, shard }: MinuteOfShard,
    records: readonly PlacedEvent[],
    first: PlacedEvent,
  ): Promise<string | undefined> {
    const last = records.at(-1) ?? first;
    const sums = sumsOf(records);
    const names = SUM_NAMES.map((name) => `#${name} :${name}`).join(', ');
    try {
      await this.documents.send(
        new UpdateCommand({
          TableName: this.TableName,
          Key: { [TableKeys.partition]: minuteKey(minute), [AggregateKeys.sort]: shard },
          UpdateExpression: `ADD ${names} SET #last = :last, #expires = :expires`,
          ConditionExpression: 'attribute_not_exists(#last) OR #last < :first',
          ExpressionAttributeNames: {
            '#last': AggregateKeys.lastSequence,
            '#expires': TableKeys.expiresAt,
            ...Object.fromEntries(SUM_NAMES.map((name) => [`#${name}`, name])),
          },
          ExpressionAttributeValues: {
            ':last': sortable(last.sequenceNumber),
            ':first': sortable(first.sequenceNumber),
            ':expires': Math.floor(Date.parse(`${minute}:00Z`) / 1000) + AGGREGATE_DAYS * 86_400,
            ...Object.fromEntries(SUM_NAMES.map((name) => [`:${name}`, sums[name]])),
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item?.[AggregateKeys.lastSequence]?.S ?? '';
    }
  }
}
