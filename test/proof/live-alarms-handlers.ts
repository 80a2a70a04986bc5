import type { LocalEngine } from '../../local/engine/local-engine';
import { sendEvents } from '../../patterns/data-pipeline/local/traffic';
import { placeOrders } from '../../patterns/event-driven/local/traffic';
import { withDataPipeline } from '../patterns/data-pipeline/engine-fixture';
import { withEventDriven } from '../patterns/event-driven/engine-fixture';
import { type OwnMetrics, ownMetric } from './live-alarms-template';

const SEED = 7;

/** What the handlers sent: read from the lines that they printed, by the rules of EMF, and not from their source. */
export function seen({ metrics }: Pick<LocalEngine, 'metrics'>): OwnMetrics {
  const sent = metrics.sent().filter(({ namespace }) => namespace === 'Groundplan');
  // Another dimension would make another metric, on which no alarm here is.
  const byService = sent.filter(({ dimensions }) => Object.keys(dimensions).sort().join() === 'service,stack');
  return new Set(byService.map(({ name, dimensions }) => ownMetric(dimensions['service'] ?? '', name)));
}

/** Places a few orders, and tells what metrics the handlers sent. */
export function metricsOfEventDriven(): Promise<OwnMetrics> {
  return withEventDriven({ seed: SEED }, async (engine) => {
    await placeOrders(engine, { orders: 10, seed: SEED });
    await engine.settle();
    return seen(engine);
  });
}

/** Sends a few events, and records that are none, and tells what metrics the handlers sent. */
export function metricsOfDataPipeline(): Promise<OwnMetrics> {
  return withDataPipeline({ seed: SEED }, async (engine) => {
    await sendEvents(engine, { events: 40, poison: 4, seed: SEED });
    await engine.settle();
    return seen(engine);
  });
}
