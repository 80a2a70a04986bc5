import { randomUUID } from 'node:crypto';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { afterEach, expect, it, vi } from 'vitest';

type Observability = typeof import('../../../lib/runtime/observability');
const load = () => vi.importActual<Observability>(`../../../lib/runtime/observability?${randomUUID()}`);

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it('measures what is a number, and leaves out the rest with a word', async () => {
  const { logger, metrics } = await load();
  const add = vi.spyOn(Metrics.prototype, 'addMetric').mockReturnThis();
  const warn = vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
  expect(metrics.addMetric('Lag', MetricUnit.Milliseconds, 0)).toBe(metrics);
  expect(add.mock.calls).toEqual([['Lag', MetricUnit.Milliseconds, 0, undefined]]);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) metrics.addMetric('Lag', MetricUnit.Milliseconds, value);
  expect(add).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls.map(([, more]) => more)).toEqual([
    { metric: 'Lag', value: 'NaN' },
    { metric: 'Lag', value: 'Infinity' },
  ]);
});

it.each([['my-stack'], [undefined]])('names the stack in each metric, if there is one (%s)', async (stack) => {
  vi.stubEnv('GROUNDPLAN_STACK', stack);
  const { metrics } = await load();
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const { Dimensions = [] } = metrics.serializeMetrics()._aws.CloudWatchMetrics[0] ?? {};
  expect(Dimensions.flat().includes('stack')).toBe(stack !== undefined);
});
