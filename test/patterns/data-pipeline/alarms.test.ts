import { describe, expect, it } from 'vitest';
import { alarmName } from '../../../local/cli/pattern-demo';
import { sleep } from '../../../local/clock/clock';
import type { Faults } from '../../../local/engine/faults';
import type { LocalEngine } from '../../../local/engine/local-engine';
import type { FunctionDefinition } from '../../../local/lambda/sandbox';
import { metricsOf, silentAlarms } from '../../../local/monitoring/silent-alarms';
import { sendEvents } from '../../../patterns/data-pipeline/local/traffic';
import { type RunOptions, withDataPipeline } from './engine-fixture';

const SEED = 3;
const MINUTE_MS = 60_000;
/** Longer than any alarm waits for. */
const AFTERWARDS = 20 * MINUTE_MS;

/** What goes wrong, and the alarms that tell of it: these and no others. */
interface Incident {
  readonly faults?: Faults;
  readonly props?: RunOptions['props'];
  /** @default dev: the essential alarms are enough to hear of it */
  readonly stage?: RunOptions['stage'];
  readonly events?: number;
  readonly poison?: number;
  /** Minutes for which a few events a minute follow. @default 0 */
  readonly minutes?: number;
  readonly before?: (engine: LocalEngine) => void;
  readonly alarms: readonly string[];
}

const isOf =
  (service: string) =>
  (fn: FunctionDefinition): boolean =>
    fn.service === service;

/** Fails every tenth invocation of a function. */
const oneInTen = (of: (fn: FunctionDefinition) => boolean): NonNullable<Faults['outage']> => {
  let invocations = 0;
  return (fn) => {
    if (!of(fn)) return false;
    invocations += 1;
    return invocations % 10 === 0;
  };
};

const INCIDENTS: Readonly<Record<string, Incident>> = {
  'a good day': { faults: { latencyMs: [50, 300] }, stage: 'staging', minutes: 12, alarms: [] },
  'records that are no events': { poison: 4, alarms: ['AggregatorRejected'] },
  'a consumer that fails': {
    faults: { outage: isOf('aggregates') },
    minutes: 12,
    alarms: ['AggregatorErrors', 'AggregatorFailureStore', 'AggregatorLag'],
  },
  'a consumer that dies once in a while, and whose batches come again': {
    // That the function behind the API dies is another incident.
    faults: { outage: oneInTen(isOf('aggregates')) },
    alarms: [],
  },
  'a consumer that is slower than the producers': {
    faults: { slow: 1, services: ['aggregates'] },
    events: 8000,
    alarms: ['AggregatorLag'],
  },
  'a transform that fails': { faults: { outage: isOf('transform') }, alarms: ['EventsTableTransformErrors'] },
  'rows that do not fit the table': {
    props: { lake: { transform: false } },
    poison: 4,
    alarms: ['AggregatorRejected', 'EventsTableDeliveryFailedConversion'],
  },
  'shards and tables that refuse writes': {
    faults: { throttles: 0.2 },
    stage: 'staging',
    alarms: ['AggregatesWriteThrottleEvents', 'EventsWriteThrottles'],
  },
  'functions without concurrency': {
    faults: { invocationThrottles: 0.5 },
    alarms: ['AggregatorThrottles', 'ErrorRate', 'EventsTableTransformThrottles', 'PostEventThrottles'],
  },
  'readers that stopped, of which nothing else tells': {
    stage: 'staging',
    minutes: 20,
    before: ({ readers, deliveries }) => {
      for (const each of [...readers, ...deliveries]) each.stop();
    },
    alarms: ['AggregatorStopped', 'EventsTableDeliveryStopped'],
  },
};

interface Outcome {
  readonly fired: readonly string[];
  /** Metrics that anything sent, by namespace and name. */
  readonly sent: ReadonlySet<string>;
}

async function play(incident: Incident): Promise<Outcome> {
  const { faults, props, stage, events = 200, poison, minutes = 0, before } = incident;
  return withDataPipeline({ seed: SEED, stage, faults, props }, async (engine) => {
    before?.(engine);
    await sendEvents(engine, { events, poison, seed: SEED });
    for (let minute = 1; minute <= minutes; minute += 1) {
      await engine.during(sleep(engine.clock, MINUTE_MS));
      await sendEvents(engine, { events: 20, seed: SEED + minute });
    }
    await engine.during(sleep(engine.clock, AFTERWARDS));
    return {
      fired: engine.firedAlarms().map(alarmName).sort(),
      sent: new Set(engine.metrics.sent().map(({ namespace, name }) => `${namespace} ${name}`)),
    };
  });
}

const played = new Map<string, Promise<Outcome>>();
/** Each incident is played once. */
function outcomeOf(name: string, incident: Incident): Promise<Outcome> {
  const outcome = played.get(name) ?? play(incident);
  played.set(name, outcome);
  return outcome;
}

describe('the alarms', () => {
  it.each(Object.entries(INCIDENTS))('tell of %s, and of nothing else', async (name, incident) => {
    const { fired } = await outcomeOf(name, incident);
    expect(fired).toEqual([...incident.alarms].sort());
  });

  it('are measured here, each and all, or known to be silent', async () => {
    const outcomes = await Promise.all(Object.entries(INCIDENTS).map(([name, incident]) => outcomeOf(name, incident)));
    const sent = new Set(outcomes.flatMap((outcome) => [...outcome.sent]));
    await withDataPipeline({ stage: 'staging' }, async ({ template }) => {
      const silent = silentAlarms(template);
      for (const alarm of template.ofType('AWS::CloudWatch::Alarm')) {
        const missing = metricsOf(alarm).filter((metric) => !sent.has(metric));
        // Lines that say ERROR are counted when there are any; no handler of the pattern writes one.
        const measured = missing.every((metric) => metric.startsWith('Groundplan/Errors '));
        expect(silent.has(alarm.logicalId), `${alarm.logicalId} ${missing}`).toBe(!measured);
      }
      expect([...silent.keys()].map(alarmName).sort()).toEqual([
        'AccountConcurrency',
        'AggregatesReadThrottleEvents',
        'AggregatorDropped',
        'QueriesBytesScanned',
      ]);
    });
  });
});
