import { type AttributeValue, ConditionalCheckFailedException, QueryCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { TableKeys } from '../../../lib/runtime/contract';
import { AGGREGATE_DAYS, AggregateKeys, type AlertRule, alertKey, minuteKey } from '../contract';
import type { MinuteOfShard } from './batch';

/**
 * Reports a breach once for each rule and minute, whichever shards see it. A claim goes before the message and a mark
 * behind it: a crash between them makes the batch come again, whose shard alone may take the claim up. Only a crash between
 * the message and the mark can tell twice.
 */
export class Alerts {
  constructor(
    private readonly documents: DynamoDBDocumentClient,
    private readonly sns: SNSClient,
    private readonly TableName: string,
    private readonly TopicArn: string,
    private readonly rules: readonly AlertRule[],
  ) {}

  /** Looks at a minute's totals over all shards, and reports those above a rule's bound. */
  async evaluate({ minute, shard }: MinuteOfShard): Promise<void> {
    if (this.rules.length === 0) return;
    const shards = await this.shardsOf(minute);
    for (const rule of this.rules) {
      const total = shards.reduce((sum, item) => sum + BigInt(item[rule.of]?.N ?? 0), 0n);
      if (total > rule.above && (await this.claim(rule, minute, shard))) await this.tell(rule, minute, total);
    }
  }

  /** The totals as DynamoDB has them, whose numbers have more digits than a double. */
  private async shardsOf(minute: string): Promise<Record<string, AttributeValue>[]> {
    const items: Record<string, AttributeValue>[] = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.documents.send(
        new QueryCommand({
          TableName: this.TableName,
          KeyConditionExpression: '#pk = :minute',
          ExpressionAttributeNames: { '#pk': TableKeys.partition },
          ExpressionAttributeValues: { ':minute': { S: minuteKey(minute) } },
          // Of two shards that pass the bound together, the later one sees both.
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      );
      items.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return items;
  }

  /** @returns whether the breach is this shard's to tell */
  private async claim(rule: AlertRule, minute: string, shard: string): Promise<boolean> {
    try {
      await this.documents.send(
        new PutCommand({
          TableName: this.TableName,
          Item: {
            [TableKeys.partition]: alertKey(rule.name),
            [AggregateKeys.sort]: minute,
            shard,
            sent: false,
            [TableKeys.expiresAt]: Math.floor(Date.parse(`${minute}:00Z`) / 1000) + AGGREGATE_DAYS * 86_400,
          },
          ConditionExpression: 'attribute_not_exists(#pk) OR (#shard = :shard AND #sent = :no)',
          ExpressionAttributeNames: { '#pk': TableKeys.partition, '#shard': 'shard', '#sent': 'sent' },
          ExpressionAttributeValues: { ':shard': shard, ':no': false },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  private async tell(rule: AlertRule, minute: string, total: bigint): Promise<void> {
    const breach = JSON.stringify({ alert: rule.name, minute, of: rule.of, above: rule.above });
    // JSON bounds no number's digits, and JSON.stringify takes no integer of that kind.
    const Message = `${breach.slice(0, -1)},"total":${total}}`;
    await this.sns.send(new PublishCommand({ TopicArn: this.TopicArn, Subject: `Alert: ${rule.name}`, Message }));
    await this.documents.send(
      new UpdateCommand({
        TableName: this.TableName,
        Key: { [TableKeys.partition]: alertKey(rule.name), [AggregateKeys.sort]: minute },
        UpdateExpression: 'SET #sent = :yes',
        ExpressionAttributeNames: { '#sent': 'sent' },
        ExpressionAttributeValues: { ':yes': true },
      }),
    );
  }
}
