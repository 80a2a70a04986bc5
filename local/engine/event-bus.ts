import type { ResolvedResource } from '../assembly/resolved-template';
import { isRecord } from '../aws/input';
import { AwsError, type Location } from '../aws/service';
import { type Clock, sleep } from '../clock/clock';
import { EVENT_BRIDGE_LIMITS } from '../limits/event-bridge';
import { enforce, exceeds } from '../limits/limit';
import { type EventPattern, eventPattern, matchesEventPattern } from '../matching/event-pattern';
import { BUS_RULE } from '../matching/pattern-dialect';
import type { LocalMetrics } from '../monitoring/metrics';
import { isFailure, RefusedDelivery } from './failure';
import { valueAt } from './input-template';

interface Target {
  readonly Arn: string;
  readonly InputPath?: string;
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: { readonly MaximumEventAgeInSeconds?: number; readonly MaximumRetryAttempts?: number };
}

/** An event as EventBridge delivers it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly account: string;
  readonly region: string;
  readonly time: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** An entry of PutEvents. */
export interface EventEntry {
  readonly source: string;
  readonly detailType: string;
  /** JSON. */
  readonly detail: string;
}

/** What the bus needs from outside. */
export interface BusContext {
  readonly location: Location;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly metrics: LocalMetrics;
  /** Hands an event to a rule's target. Throws when the target does not take it. */
  readonly deliver: (targetArn: string, input: unknown, event: BusEvent) => Promise<void>;
  /** Hands an event that no target took to a dead-letter queue, with message attributes that tell why. */
  readonly deadLetter: (queueArn: string, input: unknown, why: Readonly<Record<string, string>>) => Promise<void>;
}

const { rows: LIMITS } = EVENT_BRIDGE_LIMITS;

/** What a target has that names no retry policy: the most there is (docs.aws.amazon.com/eventbridge: eb-rule-retry-policy). */
const DEFAULT_POLICY = {
  MaximumEventAgeInSeconds: LIMITS.eventAge.max,
  MaximumRetryAttempts: LIMITS.retryAttempts.max,
};
/** Members of a target that are known here. */
const TARGET = ['Arn', 'Id', 'RoleArn', 'InputPath', 'DeadLetterConfig', 'RetryPolicy'];
/** Between tries; AWS says exponential backoff with jitter, and no more. */
const BACKOFF_MS = { first: 1000, longest: 600_000 };

/** Rules without a bus are on the account's default one, which AWS's own services tell (AWS: EventBridge, event buses). */
const DEFAULT_BUS = 'default';

function isOnDefaultBus({ properties }: ResolvedResource): boolean {
  const { EventBusName = DEFAULT_BUS } = properties;
  return EventBusName === DEFAULT_BUS || String(EventBusName).endsWith(`:event-bus/${DEFAULT_BUS}`);
}

/** The template's own bus and the default one, with the rules of the template (docs.aws.amazon.com/eventbridge: eb-rule-retry-policy, eb-rule-dlq). */
export class LocalEventBus {
  /** Every event, as the archive would keep them. */
  readonly archive: BusEvent[] = [];
  /** Events that a target did not take and that nothing kept. */
  readonly lost: BusEvent[] = [];

  constructor(
    private readonly rules: readonly ResolvedResource[],
    private readonly context: BusContext,
  ) {
    for (const rule of rules) checkRule(rule);
  }

  /**
   * Puts events on the template's own bus.
   *
   * @returns for each entry the code that it failed with, or undefined
   * @throws AwsError for a request that is refused whole
   */
  putEvents(entries: readonly EventEntry[]): (string | undefined)[] {
    enforce(LIMITS.entries, entries.length);
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    enforce(LIMITS.requestSize, bytes, 'Total size of the entries in the request is over the limit.');
    return entries.map((entry) => {
      const failure = entryFailure(entry);
      if (failure !== undefined) return failure;
      const detail = parsedDetail(entry.detail);
      if (detail === undefined) return LIMITS.detail.error;
      const event = this.event(entry.source, entry.detailType, detail);
      this.archive.push(event);
      this.route(event, (rule) => !isOnDefaultBus(rule));
      return undefined;
    });
  }

  /** Puts one event on the template's own bus. @throws AwsError when it fails */
  put(source: string, detailType: string, detail: unknown): void {
    const [failure] = this.putEvents([{ source, detailType, detail: JSON.stringify(detail) }]);
    if (failure !== undefined) throw new AwsError(failure, `The event ${detailType} of ${source} failed`);
  }

  /** Puts an event of an AWS service on the default bus. @param resources ARNs that the event is about */
  putOnDefault(source: string, detailType: string, detail: unknown, resources: readonly string[]): void {
    this.route(this.event(source, detailType, detail, resources), isOnDefaultBus);
  }

  private event(source: string, detailType: string, detail: unknown, resources: readonly string[] = []): BusEvent {
    const { location, clock, newId } = this.context;
    return {
      version: '0',
      id: newId(),
      source,
      'detail-type': detailType,
      account: location.account,
      region: location.region,
      time: new Date(clock.now()).toISOString(),
      resources,
      detail,
    };
  }

