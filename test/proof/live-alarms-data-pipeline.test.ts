import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { STAGE_NAMES, type StageName } from '../../lib';
import { MutableTemplate } from '../../local/weaken/mutable-template';
import { dataPipelineStack, resourcesOf, testApp } from '../synthesize';
import { ANY, property, type Resources } from './live-alarms-emitted';
import { metricsOfDataPipeline } from './live-alarms-handlers';
import { alarmsOn, expectAlarms, expectLiveAlarms, expectLiveGraphs } from './live-alarms-rules';
import { graphsOf, isEmitted, metricsOf, named, type OwnMetrics } from './live-alarms-template';

const HANDLERS = join(__dirname, '../../patterns/data-pipeline/handlers');

/** The pattern as it comes, and with everything that can be added to it or left out. */
const SHAPES = {
  plain: (stage: StageName) => dataPipelineStack(testApp(), stage),
  extended: (stage: StageName) => {
    const stack = dataPipelineStack(testApp(), stage, { alerts: [{ name: 'rush', of: 'events', above: 100 }] });
    stack.pipeline.addConsumer('fraud', { entry: join(HANDLERS, 'aggregate-events.ts') });
    const columns = [{ name: 'page', type: 'string', comment: 'path of the page' }];
    stack.pipeline.addTable('clicks', { entry: join(HANDLERS, 'transform-events.ts'), columns });
    return stack;
  },
  bare: (stage: StageName) => dataPipelineStack(testApp(), stage, { api: false, lake: { transform: false } }),
} as const;

const templates = new Map<string, Resources>();
function resourcesIn(stage: StageName, shape: keyof typeof SHAPES): Resources {
  const key = `${stage} ${shape}`;
  const known = templates.get(key) ?? resourcesOf(Template.fromStack(SHAPES[shape](stage)));
  templates.set(key, known);
  return known;
}

let own: OwnMetrics;
beforeAll(async () => {
  own = await metricsOfDataPipeline();
});

const ofType = (resources: Resources, type: string) => Object.values(resources).filter(({ Type }) => Type === type);

const variants = STAGE_NAMES.flatMap((stage) =>
  (Object.keys(SHAPES) as (keyof typeof SHAPES)[]).map((shape) => [stage, shape] as const),
);

