import type { ResolvedResource } from '../assembly/resolved-template';
import { EVENT_BRIDGE_LIMITS } from '../limits/event-bridge';
import { enforce } from '../limits/limit';
import type { EngineContext } from './context';
import type { Destinations } from './destinations';

interface Settings {
  readonly ScheduleExpression?: string;
  readonly State?: string;
  readonly StartDate?: string;
  readonly EndDate?: string;
  readonly FlexibleTimeWindow?: { readonly Mode?: string };
  readonly Target?: {
    readonly Arn?: string;
    readonly Input?: string;
    readonly RetryPolicy?: { readonly MaximumEventAgeInSeconds?: number; readonly MaximumRetryAttempts?: number };
  };
}

const { rows: LIMITS } = EVENT_BRIDGE_LIMITS;

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Has a schedule invoke its function, the first time at once and then at its rate (docs.aws.amazon.com/scheduler: schedule-types).
 * No one waits for it: work ends without the next time.
 *
 * @throws AwsError for what CreateSchedule refuses
 * @throws Error naming the schedule, for what is not known here: only rates that invoke a function are
 */
export function startSchedule(
  { clock, deployment, newId }: EngineContext,
  { logicalId, arn = '', properties }: ResolvedResource,
  destinations: Destinations,
): void {
  const { ScheduleExpression = '', State, StartDate, EndDate, FlexibleTimeWindow, Target } = properties as Settings;
  if (State === 'DISABLED') return;
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(ScheduleExpression) ?? [];
  const { Arn = '', Input, RetryPolicy = {} } = Target ?? {};
  enforce(LIMITS.scheduleRetryAttempts, RetryPolicy.MaximumRetryAttempts ?? LIMITS.scheduleRetryAttempts.max);
  enforce(LIMITS.scheduleEventAge, RetryPolicy.MaximumEventAgeInSeconds ?? LIMITS.scheduleEventAge.max);
  enforce(LIMITS.scheduleInput, Buffer.byteLength(Input ?? ''));
  const plain = StartDate === undefined && EndDate === undefined && FlexibleTimeWindow?.Mode === 'OFF';
  if (count === undefined || !plain || !Arn.includes(':lambda:'))
    throw new Error(`${logicalId}: the schedule ${ScheduleExpression} of ${Arn} is not known here`);
  const interval = Number(count) * (UNITS[unit] ?? 0);
  const tick = (): void => {
    const id = newId();
    const time = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
    const values: Readonly<Record<string, string>> = {
      '<aws.scheduler.attempt-number>': '1',
      '<aws.scheduler.execution-id>': id,
      '<aws.scheduler.schedule-arn>': arn,
      '<aws.scheduler.scheduled-time>': time,
    };
    const input =
      Input === undefined
        ? scheduledEvent(id, time, arn, deployment)
        : JSON.parse(Input.replace(/<aws\.scheduler\.[a-z-]+>/g, (name) => values[name] ?? name));
    destinations.invoke(Arn, input);
    clock.after(interval, tick, { idle: true });
  };
  clock.after(0, tick, { idle: true });
}

/** What a target gets that has no input of its own. */
function scheduledEvent(
  id: string,
  time: string,
  arn: string,
  { account, region }: EngineContext['deployment'],
): Readonly<Record<string, unknown>> {
  return {
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account,
    time,
    region,
    resources: [arn],
    detail: '{}',
  };
}
