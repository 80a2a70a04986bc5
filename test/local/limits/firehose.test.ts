import { expect } from 'vitest';
import { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { LocalKinesis } from '../../../local/aws/kinesis/service';
import { LocalS3 } from '../../../local/aws/s3';
import { sleep } from '../../../local/clock/clock';
import type { EngineContext } from '../../../local/engine/context';
import { type CheckedDestination, checkDeliveryStream } from '../../../local/engine/delivery-limits';
import { DeliveryStream } from '../../../local/engine/delivery-stream';
import { FIREHOSE_LIMITS } from '../../../local/limits/firehose';
import { EngineFixture, LOCATION } from '../engine/engine-fixture';
import { onBothSides, outcome, testEachLimit } from './both-sides-fixture';

const ERROR_TYPE = '!{firehose:error-output-type}';
const DAY = 'date=!{timestamp:yyyy-MM-dd}/';
const text = (length: number) => 'x'.repeat(Math.max(0, length));
const converts = { DataFormatConversionConfiguration: { Enabled: true } };
const check = (destination: CheckedDestination, name = 'lake') => checkDeliveryStream(name, destination);
const hints = (BufferingHints: CheckedDestination['BufferingHints'], more: CheckedDestination = {}) =>
  check({ ...more, BufferingHints });
const processing = (ParameterName: string, value: number): CheckedDestination => ({
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [{ Parameters: [{ ParameterName, ParameterValue: String(value) }] }],
  },
});

/** What becomes of a record whose transformation takes some time: how often it was tried, and where it is. */
async function transformed(ms: number): Promise<{ tries: number; delivered: number; failed: number }> {
  const fixture = new EngineFixture();
  const { clock, metrics, hops } = fixture;
  let tries = 0;
  const fn = fixture.fn(
    async (event) => {
      tries += 1;
      await sleep(clock, ms);
      const { records } = event as { records: { recordId: string; data: string }[] };
      return { records: records.map(({ recordId, data }) => ({ recordId, data, result: 'Ok' })) };
    },
    {},
    { timeout: 900 },
  );
  const of = (Type: string, Properties: Record<string, unknown>) => ({ Type, Properties });
  const StorageDescriptor = { Columns: [{ Name: 'a', Type: 'string' }] };
  const Resources = {
    Table: of('AWS::Glue::Table', { TableInput: { Name: 'events', StorageDescriptor } }),
    Clicks: of('AWS::Kinesis::Stream', { Name: 'clicks' }),
    Lake: of('AWS::KinesisFirehose::DeliveryStream', {
      KinesisStreamSourceConfiguration: { KinesisStreamARN: { 'Fn::GetAtt': ['Clicks', 'Arn'] } },
      ExtendedS3DestinationConfiguration: {
        BucketARN: 'arn:aws:s3:::lake',
        ErrorOutputPrefix: `errors/${ERROR_TYPE}/`,
        DataFormatConversionConfiguration: {
          Enabled: true,
          InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
          SchemaConfiguration: { TableName: { Ref: 'Table' } },
        },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'Lambda',
              Parameters: [
                { ParameterName: 'LambdaArn', ParameterValue: 'arn' },
                { ParameterName: 'NumberOfRetries', ParameterValue: '1' },
              ],
            },
          ],
        },
      },
    }),
  };
  const template = new ResolvedTemplate({ Resources }, { ...LOCATION, stackName: 'Mine' });
  const [resource] = template.ofType('AWS::KinesisFirehose::DeliveryStream');
  const [source] = template.ofType('AWS::Kinesis::Stream');
  if (resource === undefined || source === undefined) throw new Error('no delivery stream');
  const kinesis = new LocalKinesis(LOCATION, () => clock.now());
  const s3 = new LocalS3(() => clock.now());
  s3.createBucket('lake');
  const settings = { shards: 1, retention: 86_400, maxRecordBytes: 1024 ** 2, encrypted: false };
  kinesis.createStream({ ...settings, name: source.name });
  const engine = {
    ...{ template, clock, metrics, hops, deployment: template.deployment },
    stores: { kinesis, s3 },
    newId: () => 'id',
    functionOf: () => fn,
  } as unknown as EngineContext;
  const lake = new DeliveryStream(engine, resource);
  lake.start();
  const Data = Buffer.from('{"a":"b"}').toString('base64');
  kinesis.call('PutRecord', { StreamName: source.name, PartitionKey: 'k', Data });
  await clock.settle();
  lake.stop();
  return { tries, delivered: lake.delivered, failed: lake.failed };
}

testEachLimit(FIREHOSE_LIMITS, {
  name: (limit) => onBothSides(limit, (length) => check({}, text(length))),
  bufferSize: (limit) => onBothSides(limit, (SizeInMBs) => hints({ SizeInMBs })),
  convertedBufferSize: (limit) => onBothSides(limit, (SizeInMBs) => hints({ SizeInMBs }, converts)),
  bufferSeconds: (limit) => onBothSides(limit, (IntervalInSeconds) => hints({ IntervalInSeconds })),
  compression: async ({ error }) => {
    const compressed = (CompressionFormat: string, more: CheckedDestination = converts) =>
      outcome(() => check({ ...more, CompressionFormat }));
    expect(await compressed('UNCOMPRESSED')).toBeUndefined();
    expect(await compressed('GZIP', {})).toBeUndefined();
    for (const format of ['GZIP', 'Snappy', 'ZIP']) expect(await compressed(format)).toBe(error);
  },
  transformMegabytes: async ({ min, max, error }) => {
    const of = (megabytes: number) => outcome(() => check(processing('BufferSizeInMBs', megabytes)));
    for (const good of [min, 1, max]) expect(await of(good)).toBeUndefined();
    for (const bad of [0, min - 0.01, max + 0.01, 128, Number.NaN]) expect(await of(bad)).toBe(error);
  },
  transformSeconds: (limit) => onBothSides(limit, (seconds) => check(processing('BufferIntervalInSeconds', seconds))),
  transformRetries: (limit) => onBothSides(limit, (retries) => check(processing('NumberOfRetries', retries))),
  transformTime: async ({ max }) => {
    expect(await transformed(max - 1)).toEqual({ tries: 1, delivered: 1, failed: 0 });
    expect(await transformed(max + 1)).toEqual({ tries: 2, delivered: 0, failed: 1 });
  },
  prefix: async (limit) => {
    await onBothSides(limit, (length) => check({ Prefix: text(length) }));
    await onBothSides(limit, (length) => check({ ErrorOutputPrefix: text(length) }));
  },
  errorPrefix: async ({ error }) => {
    const good = [
      { Prefix: 'a/' },
      { Prefix: DAY, ErrorOutputPrefix: `e/${ERROR_TYPE}/` },
      { ErrorOutputPrefix: 'e/' },
    ];
    for (const destination of good) expect(await outcome(() => check(destination))).toBeUndefined();
    const bad = [
      { Prefix: DAY },
      { Prefix: DAY, ErrorOutputPrefix: 'e/' },
      { Prefix: ERROR_TYPE, ErrorOutputPrefix: ERROR_TYPE },
    ];
    for (const destination of bad) expect(await outcome(() => check(destination))).toBe(error);
  },
});