  private route(event: BusEvent, isConcerned: (rule: ResolvedResource) => boolean): void {
    for (const rule of this.rules.filter(isConcerned)) {
      const { properties } = rule;
      if (properties['State'] !== 'ENABLED' || properties['EventPattern'] === undefined) continue;
      if (!matchesEventPattern(properties['EventPattern'] as EventPattern, event)) continue;
      for (const target of properties['Targets'] as Target[]) void this.deliver(rule, target, event);
    }
  }

  private async deliver({ arn = '', name }: ResolvedResource, target: Target, event: BusEvent): Promise<void> {
    const { clock, deliver, metrics } = this.context;
    const input = target.InputPath === undefined ? event : valueAt(event, target.InputPath);
    const { MaximumEventAgeInSeconds, MaximumRetryAttempts } = { ...DEFAULT_POLICY, ...target.RetryPolicy };
    const deadline = clock.now() + MaximumEventAgeInSeconds * 1000;
    const [first = name, second] = name.split('|');
    // AWS: EventBridge metrics: those of the default bus have the rule alone.
    const dimensions: Readonly<Record<string, string>> =
      second === undefined ? { RuleName: first } : { EventBusName: first, RuleName: second };
    let wait = BACKOFF_MS.first;
    for (let attempts = 0; ; attempts += 1) {
      try {
        await deliver(target.Arn, input, event);
        metrics.put('AWS/Events', 'Invocations', dimensions, 1);
        return;
      } catch (error) {
        if (!isFailure(error)) throw error;
        const exhausted = attempts >= MaximumRetryAttempts ? 'MaximumRetryAttempts' : 'MaximumEventAgeInSeconds';
        const last = attempts >= MaximumRetryAttempts || clock.now() + wait > deadline;
        const refusal = error instanceof RefusedDelivery;
        if (!last && !refusal) {
          await sleep(clock, wait);
          wait = Math.min(wait * 2, BACKOFF_MS.longest);
          continue;
        }
        metrics.put('AWS/Events', 'FailedInvocations', dimensions, 1);
        const kept = await this.keep(target.DeadLetterConfig?.Arn, event, {
          RULE_ARN: arn,
          TARGET_ARN: target.Arn,
          ERROR_CODE: errorCode(error),
          ERROR_MESSAGE: (error as Error).message,
          RETRY_ATTEMPTS: String(attempts),
          ...(!refusal && { EXHAUSTED_RETRY_CONDITION: exhausted }),
        });
        if (kept !== undefined) metrics.put('AWS/Events', kept, dimensions, 1);
        return;
      }
    }
  }

  /** Keeps an event that no target took; without a queue that takes it, it is lost. @returns the metric that counts it */
  private async keep(
    queueArn: string | undefined,
    event: BusEvent,
    why: Readonly<Record<string, string>>,
  ): Promise<string | undefined> {
    if (queueArn === undefined) {
      this.lost.push(event);
      return undefined;
    }
    try {
      await this.context.deadLetter(queueArn, event, why);
      return 'InvocationsSentToDlq';
    } catch (error) {
      if (!isFailure(error)) throw error;
      this.lost.push(event);
      return 'InvocationsFailedToBeSentToDlq';
    }
  }
}

/** Codes of docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html. */
function errorCode(error: unknown): string {
  if (error instanceof RefusedDelivery) return 'NO_PERMISSIONS';
  return error instanceof AwsError ? 'INVALID_PARAMETER' : 'ERROR_FROM_TARGET';
}

/** @throws AwsError for what PutRule or PutTargets refuses */
function checkRule({ logicalId, properties }: ResolvedResource): void {
  const { EventPattern: pattern, ScheduleExpression, Targets } = properties;
  if (ScheduleExpression !== undefined)
    throw new Error(`${logicalId}: a rule with ScheduleExpression is not known here`);
  const targets = (Targets ?? []) as Target[];
  enforce(LIMITS.targets, targets.length, `${logicalId} has ${targets.length} targets`);
  for (const { RetryPolicy = {}, ...target } of targets) {
    const unknown = Object.keys(target).find((member) => !TARGET.includes(member));
    if (unknown !== undefined) throw new Error(`${logicalId}: a target with ${unknown} is not known here`);
    const { MaximumEventAgeInSeconds, MaximumRetryAttempts } = { ...DEFAULT_POLICY, ...RetryPolicy };
    enforce(LIMITS.eventAge, MaximumEventAgeInSeconds, `${logicalId}: MaximumEventAgeInSeconds`);
    enforce(LIMITS.retryAttempts, MaximumRetryAttempts, `${logicalId}: MaximumRetryAttempts`);
  }
  if (pattern === undefined) return;
  enforce(LIMITS.patternSize, JSON.stringify(pattern).length, `${logicalId}: the event pattern is too long`);
  eventPattern(pattern, BUS_RULE, logicalId);
}

function entryBytes({ source, detailType, detail }: EventEntry): number {
  return Buffer.byteLength(source) + Buffer.byteLength(detailType) + Buffer.byteLength(detail);
}

function entryFailure({ source, detailType }: EventEntry): string | undefined {
  if (exceeds(LIMITS.source, source.length)) return LIMITS.source.error;
  if (source.startsWith('aws.')) return LIMITS.awsSource.error;
  return exceeds(LIMITS.detailType, detailType.length) ? LIMITS.detailType.error : undefined;
}

/** The object that a detail is; undefined for anything else. */
function parsedDetail(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return isRecord(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}
