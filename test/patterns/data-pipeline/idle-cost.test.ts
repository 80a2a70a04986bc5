import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { dataPipelineTemplate, resourcesOf } from '../../synthesize';
import { alarmMetrics, HOURS_OF_A_MONTH, PRICES, summed } from '../event-driven/idle-cost-fixture';

/** List prices in us-east-1 as known on 2026-11-23, in dollars. */
const STREAM_PRICES = {
  shardHour: 0.015,
  /** A provisioned shard that keeps records for more than a day. */
  extendedShardHour: 0.02,
  onDemandHour: 0.04,
  customMetricMonth: 0.3,
  /** Shards of a new on-demand stream (AWS: Kinesis Data Streams, on-demand mode). */
  onDemandShards: 4,
} as const;

function idleCost(stage: (typeof STAGE_NAMES)[number]): Record<string, number> {
  const resources = resourcesOf(dataPipelineTemplate(stage));
  const of = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);
  const [stream] = of('AWS::Kinesis::Stream');
  const shards = stream?.Properties['ShardCount'] as number | undefined;
  const { shardHour, extendedShardHour, onDemandHour, customMetricMonth, onDemandShards } = STREAM_PRICES;
  const extended = Number(stream?.Properties['RetentionPeriodHours']) > 24 ? extendedShardHour : 0;
  const metrics = ((stream?.Properties['DesiredShardLevelMetrics'] ?? []) as unknown[]).length;
  return summed({
    'customer-managed key': of('AWS::KMS::Key').length * PRICES.keyMonth,
    'stream, provisioned': (shards ?? 0) * HOURS_OF_A_MONTH * (shardHour + extended),
    'stream, on-demand': shards === undefined ? HOURS_OF_A_MONTH * onDemandHour : 0,
    'metrics of each shard': (shards ?? onDemandShards) * metrics * customMetricMonth,
    'alarm metrics': alarmMetrics(resources) * PRICES.alarmMetricMonth,
    dashboard: of('AWS::CloudWatch::Dashboard').length * PRICES.dashboardMonth,
    'provisioned concurrency, 0.5 GB arm64':
      warmGigabytes(resources) * HOURS_OF_A_MONTH * 3600 * PRICES.provisionedGigabyteSecond,
  });
}

function warmGigabytes(resources: ReturnType<typeof resourcesOf>): number {
  const aliases = Object.values(resources).filter(({ Type }) => Type === 'AWS::Lambda::Alias');
  return aliases.reduce((sum, { Properties }) => {
    const { ProvisionedConcurrentExecutions: warm = 0 } = (Properties['ProvisionedConcurrencyConfig'] ?? {}) as {
      ProvisionedConcurrentExecutions?: number;
    };
    const fn = resources[(Properties['FunctionName'] as { Ref: string }).Ref];
    return sum + warm * (Number(fn?.Properties['MemorySize']) / 1024);
  }, 0);
}

const costs = STAGE_NAMES.map(idleCost);

it.each(Object.keys(costs[0] ?? {}))("the README's line %s is what the templates come to", (line) => {
  const row = readFileSync(join(__dirname, '../../../patterns/data-pipeline/README.md'), 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`| ${line} |`));
  const cells = row
    ?.split('|')
    .slice(3, 6)
    .map((cell) => cell.replaceAll('*', '').trim());
  expect(cells).toEqual(costs.map((cost) => (cost[line] ?? Number.NaN).toFixed(2)));
});

it('the front page says the same', () => {
  const sums = costs.map((cost) => `$${cost['**sum**']?.toFixed(2)}`).join(' | ');
  const readme = readFileSync(join(__dirname, '../../../README.md'), 'utf8');
  expect(readme).toContain(`| idle cost a month: DataPipeline | ${sums} |`);
});

it('nothing is kept warm for a background function', () => {
  for (const stage of STAGE_NAMES) {
    const aliases = Object.keys(resourcesOf(dataPipelineTemplate(stage), 'AWS::Lambda::Alias'));
    expect(aliases).toEqual([expect.stringMatching(/^ClickstreamApiPostEvent/)]);
  }
});
