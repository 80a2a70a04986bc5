import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataPipelineTarget } from '../../../../patterns/data-pipeline/local/fuzz';
import { DEMO_PIPELINE, stackOf } from '../../../assemblies';
import { FuzzFixture, found } from '../../../local/fuzz/fuzz-fixture';

let fixture: FuzzFixture;
beforeAll(async () => {
  fixture = new FuzzFixture(await stackOf('DataPipeline', DEMO_PIPELINE));
});
afterAll(() => fixture.end());

describe('drawn requests to the way in of the data pipeline', () => {
  it('find nothing wrong: what was accepted is counted or kept, and comes to the lake', async () => {
    const { faults, statuses, requests } = await found(dataPipelineTarget(fixture.stack), { requests: 500 });
    expect(faults).toBe('');
    expect(requests).toBeGreaterThanOrEqual(500);
    for (const status of [200, 400, 401, 404]) expect(statuses.get(status)).toBeGreaterThan(0);
  });

  it('find a handler that fails at what a client got wrong', async () => {
    const code = await fixture.weakened({
      handlers: { 'post-event': 'data-pipeline/handlers/post-event' },
      source: 'lib/runtime/problem.ts',
      replace: ['error instanceof Problem ? error', 'error instanceof Problem && error.status !== 400 ? error'],
    });
    const { faults, lines } = await found(dataPipelineTarget(fixture.stack, { code }), {
      requests: 500,
      smallest: true,
    });
    expect(faults).toMatch(/^answers 50[03]/);
    expect(lines).toHaveLength(1);
  });

  it('find an aggregator that leaves events out', async () => {
    const code = await fixture.weakened({
      handlers: { aggregates: 'data-pipeline/handlers/aggregate-events' },
      source: 'patterns/data-pipeline/handlers/aggregate-events.ts',
      replace: ['for (const minute of minutes) {', 'for (const minute of minutes.slice(1)) {'],
    });
    const { faults, lines } = await found(dataPipelineTarget(fixture.stack, { code }), {
      requests: 500,
      smallest: true,
    });
    expect(faults).toMatch(/\d+ events were accepted, and \d+ were counted or kept/);
    expect(lines.length).toBeLessThanOrEqual(12);
  });
});
