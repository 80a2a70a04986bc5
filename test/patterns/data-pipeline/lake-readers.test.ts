import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { DeliveryStream } from '../../../local/engine/delivery-stream';
import type { LocalEngine } from '../../../local/engine/local-engine';
import { openLake } from '../../../local/lake/query-engine';
import { ClickstreamPipeline } from '../../../patterns/data-pipeline';
import { MAX_CENTS } from '../../../patterns/data-pipeline/clickstream-schema';
import { createProducer, type PutRecordsAnswer } from '../../../patterns/data-pipeline/producer';
import { resourcesOf, testApp } from '../../synthesize';
import { withDataPipeline } from './engine-fixture';

const streamOf = (engine: LocalEngine) => engine.find('AWS::Kinesis::Stream', 'ClickstreamEvents').name;
const put = (engine: LocalEngine, ...texts: readonly string[]) =>
  engine.stores.kinesis.call('PutRecords', {
    StreamName: streamOf(engine),
    Records: texts.map((text, index) => ({ Data: Buffer.from(text).toString('base64'), PartitionKey: `k${index}` })),
  });
const event = (engine: LocalEngine, id: string, more: object = {}) => ({
  event_id: id,
  event_type: 'purchase' as const,
  occurred_at: new Date(engine.clock.now()).toISOString(),
  session_id: `s-${id}`,
  page: '/checkout',
  amount_cents: 1990,
  ...more,
});

/** The rows of the lake, read by an engine that is not ours; and what is under its error prefix. */
async function lakeOf(engine: LocalEngine) {
  const bucket = engine.find('AWS::S3::Bucket', 'ClickstreamLake').name;
  const folder = mkdtempSync(join(tmpdir(), 'groundplan-readers-'));
  try {
    const keys = engine.stores.s3.keys(bucket);
    for (const Key of keys) {
      const { Body } = engine.stores.s3.call('GetObject', { Bucket: bucket, Key }) as { Body: Buffer };
      mkdirSync(dirname(join(folder, Key)), { recursive: true });
      writeFileSync(join(folder, Key), Body);
    }
    const errors = keys.filter((key) => key.startsWith('errors/'));
    if (!keys.some((key) => key.startsWith('events/'))) return { rows: [], errors };
    const lake = await openLake(join(folder, 'events'));
    try {
      const rows = await lake.query('SELECT event_id, occurred_at, amount_cents FROM events ORDER BY event_id');
      return { rows, errors };
    } finally {
      lake.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.each([true, false])('with lake: { transform: %s }', (transform) => {
  it('all readers take the event that producers are told to send, with the time as it is', async () => {
    await withDataPipeline({ props: { lake: { transform } } }, async (engine) => {
      const send = createProducer({
        putRecords: async (records) =>
          engine.stores.kinesis.call('PutRecords', {
            StreamName: streamOf(engine),
            Records: records.map(({ Data, PartitionKey }) => ({
              Data: Buffer.from(Data).toString('base64'),
              PartitionKey,
            })),
          }) as PutRecordsAnswer,
        onUnsent: (_events, _why, cause) => {
          throw cause;
        },
        now: () => engine.clock.now(),
      });
      const times = ['2025-12-31T23:59:59Z', '2025-12-31T23:59:59.5Z', '2025-12-31T23:59:59.123Z'];
      const events = times.map((occurred_at, index) =>
        event(engine, `e${index}`, { occurred_at, amount_cents: MAX_CENTS }),
      );
      await send(events);
      put(engine, '{"broken":');
      await engine.settle();
      expect(engine.metrics.total('EventsAggregated')).toBe(times.length);
      expect(engine.metrics.total('EventsRejected')).toBe(1);
      const { rows, errors } = await lakeOf(engine);
      expect(rows.map((row) => Object.values(row).map(String))).toEqual([
        ['e0', '2025-12-31 23:59:59', String(MAX_CENTS)],
        ['e1', '2025-12-31 23:59:59.5', String(MAX_CENTS)],
        ['e2', '2025-12-31 23:59:59.123', String(MAX_CENTS)],
      ]);
      expect(errors).toHaveLength(1);
    });
  });
});

describe('Firehose begins where the stream ends', () => {
  it('in the engine: what came before it is counted and never in the lake', async () => {
    await withDataPipeline({}, async (engine) => {
      const [first] = engine.deliveries;
      first?.stop();
      put(engine, JSON.stringify(event(engine, 'early')));
      const [resource] = engine.template.ofType('AWS::KinesisFirehose::DeliveryStream');
      if (resource === undefined) throw new Error('no delivery stream');
      const later = new DeliveryStream(engine, resource);
      later.start();
      put(engine, JSON.stringify(event(engine, 'late')));
      await engine.settle();
      expect(engine.metrics.total('EventsAggregated')).toBe(2);
      expect((await lakeOf(engine)).rows.map(({ event_id }) => event_id)).toEqual(['late']);
      later.stop();
    });
  });

  it.each(['jwt', 'iam'] as const)('so that the API takes no event before there is a delivery: %s', (authorizer) => {
    const pipeline = new ClickstreamPipeline(new Stack(testApp(), 'Mine'), 'Clicks', {
      alarmEmail: 'ops@example.com',
      api: { authorizer },
    });
    const entry = join(__dirname, '../../package/fresh-app/loyalty.ts');
    pipeline.addTable('visits', { entry, columns: [{ name: 'session_id', type: 'string' }] });
    const template = Template.fromStack(Stack.of(pipeline));
    const deliveries = Object.keys(resourcesOf(template, 'AWS::KinesisFirehose::DeliveryStream'));
    expect(deliveries).toHaveLength(2);
    const writers = template.toJSON().Resources as Record<string, { Type: string; DependsOn?: string[] }>;
    const routes = Object.values(writers).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route');
    expect(routes).toHaveLength(1);
    for (const { DependsOn = [] } of routes) expect(DependsOn).toEqual(expect.arrayContaining(deliveries));
  });
});
