// @project unit
// @node24

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { AlertRule } from '../../../../patterns/data-pipeline/contract';
import { Alerts } from '../../../../patterns/data-pipeline/runtime/alerts';

const MINUTE = '2026-11-24T10:15';
const RULE: AlertRule = { name: 'rush', of: 'events', above: 150 };
type Item = Record<string, { N: string }>;

/** Totals by the pages of a query. */
async function evaluated(pages: readonly (readonly Item[] | undefined)[], rules = [RULE], refusal?: Error) {
  const calls: [string, Record<string, unknown>][] = [];
  const left = [...pages];
  const send = async (command: { readonly input: Record<string, unknown> }) => {
    const { name } = command.constructor;
    calls.push([name, command.input]);
    if (name === 'PutCommand' && refusal !== undefined) throw refusal;
    if (name !== 'QueryCommand') return {};
    const Items = left.shift();
    return { Items, ...(left.length > 0 && { LastEvaluatedKey: { page: { N: String(left.length) } } }) };
  };
  const client = { send } as unknown;
  const alerts = new Alerts(client as DynamoDBDocumentClient, client as SNSClient, 'totals', 'topic', rules);
  await alerts.evaluate({ minute: MINUTE, shard: 'shardId-1', records: [] });
  return { calls, names: calls.map(([name]) => name) };
}
const events = (count: number | string): Item => ({ events: { N: String(count) } });
const TOLD = ['QueryCommand', 'PutCommand', 'PublishCommand', 'UpdateCommand'];

describe('a breach', () => {
  it.each([
    [149, ['QueryCommand']],
    [150, ['QueryCommand']],
    [151, TOLD],
  ])('is what is above the bound of 150: %i', async (count, expected) => {
    expect((await evaluated([[events(count)]])).names).toEqual(expected);
  });

  it('is of all shards, on all pages, and of what the rule adds up', async () => {
    const { calls, names } = await evaluated([[events(100), { click: { N: '900' } }], undefined, [events(51)]]);
    expect(names).toEqual(['QueryCommand', 'QueryCommand', ...TOLD]);
    const query = {
      TableName: 'totals',
      KeyConditionExpression: '#pk = :minute',
      ExpressionAttributeNames: { '#pk': 'pk' },
      ExpressionAttributeValues: { ':minute': { S: `minute#${MINUTE}` } },
      ConsistentRead: true,
    };
    expect(calls.slice(0, 3).map(([, input]) => input)).toEqual([
      { ...query, ExclusiveStartKey: undefined },
      { ...query, ExclusiveStartKey: { page: { N: '2' } } },
      { ...query, ExclusiveStartKey: { page: { N: '1' } } },
    ]);
    expect((await evaluated([[events(100), events(50)]])).names).toEqual(['QueryCommand']);
  });

  it('is claimed for 30 days, told, and marked as told', async () => {
    const { calls } = await evaluated([[events('9007199254740993')]]);
    const [, [, claim], [, told], [, mark]] = calls as [unknown, [string, object], [string, object], [string, object]];
    expect(claim).toEqual({
      TableName: 'totals',
      Item: {
        pk: 'alert#rush',
        sk: MINUTE,
        shard: 'shardId-1',
        sent: false,
        expiresAt: Date.parse('2026-11-24T10:15:00Z') / 1000 + 30 * 24 * 60 * 60,
      },
      ConditionExpression: 'attribute_not_exists(#pk) OR (#shard = :shard AND #sent = :no)',
      ExpressionAttributeNames: { '#pk': 'pk', '#shard': 'shard', '#sent': 'sent' },
      ExpressionAttributeValues: { ':shard': 'shardId-1', ':no': false },
    });
    expect(told).toEqual({
      TopicArn: 'topic',
      Subject: 'Alert: rush',
      Message: `{"alert":"rush","minute":"${MINUTE}","of":"events","above":150,"total":9007199254740993}`,
    });
    expect(mark).toEqual({
      TableName: 'totals',
      Key: { pk: 'alert#rush', sk: MINUTE },
      UpdateExpression: 'SET #sent = :yes',
      ExpressionAttributeNames: { '#sent': 'sent' },
      ExpressionAttributeValues: { ':yes': true },
    });
  });

  it('is told by one shard, and fails by any other error', async () => {
    const taken = new ConditionalCheckFailedException({ message: 'taken', $metadata: {} });
    expect((await evaluated([[events(151)]], [RULE], taken)).names).toEqual(['QueryCommand', 'PutCommand']);
    await expect(evaluated([[events(151)]], [RULE], new Error('no'))).rejects.toThrow('no');
  });

  it('is looked for by each rule, at one look, and not at all without rules', async () => {
    const other: AlertRule = { name: 'clicks', of: 'click', above: 0 };
    const { names } = await evaluated([[events(151), { click: { N: '1' } }]], [RULE, other]);
    expect(names).toEqual([...TOLD, ...TOLD.slice(1)]);
    expect((await evaluated([], [])).names).toEqual([]);
  });
});