describe.each(variants)('alarms in %s, %s', (stage, shape) => {
  const resources = resourcesIn(stage, shape);
  const full = stage !== 'dev';
  const mappings = ofType(resources, 'AWS::Lambda::EventSourceMapping');
  const deliveries = ofType(resources, 'AWS::KinesisFirehose::DeliveryStream');

  it('watch metrics that the resource really emits, act on the topic, and say what missing data means', () => {
    expectLiveAlarms(resources, own);
  });

  it('fixture beside graphs of metrics that exist', () => {
    expectLiveGraphs(resources, own, full ? 15 : 0);
  });

  it('watch what each stream refuses, to writers and to readers, and how far they lag', () => {
    const streams = ofType(resources, 'AWS::Kinesis::Stream');
    expect(streams).toHaveLength(1);
    expectAlarms(resources, streams, [
      'WriteProvisionedThroughputExceeded',
      'ReadProvisionedThroughputExceeded',
      'GetRecords.IteratorAgeMilliseconds',
    ]);
  });

  it('watch what each mapping gave up, and how far each of their functions is behind', () => {
    expect(mappings).toHaveLength(shape === 'extended' ? 2 : 1);
    expectAlarms(resources, mappings, [
      'OnFailureDestinationDeliveredEventCount',
      ...(full ? ['DroppedEventCount'] : []),
    ]);
    const functions = mappings.map(({ Properties }) => named(Properties['FunctionName'], resources));
    expectAlarms(resources, defined(functions), ['IteratorAge', 'Errors', ...(full ? ['Invocations'] : [])]);
  });

  it('watch the throttles of each function, and the errors of each that nobody waits for', () => {
    const functions = ofType(resources, 'AWS::Lambda::Function').filter(
      (fn) => property(fn, 'Environment.Variables') !== undefined,
    );
    expect(functions).toHaveLength({ plain: 3, extended: 5, bare: 1 }[shape]);
    expectAlarms(resources, functions, ['Throttles']);
    // Whoever posts an event waits, and gets a 5xx, which the API's alarm counts.
    const waitedFor = (fn: (typeof functions)[number]) =>
      property(fn, 'Environment.Variables.POWERTOOLS_SERVICE_NAME') === 'post-event';
    expect(functions.filter(waitedFor)).toHaveLength(shape === 'bare' ? 0 : 1);
    expectAlarms(
      resources,
      functions.filter((fn) => !waitedFor(fn)),
      ['Errors'],
    );
  });

  it('watch what each delivery stream writes, converts and reads', () => {
    expect(deliveries).toHaveLength(shape === 'extended' ? 2 : 1);
    expectAlarms(resources, deliveries, [
      'DeliveryToS3.DataFreshness',
      'FailedConversion.Records',
      ...(full ? ['DataReadFromKinesisStream.Records'] : []),
    ]);
    for (const delivery of deliveries) {
      const interval = property(delivery, 'ExtendedS3DestinationConfiguration.BufferingHints.IntervalInSeconds');
      const [freshness] = alarmsOn(resources, 'DeliveryToS3.DataFreshness', delivery);
      // Seconds, and more than the interval and the minute that the transform gathers, or it goes off on a quiet day.
      expect(freshness?.Properties['Threshold']).toBe(2 * Number(interval));
      expect(freshness?.Properties['ComparisonOperator']).toBe('GreaterThanThreshold');
    }
  });

  it('go off when an hour of queries scans what ten may at the most', () => {
    const [workgroup] = ofType(resources, 'AWS::Athena::WorkGroup');
    const [scans] = workgroup === undefined ? [] : alarmsOn(resources, 'ProcessedBytes', workgroup);
    const most = Number(property(workgroup, 'WorkGroupConfiguration.BytesScannedCutoffPerQuery'));
    expect(scans?.Properties).toMatchObject({ Threshold: 10 * most, Period: 3600, Statistic: 'Sum' });
  });

  it('include the three that every system needs', () => {
    const names = ofType(resources, 'AWS::CloudWatch::Alarm').flatMap(metricsOf);
    const expected = ['GetRecords.IteratorAgeMilliseconds', ...(shape === 'bare' ? [] : ['5xx', 'Latency'])];
    expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(expected));
  });
});

function defined<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value): value is T => value !== undefined);
}

it.each(STAGE_NAMES)('a warehouse in %s brings alarms that can go off', (stage) => {
  const plain = resourcesIn(stage, 'plain');
  const resources = resourcesOf(Template.fromStack(dataPipelineStack(testApp(), stage, { warehouse: true })));
  const count = (of: Resources) => ofType(of, 'AWS::CloudWatch::Alarm').length;
  expect(count(resources)).toBeGreaterThan(count(plain));
  expectLiveAlarms(resources, own);
  expectLiveGraphs(resources, own, stage === 'dev' ? 0 : 15);
});

it('the dashboard shows what comes in and goes out, by shard, and what fails', () => {
  const resources = resourcesIn('prod', 'extended');
  const [dashboard] = ofType(resources, 'AWS::CloudWatch::Dashboard');
  const graphs = dashboard === undefined ? [] : [...graphsOf(dashboard).values()].flat();
  const names = (dimension: string) =>
    new Set(graphs.filter(({ dimensions }) => dimension in dimensions).map(({ name }) => name));
  const shown: Readonly<Record<string, readonly string[]>> = {
    ApiId: ['Count', '4xx', '5xx', 'Latency'],
    StreamName: ['IncomingRecords', 'IncomingBytes', 'GetRecords.Records', 'GetRecords.Bytes'],
    ConsumerName: ['SubscribeToShardEvent.Records', 'SubscribeToShardEvent.Bytes'],
    ShardId: ['IncomingBytes', 'WriteProvisionedThroughputExceeded', 'IteratorAgeMilliseconds'],
    FunctionName: ['IteratorAge', 'Errors', 'Throttles', 'Duration'],
    EventSourceMappingUUID: ['OnFailureDestinationDeliveredEventCount', 'DroppedEventCount'],
    service: ['EventsRejected'],
    DeliveryStreamName: ['DeliveryToS3.DataFreshness', 'FailedConversion.Records', 'KinesisMillisBehindLatest'],
    WorkGroup: ['ProcessedBytes'],
  };
  for (const [dimension, expected] of Object.entries(shown)) {
    expect([...names(dimension)], dimension).toEqual(expect.arrayContaining([...expected]));
  }
});

