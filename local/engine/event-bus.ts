import { randomUUID } from 'node:crypto';
import type { ResolvedResource } from '../assembly/resolved-template';
import type { Location } from '../aws/service';
import { type EventPattern, matchesEventPattern } from '../matching/event-pattern';
import { valueAt } from './input-template';

interface Target {
  readonly Arn: string;
  readonly InputPath?: string;
  readonly Input?: string;
  readonly InputTransformer?: unknown;
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

/** Hands an event to a rule's target. */
export type DeliverEvent = (targetArn: string, input: unknown, event: BusEvent) => void;

/** A bus with the rules of the template. */
export class LocalEventBus {
  /** Every event, as the archive would keep them. */
  readonly archive: BusEvent[] = [];

  constructor(
    private readonly location: Location,
    private readonly rules: readonly ResolvedResource[],
    private readonly now: () => number,
    private readonly deliver: DeliverEvent,
  ) {}

  put(source: string, detailType: string, detail: unknown): void {
    const event: BusEvent = {
      version: '0',
      id: randomUUID(),
      source,
      'detail-type': detailType,
      account: this.location.account,
      region: this.location.region,
      time: new Date(this.now()).toISOString(),
      resources: [],
      detail,
    };
    this.archive.push(event);
    for (const { properties } of this.rules) {
      if (properties['State'] !== 'ENABLED') continue;
      if (!matchesEventPattern(properties['EventPattern'] as EventPattern, event)) continue;
      for (const target of properties['Targets'] as Target[]) {
        if (target.Input !== undefined || target.InputTransformer !== undefined) {
          throw new Error('A target with Input or InputTransformer is not known here');
        }
        this.deliver(target.Arn, target.InputPath === undefined ? event : valueAt(event, target.InputPath), event);
      }
    }
  }
}
