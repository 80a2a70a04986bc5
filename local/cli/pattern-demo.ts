import type { CatalogueId } from '../../lib/checks';
import type { SynthesizedStack } from '../assembly/cloud-assembly';
import type { Clock } from '../clock/clock';
import type { Faults } from '../engine/faults';
import type { LocalEngine } from '../engine/local-engine';
import type { Weakening } from '../weaken/weakening';

/** What a run is asked for, whatever the pattern. */
export interface DemoRun {
  /** Orders, events: whatever the pattern takes. */
  readonly amount: number;
  readonly seed: number;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly handlers: 'process' | 'threads';
  readonly code?: Readonly<Record<string, string>>;
  /** Where files go that someone may want to look at afterwards. @default - they are deleted */
  readonly keep?: string;
  /** What a weakening adds to the day. */
  readonly day?: object;
  readonly onStart: (engine: LocalEngine) => void;
  /** Hears what someone should know of the run, as one line that stays. @default - no one */
  readonly onNote?: (line: string) => void;
  /** Hears where things are, as one line. */
  readonly onProgress: (line: () => string) => void;
}

/** How a run went: what to show of it, and what must not be. */
export interface DemoResult {
  readonly problems: readonly string[];
  show(): string;
  /** Rows to stand beside those of another run. */
  readonly figures: readonly (readonly [name: string, value: number])[];
}

/** A pattern as the demo runs it. */
export interface PatternDemo {
  /** What it takes, such as `orders`; names the option that says how many. */
  readonly unit: string;
  /** What the traffic has besides, as one says it. */
  readonly day: string;
  /** What a good run ends with. */
  readonly good: string;
  readonly usual: number;
  /** Why it cannot run in virtual time, as one says it. @default - it can */
  readonly realTimeOnly?: string;
  /** Whether it runs in virtual time alone, whatever is asked for. @default false */
  readonly virtualOnly?: boolean;
  /** What goes wrong in virtual time. */
  readonly longDay: Faults;
  readonly weakenings: Partial<Record<CatalogueId, Weakening>>;
  run(stack: SynthesizedStack, options: DemoRun): Promise<DemoResult>;
  /** Runs on moto's stores. @default - the pattern cannot */
  readonly runOnMoto?: (stack: SynthesizedStack, options: DemoRun, endpoint: string) => Promise<DemoResult>;
}

/** `ShopAlarmsBillingDeadLetters4ADE24FE` as a person reads it. */
export function alarmName(logicalId: string): string {
  return logicalId.replace(/^([A-Z][a-z]+)+?Alarms/, '').replace(/[0-9A-F]{8}$/, '');
}
