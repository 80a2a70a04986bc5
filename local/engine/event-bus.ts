import type { ResolvedResource } from '../assembly/resolved-template';
import type { Location } from '../aws/service';
import { type Clock, sleep } from '../clock/clock';
import { type EventPattern, matchesEventPattern } from '../matching/event-pattern';
import type { LocalMetrics } from '../monitoring/metrics';
import { isFailure, RefusedDelivery } from './failure';
import { valueAt } from './input-template';

interface Target {
  readonly Arn: string;
  readonly InputPath?: string;
  readonly Input?: string;
  readonly InputTransformer?: unknown;
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

/** What the bus needs from outside. */
export interface BusSurroundings {
  readonly location: Location;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly metrics: LocalMetrics;
  /** Hands an event to a rule's target. Throws when the target does not take it. */
  readonly deliver: (targetArn: string, input: unknown, event: BusEvent) => Promise<void>;
  /** Hands an event that no target took to a dead-letter queue. */
  readonly deadLetter: (
    queueArn: string,
    input: unknown,
    attributes: Readonly<Record<string, string>>,
  ) => Promise<void>;
}

/** AWS: retry policy of a target when it names none. */
const DEFAULT_POLICY = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };
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
    private readonly surroundings: BusSurroundings,
  ) {
    for (const { logicalId, properties } of rules) {
      for (const { Input, InputTransformer } of properties['Targets'] as Target[]) {
        if (Input === undefined && InputTransformer === undefined) continue;
        throw new Error(`${logicalId}: a target with Input or InputTransformer is not known here`);
      }
    }
  }

  /** Puts an event on the template's own bus. */
  put(source: string, detailType: string, detail: unknown): void {
    const event = this.event(source, detailType, detail);
    this.archive.push(event);
    this.route(event, (rule) => !isOnDefaultBus(rule));
  }

  /** Puts an event of an AWS service on the default bus. @param resources ARNs that the event is about */
  putOnDefault(source: string, detailType: string, detail: unknown, resources: readonly string[]): void {
    this.route(this.event(source, detailType, detail, resources), isOnDefaultBus);
  }

  private event(source: string, detailType: string, detail: unknown, resources: readonly string[] = []): BusEvent {
    const { location, clock, newId } = this.surroundings;
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

  private async deliver({ name: rule, arn = '' }: ResolvedResource, target: Target, event: BusEvent): Promise<void> {
    const { clock, deliver, deadLetter, metrics } = this.surroundings;
    const input = target.InputPath === undefined ? event : valueAt(event, target.InputPath);
    const { MaximumEventAgeInSeconds, MaximumRetryAttempts } = { ...DEFAULT_POLICY, ...target.RetryPolicy };
    const deadline = clock.now() + MaximumEventAgeInSeconds * 1000;
    const [first = rule, second] = rule.split('|');
    // AWS: EventBridge metrics: those of the default bus have the rule alone.
    const dimensions: Readonly<Record<string, string>> =
      second === undefined ? { RuleName: first } : { EventBusName: first, RuleName: second };
    let wait = BACKOFF_MS.first;
    let why: Readonly<Record<string, string>> = {};
    for (let attempts = 0; ; attempts += 1) {
      try {
        await deliver(target.Arn, input, event);
        metrics.put('AWS/Events', 'Invocations', dimensions, 1);
        return;
      } catch (error) {
        if (!isFailure(error)) throw error;
        const tooOften = attempts >= MaximumRetryAttempts;
        const last = tooOften || clock.now() + wait > deadline;
        const refused = error instanceof RefusedDelivery;
        why = {
          RULE_ARN: arn,
          TARGET_ARN: target.Arn,
          ERROR_CODE: refused ? 'NO_PERMISSIONS' : 'ERROR_FROM_TARGET',
          ERROR_MESSAGE: error instanceof Error ? error.message : String(error),
          RETRY_ATTEMPTS: String(attempts),
          ...(!refused && {
            EXHAUSTED_RETRY_CONDITION: tooOften ? 'MaximumRetryAttempts' : 'MaximumEventAgeInSeconds',
          }),
        };
        if (!last && !refused) {
          await sleep(clock, wait);
          wait = Math.min(wait * 2, BACKOFF_MS.longest);
          continue;
        }
      }
      metrics.put('AWS/Events', 'FailedInvocations', dimensions, 1);
      const queue = target.DeadLetterConfig?.Arn;
      if (queue === undefined) this.lost.push(event);
      else {
        metrics.put('AWS/Events', 'InvocationsSentToDlq', dimensions, 1);
        // The event as it was, whatever the target gets of it, and attributes that say why (eb-rule-dlq).
        await deadLetter(queue, event, why);
      }
      return;
    }
  }
}
