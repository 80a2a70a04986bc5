import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { isDenied } from '../../../lib/operations/aws-errors';
import type { FirstRequest, FirstRequestPlace } from '../../../lib/operations/try/first-request';
import { TableKeys } from '../../../lib/runtime/contract';
import type { ClickstreamEvent } from '../clickstream-schema';
import { minuteKey } from '../contract';

/** The aggregator reads once a second; the first time it also starts. */
const TOTALS_WITHIN_MS = 60_000;
const LOOKS_EVERY_MS = 2000;

/** The first request to the pipeline: an event, and the totals of its minute. */
export const firstEvent: FirstRequest = {
  outputs: ['EventsUrl', 'AggregatesTable', 'Workgroup'],
  logs: /(PostEvent|Aggregator)LogGroup/,
  run: async (place) => {
    const { outputs, ask, show, tell, now, newKey } = place;
    const { EventsUrl: url = '', AggregatesTable: table = '', Workgroup = '' } = outputs;
    const begun = now();
    const body: ClickstreamEvent = {
      event_id: newKey(),
      event_type: 'purchase',
      occurred_at: new Date(begun).toISOString(),
      session_id: newKey(),
      page: '/checkout',
      amount_cents: 1990,
    };
    const posting = { method: 'POST', url, body } as const;
    show(posting, await ask(posting));
    tell(`\n${await totalsOf(place, table, begun)}`);
    tell(
      `Within ten minutes it is in the lake: run the saved query EventsPerMinute in Athena's workgroup ${Workgroup}. The event stays.`,
    );
    return posting;
  },
};

/** The totals of the minute in which an event came, as soon as there are some; or how to read them. */
async function totalsOf({ config, pause, now, say, region }: FirstRequestPlace, table: string, begun: number) {
  const byHand =
    `aws dynamodb query --region ${region} --table-name ${table} --key-condition-expression 'pk = :minute' ` +
    `--expression-attribute-values '{":minute":{"S":"${minuteKey(minuteOf(begun))}"}}'`;
  const dynamodb = new DynamoDBClient(config);
  try {
    say('Waiting for the live totals …');
    while (now() - begun < TOTALS_WITHIN_MS) {
      for (const minute of new Set([minuteOf(begun), minuteOf(now())])) {
        const shards = await shardsOf(dynamodb, table, minute);
        if (shards.length > 0) return `Live totals of ${minute.replace('T', ' ')}: ${described(shards)}.`;
      }
      await pause(LOOKS_EVERY_MS);
    }
    return `No live totals yet after ${TOTALS_WITHIN_MS / 1000} s. Look again: ${byHand}`;
  } catch (error) {
    if (!isDenied(error)) throw error;
    return `The live totals cannot be read (dynamodb:Query, and kms:Decrypt on the table's key). With both: ${byHand}`;
  } finally {
    dynamodb.destroy();
  }
}

/** One item for each shard. */
async function shardsOf(dynamodb: DynamoDBClient, TableName: string, minute: string) {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: '#pk = :minute',
      ExpressionAttributeNames: { '#pk': TableKeys.partition },
      ExpressionAttributeValues: { ':minute': { S: minuteKey(minute) } },
    }),
  );
  return Items.map((item) => unmarshall(item) as Readonly<Record<string, unknown>>);
}

function described(shards: readonly Readonly<Record<string, unknown>>[]): string {
  const sum = (name: string) => shards.reduce((total, shard) => total + Number(shard[name] ?? 0), 0);
  return ['events', 'purchase', 'amount_cents'].map((name) => `${name} ${sum(name)}`).join(', ');
}

/** `2026-11-23T10:15`, as the aggregator names minutes. */
function minuteOf(time: number): string {
  return new Date(time).toISOString().slice(0, 16);
}
