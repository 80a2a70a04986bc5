import { describe, expect, it } from 'vitest';
import type { LocalEngine } from '../../../../local/engine/local-engine';
import { accountingLine } from '../../../../local/scenarios/accounting';
import { parseClickstreamEvent } from '../../../../patterns/data-pipeline/clickstream-schema';
import { type LakeContents, pipelineReport } from '../../../../patterns/data-pipeline/local/report';
import { type SentEvents, sendEvents } from '../../../../patterns/data-pipeline/local/traffic';
import { withDataPipeline } from '../engine-fixture';

/** A lake that has everything that it should. */
function fullLake(engine: LocalEngine): { rows: Map<string, number>; errors: string[] } {
  const stream = engine.stores.kinesis.stream(engine.find('AWS::Kinesis::Stream', 'ClickstreamEvents').name);
  const [rows, errors] = [new Map<string, number>(), [] as string[]];
  for (const { data } of stream.records()) {
    try {
      const { event_id } = parseClickstreamEvent(Buffer.from(data, 'base64'), engine.clock.now());
      rows.set(event_id, (rows.get(event_id) ?? 0) + 1);
    } catch {
      errors.push(data);
    }
  }
  return { rows, errors };
}

async function after(spoil: (engine: LocalEngine, lake: ReturnType<typeof fullLake>, sent: SentEvents) => void) {
  return withDataPipeline({}, async (engine) => {
    const sent = await sendEvents(engine, { events: 60, poison: 3, repeats: 0.2, seed: 7 });
    const lake = fullLake(engine);
    await engine.settle();
    spoil(engine, lake, sent);
    return pipelineReport(engine, sent, lake satisfies LakeContents, []);
  });
}

const table = (engine: LocalEngine) => engine.find('AWS::DynamoDB::Table', 'ClickstreamAggregates').name;
/** Adds to one total of one minute. */
function miscount(engine: LocalEngine, name: string, by: number): void {
  const { dynamodb } = engine.stores;
  const [{ pk, sk } = {}] = dynamodb
    .table(table(engine))
    .all()
    .filter(({ pk: key }) => key !== undefined && 'S' in key && key.S.startsWith('minute#'));
  dynamodb.call('UpdateItem', {
    TableName: table(engine),
    Key: { pk, sk },
    UpdateExpression: 'ADD #name :by',
    ExpressionAttributeNames: { '#name': name },
    ExpressionAttributeValues: { ':by': { N: String(by) } },
  });
}

describe('the account of what was accepted', () => {
  it('adds up after a good run, repeats and poison included', async () => {
    const { accounting, problems, sent } = await after(() => undefined);
    expect(problems).toEqual([]);
    expect(sent.repeated).toBeGreaterThan(0);
    expect(sent.mistakes).toBe(3);
    expect(accountingLine(accounting)).toBe(
      'accepted 63 = completed 60 + refused for a business reason 0 + dead-lettered 3 (poison)',
    );
  });

  it.each<[string, Parameters<typeof after>[0], RegExp]>([
    [
      'an event that is in no row',
      (_engine, { rows }) => rows.delete([...rows.keys()][0] ?? ''),
      /1 accepted events neither completed/,
    ],
    ['poison that the lake does not keep', (_engine, { errors }) => errors.pop(), /1 accepted events neither/],
    [
      'poison that the failure store does not keep',
      ({ stores, template }) => {
        const bucket = template.ofType('AWS::S3::Bucket').find(({ logicalId }) => logicalId.includes('Failures'))?.name;
        const [Key] = stores.s3.keys(bucket ?? '');
        stores.s3.call('DeleteObject', { Bucket: bucket, Key });
      },
      /accepted events neither/,
    ],
    ['an event that is not counted', (engine) => miscount(engine, 'events', -1), /1 accepted events neither/],
    [
      'a sum that is a cent off',
      (engine) => miscount(engine, 'amount_cents', 1),
      /1 live totals are not the sums of their events/,
    ],
    [
      'a record that was accepted and never came',
      (_engine, _lake, sent) => {
        sent.accepted.add('gone');
      },
      /never came to the stream\n1 accepted events neither/,
    ],
  ])('does not after %s', async (_, spoil, says) => {
    expect((await after(spoil)).problems.join('\n')).toMatch(says);
  });
});
