import { alarmName, type DemoResult, type DemoRun, type PatternDemo } from '../../../local/cli/pattern-demo';
import { duration, table } from '../../../local/cli/table';
import { accountingLine } from '../../../local/scenarios/accounting';
import { LONG_DAY } from '../../../local/scenarios/days';
import { type EventDrivenResult, type EventDrivenRun, runEventDriven } from './run';
import { runEventDrivenOnMoto } from './run-on-moto';
import type { Sent } from './traffic';
import { EVENT_DRIVEN_WEAKENINGS } from './weakenings';

/** The event-driven pattern as the demo runs it. */
export const EVENT_DRIVEN_DEMO: PatternDemo = {
  unit: 'orders',
  day: 'a burst, duplicates, poison, handlers that die',
  good: 'Nothing was lost, and nothing was done twice.',
  usual: 500,
  longDay: LONG_DAY,
  weakenings: EVENT_DRIVEN_WEAKENINGS,
  run: async (stack, options) => resultOf(await runEventDriven(stack, runOf(options))),
  runOnMoto: async (stack, options, endpoint) => resultOf(await runEventDrivenOnMoto(stack, runOf(options), endpoint)),
};

function runOf({ amount, onProgress, day, ...options }: DemoRun): EventDrivenRun {
  return {
    ...options,
    orders: amount,
    poison: Math.max(5, amount / 1000),
    noise: 20,
    burst: Math.min(Math.floor(amount / 4), 200),
    ...day,
    faults: options.faults,
    onProgress: (engine, sent: Sent) =>
      onProgress(() => {
        const done = engine.pollers.map(
          ({ queue, counts: { succeeded } }) => `${/Shop(\w+?)Work/.exec(queue.name)?.[1]} ${succeeded}`,
        );
        return `${sent.accepted.size} accepted · ${done.join(' · ')}`;
      }),
  };
}

function resultOf(result: EventDrivenResult): DemoResult {
  return { problems: result.report.problems, show: () => show(result), figures: figuresOf(result) };
}

/** The tables that a run ends with. */
function show({ report, alarms, hops, callsPerOrder, took }: EventDrivenResult): string {
  const { accepted, repeated, putOff, refused, services, fraudChecks, fulfilment } = report;
  const parts = [
    `${accepted} orders accepted, ${repeated} repeats answered alike, ${putOff} answers "come back later", ${refused} refused`,
    table(
      [
        'service',
        'handled',
        'done twice',
        'duplicates absorbed',
        'handlers lost',
        'dead-lettered: poison',
        'others',
        'lost',
      ],
      services.map((each) => [
        each.service,
        each.handled,
        each.twice,
        each.duplicatesAbsorbed,
        each.crashed,
        each.poisonKept,
        each.ordersDeadLettered + each.deadLetteredThoughDone + each.junk,
        each.lost + each.poisonLost,
      ]),
    ),
    `  fraud checks: ${fraudChecks.done} of ${fraudChecks.expected}; deliveries: ${fulfilment.shipped} shipped, ${fulfilment.refused} refused for a business reason`,
    `  ${accountingLine(report.accounting)}`,
    table(
      ['hop', 'times', 'p50', 'p99'],
      hops.map(({ name, count, p50, p99 }) => [name, count, duration(p50), duration(p99)]),
    ),
    `  ${callsPerOrder.toFixed(1)} AWS calls of the functions for an order; the stack saw ${duration(took)} go by`,
    `  alarms that would have fired: ${alarms.length === 0 ? 'none' : alarms.map(alarmName).join(', ')}`,
  ];
  return parts.join('\n\n');
}

function figuresOf({ report, alarms }: EventDrivenResult): DemoResult['figures'] {
  const { fraudChecks: fraud } = report;
  return [
    ['orders accepted', report.accepted],
    ['orders refused', report.refused],
    ...report.services.flatMap((each): DemoResult['figures'] => [
      [`${each.service}: handled`, each.handled],
      [`${each.service}: lost`, each.lost + each.poisonLost],
      [`${each.service}: done twice`, each.twice],
      [`${each.service}: handed out twice at once`, each.overlapping],
      [`${each.service}: poison dead-lettered`, each.poisonKept],
      [`${each.service}: good orders dead-lettered`, each.ordersDeadLettered],
      [`${each.service}: not its own, dead-lettered`, each.junk],
    ]),
    ['deliveries shipped', report.fulfilment.shipped],
    ['deliveries refused for a business reason', report.fulfilment.refused],
    ['deliveries cancelled without one', report.fulfilment.wronglyCancelled],
    ['deliveries set aside', report.fulfilment.setAside],
    ['fraud checks lost', fraud.expected - fraud.done - fraud.kept],
    ['fraud checks uncalled for', fraud.uncalledFor],
    ['alarms that would have fired', alarms.length],
  ];
}
