// @project unit
// @node24

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { sortable } from '../../../../patterns/data-pipeline/contract';
import type { MinuteOfShard } from '../../../../patterns/data-pipeline/runtime/batch';
import { Totals } from '../../../../patterns/data-pipeline/runtime/totals';

const MINUTE = '2026-11-24T10:15';
const minuteOf = (...numbers: number[]): MinuteOfShard => ({
  minute: MINUTE,
  shard: 'shardId-1',
  records: numbers.map((number) => ({
    sequenceNumber: String(number),
    event: { event_id: 'e', event_type: 'purchase', occurred_at: '', session_id: 's', page: '/', amount_cents: 5 },
  })),
});

/** A table in which so many records are counted, as each write meets it. */
function tableOf(...counted: (number | undefined | Error)[]) {
  const inputs: Record<string, unknown>[] = [];
  const send = async ({ input }: { readonly input: Record<string, unknown> }) => {
    inputs.push(input);
    const last = counted.shift();
    if (last instanceof Error) throw last;
    if (last === undefined) return {};
    const Item = { lastSequence: { S: sortable(String(last)) } };
    throw new ConditionalCheckFailedException({ message: 'counted', $metadata: {}, Item });
  };
  const documents = { send } as unknown as DynamoDBDocumentClient;
  const added = () =>
    inputs.map(({ ExpressionAttributeValues: values }) => (values as { ':events': bigint })[':events']);
  return { totals: new Totals(documents, 'totals'), inputs, added };
}

describe('the totals of a minute', () => {
  it('are added by one write, for 30 days, unless they are counted', async () => {
    const { totals, inputs } = tableOf();
    expect(await totals.add(minuteOf(7, 8, 9))).toBe(0);
    const names = ['events', 'amount_cents', 'page_view', 'click', 'add_to_cart', 'purchase'];
    expect(inputs).toEqual([
      {
        TableName: 'totals',
        Key: { pk: `minute#${MINUTE}`, sk: 'shardId-1' },
        UpdateExpression: `ADD ${names.map((name) => `#${name} :${name}`).join(', ')} SET #last = :last, #expires = :expires`,
        ConditionExpression: 'attribute_not_exists(#last) OR #last < :first',
        ExpressionAttributeNames: {
          '#last': 'lastSequence',
          '#expires': 'expiresAt',
          ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
        },
        ExpressionAttributeValues: {
          ':last': sortable('9'),
          ':first': sortable('7'),
          ':expires': Date.parse('2026-11-24T10:15:00Z') / 1000 + 30 * 24 * 60 * 60,
          ':events': 3n,
          ':amount_cents': 15n,
          ':page_view': 0n,
          ':click': 0n,
          ':add_to_cart': 0n,
          ':purchase': 3n,
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    ]);
  });

  it('leave out what is counted, up to the very record', async () => {
    const { totals, added } = tableOf(8, undefined);
    expect(await totals.add(minuteOf(7, 8, 9, 10))).toBe(2);
    expect(added()).toEqual([4n, 2n]);
  });

  it('are done where all is counted, and compare numbers, not words', async () => {
    const { totals, added } = tableOf(10);
    expect(await totals.add(minuteOf(8, 9, 10))).toBe(3);
    expect(added()).toEqual([3n]);
  });

  it('of nothing are not written', async () => {
    const { totals, inputs } = tableOf();
    expect(await totals.add(minuteOf())).toBe(0);
    expect(inputs).toEqual([]);
  });

  it('go on while another leaves less to add, and fail where it leaves as much', async () => {
    const { totals, added } = tableOf(7, 8, undefined);
    expect(await totals.add(minuteOf(7, 8, 9))).toBe(2);
    expect(added()).toEqual([3n, 2n, 1n]);
    const message = `The totals of ${MINUTE} changed while they were read`;
    await expect(tableOf(6).totals.add(minuteOf(7, 8))).rejects.toThrow(message);
    await expect(tableOf(7, 7).totals.add(minuteOf(7, 8))).rejects.toThrow(message);
  });

  it('fail by any other error, and by an item that says nothing', async () => {
    await expect(tableOf(new Error('no')).totals.add(minuteOf(7))).rejects.toThrow('no');
    for (const Item of [undefined, {}]) {
      const refusal = new ConditionalCheckFailedException({ message: 'x', $metadata: {}, ...(Item && { Item }) });
      await expect(tableOf(refusal).totals.add(minuteOf(7))).rejects.toThrow('changed while they were read');
    }
  });
});