describe('the proof itself', () => {
  const MAPPING = 'AWS::Lambda::EventSourceMapping';
  const STREAM = 'AWS::Kinesis::Stream';
  const DELIVERY = 'AWS::KinesisFirehose::DeliveryStream';
  const WORKGROUP = 'AWS::Athena::WorkGroup';
  const mutable = () => new MutableTemplate({ Resources: resourcesIn('staging', 'plain') });
  const ref = (template: MutableTemplate, type: string) => ({ Ref: template.id(type) });
  const ruin: Readonly<Record<string, (template: MutableTemplate) => void>> = {
    "a mapping's counts that it is not asked for": (t) => t.drop(MAPPING, 'MetricsConfig'),
    'a failure destination that a mapping does not have': (t) => t.drop(MAPPING, 'DestinationConfig'),
    'conversions of a delivery stream that converts nothing': (t) =>
      t.drop(DELIVERY, 'ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration'),
    'reads of a delivery stream that is sent to': (t) => t.set(DELIVERY, 'DeliveryStreamType', 'DirectPut'),
    'queries of a workgroup that publishes nothing': (t) =>
      t.drop(WORKGROUP, 'WorkGroupConfiguration.PublishCloudWatchMetricsEnabled'),
    'a workgroup of another name': (t) => t.set(WORKGROUP, 'Name', 'another'),
    'an alarm that searches': (t) => {
      t.properties('AWS::CloudWatch::Alarm', 'Stopped')['AlarmDescription'] = "SEARCH('{AWS/Kinesis,ShardId}')";
    },
    'an alarm that nobody hears of': (t) => t.drop('AWS::CloudWatch::Alarm', 'AlarmActions'),
    'an alarm with a dimension too many': (t) => {
      const alarm = t.properties('AWS::CloudWatch::Alarm', 'QueriesBytesScanned');
      (alarm['Dimensions'] as object[]).push({ Name: 'QueryType', Value: 'DML' });
    },
  };

  it.each(Object.entries(ruin))('finds %s', (_, take) => {
    const template = mutable();
    expect(() => expectLiveAlarms(template.document.Resources as Resources, own)).not.toThrow();
    take(template);
    expect(() => expectLiveAlarms(template.document.Resources as Resources, own)).toThrow();
  });

  it('finds a metric that no handler sends, and one that another does', () => {
    const resources = resourcesIn('staging', 'plain');
    const sent = (service: string, name: string) =>
      isEmitted({ namespace: 'Groundplan', name, dimensions: { service, stack: 'DataPipeline' } }, resources, own);
    expect(sent('aggregates', 'EventsRejected')).toBe(true);
    expect(sent('aggregates', 'EventsRefused')).toBe(false);
    expect(sent('transform', 'EventsRejected')).toBe(false);
  });

  it('finds a graph of shards that do not tell, and a misspelt one', () => {
    const template = mutable();
    const searched = (name: string) =>
      isEmitted(
        { namespace: 'AWS/Kinesis', name, dimensions: { ShardId: ANY, StreamName: ref(template, STREAM) } },
        template.document.Resources as Resources,
        own,
      );
    expect([searched('IncomingBytes'), searched('IncomingByte')]).toEqual([true, false]);
    template.drop(STREAM, 'DesiredShardLevelMetrics');
    expect(searched('IncomingBytes')).toBe(false);
    expect(() => expectLiveGraphs(template.document.Resources as Resources, own, 1)).toThrow(/IncomingBytes/);
  });
});
