import { join } from 'node:path';
import { Duration, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { describe, expect, it } from 'vitest';
import { stages } from '../../../lib';
import { type AlertRule, ClickstreamPipeline, type ClickstreamPipelineProps } from '../../../patterns/data-pipeline';
import { resourcesOf, testApp } from '../../synthesize';

const ENTRY = join(__dirname, '../../package/fresh-app/loyalty.ts');

function pipeline(props: ClickstreamPipelineProps = {}): ClickstreamPipeline {
  return new ClickstreamPipeline(new Stack(testApp(), 'Mine'), 'Clicks', { alarmEmail: 'ops@example.com', ...props });
}
const stream = (of: ClickstreamPipeline) =>
  Object.values(resourcesOf(Template.fromStack(Stack.of(of)), 'AWS::Kinesis::Stream'))[0]?.Properties;
const peak = (recordsPerSecond: number, averageRecordSize: Size) => ({
  stream: { expectedPeak: { recordsPerSecond, averageRecordSize } },
});
const rule = (name: string, above = 1): AlertRule => ({ name, of: 'events', above });

describe('a pipeline that cannot work is refused in one line that names the prop, what is allowed, and why', () => {
  it.each<[string, ClickstreamPipelineProps, RegExp]>([
    [
      'no records at the peak',
      peak(0, Size.kibibytes(1)),
      /expectedPeak.recordsPerSecond is 0; allowed: a number above 0/,
    ],
    ['no number', peak(Number.NaN, Size.kibibytes(1)), /recordsPerSecond is NaN.*\[kinesis-capacity-for-peak\]/],
    [
      'records over 1 MiB',
      peak(1, Size.mebibytes(2)),
      /averageRecordSize is '2097152 bytes'; allowed: 1 byte to 1 MiB/,
    ],
    [
      'a peak that no stream holds',
      peak(1_000_000, Size.kibibytes(1)),
      /which is 1250 shards.*allowed: what 1000 shards hold/,
    ],
    ['a day of replay', { stream: { replay: Duration.days(1) } }, /retention is '24 hours'; allowed: 72 to 8760 hours/],
    ['two years of replay', { stream: { replay: Duration.days(730) } }, /\[kinesis-retention-for-replay\]/],
    [
      'a scan limit below Athena',
      { lake: { scanLimit: Size.mebibytes(1) } },
      /scanLimit is '1048576 bytes'.*\[athena-scan-limit\]/,
    ],
    [
      'a spread over shards that it has itself',
      { stream: { recordDistribution: 'auto' } },
      /recordDistribution is 'auto'; allowed: 'by-key' on a provisioned stream.*\[kinesis-hot-shard\]/,
    ],
    ['two rules of one name', { alerts: [rule('a'), rule('a')] }, /alerts is 'a'; allowed: at most 20 rules/],
    ['a rule that is always broken', { alerts: [rule('a', -1)] }, /above >= 0/],
    ['a rule without a bound', { alerts: [rule('a', Number.NaN)] }, /above >= 0/],
    ['a rule that nothing breaks', { alerts: [rule('a', Number.POSITIVE_INFINITY)] }, /a finite above >= 0/],
    [
      'a rule over what is not added up',
      { alerts: [{ ...rule('a'), of: 'toString' as AlertRule['of'] }] },
      /alerts is 'a'; allowed: .*of one of events, amount_cents, page_view/,
    ],
    [
      'more rules than an environment holds',
      { alerts: Array.from({ length: 21 }, (_, i) => rule(`r${i}`)) },
      /'21 rules'/,
    ],
  ])('%s', (_, props, message) => {
    expect(() => pipeline(props)).toThrow(message);
  });

  it.each<[string, string, object, RegExp]>([
    ['a name that is taken', 'aggregates', {}, /consumer name is 'aggregates'.*give each consumer a unique name/],
    ['a name of a part of the pipeline', 'events', {}, /consumer name is 'events'.*give each consumer a unique name/],
    ['a name of its functions', 'transform', {}, /consumer name is 'transform'/],
    ['a name that is none', 'Fraud Check', {}, /consumer name is 'Fraud Check'; allowed: a unique name/],
    [
      'an entry that is not there',
      'fraud',
      { entry: 'nowhere.ts' },
      /entry is 'nowhere.ts'; allowed: a file that exists/,
    ],
    [
      'a batch that Lambda refuses',
      'fraud',
      { batchSize: 10_001 },
      /batchSize is 10001; allowed: a whole number from 1 to 10000/,
    ],
    ['too many at once', 'fraud', { parallelization: 11 }, /parallelization is 11/],
    ['too long a window', 'fraud', { batchingWindow: Duration.minutes(6) }, /batchingWindow \(seconds\) is 360/],
  ])('%s', (_, name, options, message) => {
    expect(() => pipeline().addConsumer(name, { entry: ENTRY, ...options })).toThrow(message);
  });
});

describe('a table that cannot be is refused', () => {
  const columns = [{ name: 'order_id', type: 'string' }];
  it.each<[string, string, object, RegExp]>([
    [
      'the name of the first',
      'events',
      {},
      /table name is 'events'; allowed: a name that no other table or consumer uses/,
    ],
    ['the name of the folder of failures', 'errors', {}, /table name is 'errors'/],
    ['a name that differs by a sign', 'big_orders', {}, /table name is 'big_orders'/],
    ['a name in capitals', 'Orders', {}, /table name is 'Orders'; allowed: lower-case letters/],
    ['the partition as a column', 'orders', { columns: [{ name: 'dt', type: 'date' }] }, /column name is 'dt'/],
    ['no column', 'orders', { columns: [] }, /columns of orders is 'empty'; allowed: at least one column/],
    ['a column twice', 'orders', { columns: [...columns, ...columns] }, /columns of orders is 'order_id'/],
    [
      'a type of another database',
      'orders',
      { columns: [{ name: 'id', type: 'text' }] },
      /columns of orders is 'id text'/,
    ],
    [
      'a first day that is none',
      'orders',
      { since: 'yesterday' },
      /since is 'yesterday'; allowed: a day as yyyy-MM-dd/,
    ],
  ])('%s', (_, name, options, message) => {
    const built = pipeline();
    built.addConsumer('big-orders-table', { entry: ENTRY });
    expect(() => built.addTable(name, { entry: ENTRY, columns, ...options })).toThrow(message);
  });

  it('a second one: Firehose cannot have a throughput of its own on a stream', () => {
    const built = pipeline();
    built.addTable('orders', { entry: ENTRY, columns });
    expect(() => built.addTable('visits', { entry: ENTRY, columns })).toThrow(
      /allowed: a stream with room for another shared consumer.*\[kinesis-efo-over-two-consumers\]/,
    );
  });
});

describe('props that contradict each other are refused', () => {
  const stackOf = () => new Stack(testApp(), 'Mine');
  it('settings of a stream of yours', () => {
    const stack = stackOf();
    const existing = { stream: new Stream(stack, 'Yours') };
    const build = () => new ClickstreamPipeline(stack, 'Clicks', { existing, stream: { replay: Duration.days(7) } });
    expect(build).toThrow(/stream.replay is .*; allowed: only without existing.stream/);
  });

  it('users of an API that is not there', () => {
    const stack = stackOf();
    const userPool = new UserPool(stack, 'Customers');
    const existing = { users: { userPool, clients: [userPool.addClient('Shop')] } };
    expect(() => new ClickstreamPipeline(stack, 'Clicks', { api: false, existing })).toThrow(
      /existing.users is 'Mine\/Customers'; allowed: only with an API/,
    );
  });
});

describe('the stream', () => {
  it('is the cheapest in dev, grows by itself elsewhere, and holds a declared peak with a quarter to spare', () => {
    expect(stream(pipeline())).toMatchObject({ ShardCount: 1, StreamModeDetails: { StreamMode: 'PROVISIONED' } });
    expect(stream(pipeline({ stage: stages.prod }))).toMatchObject({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    // 4,000 records/s are 4 shards by count, 8,000 KiB/s are 7.8 by bytes: the larger, times 1.25.
    expect(stream(pipeline(peak(4000, Size.kibibytes(2))))).toMatchObject({ ShardCount: 10 });
  });

  it('is spread over its shards by Kinesis where nobody needs an order', () => {
    const spread = pipeline({ stage: stages.prod, stream: { recordDistribution: 'auto' } });
    expect(stream(spread)).toMatchObject({ RecordDistributionStrategy: 'AUTO' });
    expect(stream(pipeline({ stage: stages.prod }))).not.toHaveProperty('RecordDistributionStrategy');
  });

  it('gives the aggregator a throughput of its own when a second delivery needs its place', () => {
    const built = pipeline();
    expect(built.aggregation.registration).toBeUndefined();
    built.addTable('orders', { entry: ENTRY, columns: [{ name: 'order_id', type: 'string' }] });
    expect(built.aggregation.registration).toBeDefined();
  });

  it('has two readers that share it; each more has a throughput of its own', () => {
    const built = pipeline();
    for (const name of ['fraud', 'search']) built.addConsumer(name, { entry: ENTRY });
    const resources = resourcesOf(Template.fromStack(Stack.of(built)));
    const sources = Object.values(resources).flatMap(({ Type, Properties }) =>
      Type === 'AWS::Lambda::EventSourceMapping' ? [JSON.stringify(Properties['EventSourceArn'])] : [],
    );
    expect(sources.filter((source) => source.includes('Reader'))).toHaveLength(2);
    expect(sources).toHaveLength(3);
    expect(Object.values(resources).filter(({ Type }) => Type === 'AWS::Kinesis::StreamConsumer')).toHaveLength(2);
  });
});
