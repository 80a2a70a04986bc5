import type { EventDrivenResult } from '../scenarios/event-driven-run';
import { duration, table } from './table';

/** The tables that a run of the event-driven pattern ends with. */
export function showEventDriven({ report, alarms, hops, callsPerOrder, took }: EventDrivenResult): string {
  const { accepted, repeated, putOff, refused, services, fraudChecks, workflows } = report;
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
    `  fraud checks: ${fraudChecks.done} of ${fraudChecks.expected}; workflows: ${workflows.shipped} shipped, ${workflows.cancelled} cancelled`,
    table(
      ['hop', 'times', 'p50', 'p99'],
      hops.map(({ name, count, p50, p99 }) => [name, count, duration(p50), duration(p99)]),
    ),
    `  ${callsPerOrder.toFixed(1)} AWS calls of the functions for an order; the stack saw ${duration(took)} go by`,
    `  alarms that would have fired: ${alarms.length === 0 ? 'none' : alarms.map(alarmName).join(', ')}`,
  ];
  return parts.join('\n\n');
}

/** A healthy run and one without a handling, side by side. */
export function compareEventDriven(healthy: EventDrivenResult, weakened: EventDrivenResult): string {
  const rows: [string, (result: EventDrivenResult) => number][] = [
    ['orders accepted', ({ report }) => report.accepted],
    ['orders refused', ({ report }) => report.refused],
    ...healthy.report.services.flatMap(({ service }): [string, (result: EventDrivenResult) => number][] => {
      const of = (result: EventDrivenResult) => result.report.services.find((each) => each.service === service);
      return [
        [`${service}: handled`, (result) => of(result)?.handled ?? 0],
        [`${service}: lost`, (result) => (of(result)?.lost ?? 0) + (of(result)?.poisonLost ?? 0)],
        [`${service}: done twice`, (result) => of(result)?.twice ?? 0],
        [`${service}: handed out twice at once`, (result) => of(result)?.overlapping ?? 0],
        [`${service}: poison dead-lettered`, (result) => of(result)?.poisonKept ?? 0],
        [`${service}: good orders dead-lettered`, (result) => of(result)?.ordersDeadLettered ?? 0],
        [`${service}: not its own, dead-lettered`, (result) => of(result)?.junk ?? 0],
      ];
    }),
    ['fraud checks lost', ({ report: { fraudChecks: f } }) => f.expected - f.done - f.kept],
    ['fraud checks uncalled for', ({ report }) => report.fraudChecks.uncalledFor],
    ['alarms that would have fired', ({ alarms }) => alarms.length],
  ];
  const shown = rows.map(([name, of]) => [name, of(healthy), of(weakened)] as const);
  return table(
    ['', 'with it', 'without it', ''],
    shown.map(([name, left, right]) => [name, left, right, left === right ? '' : '<']),
  );
}

/** `ShopAlarmsBillingDeadLetters4ADE24FE` as a person reads it. */
function alarmName(logicalId: string): string {
  return logicalId.replace(/^ShopAlarms/, '').replace(/[0-9A-F]{8}$/, '');
}
