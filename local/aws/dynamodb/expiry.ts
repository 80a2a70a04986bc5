import type { Cancel } from '../../clock/clock';
import { DYNAMODB_LIMITS } from '../../limits/dynamodb';
import { exceeds } from '../../limits/limit';
import { attributeOf, type Item } from './attribute-value';

const { expiryAge } = DYNAMODB_LIMITS.rows;

const YEAR_MS = 365 * 86_400_000;
/** AWS deletes "within a few days" of the expiry (developerguide, howitworks-ttl.html). */
export const EXPIRY_DELAY_MS = 2 * 86_400_000;
/** Between two looks at a table. AWS says no number; what matters is that a deletion is late. */
const SCAN_EVERY_MS = 3_600_000;

/** What deletes expired items in the background. */
export interface ExpiryTimer {
  readonly now: () => number;
  /** Runs something later, in the background. */
  readonly after: (ms: number, run: () => void) => Cancel;
  /** Milliseconds between an item's expiry and its deletion. */
  readonly delayMs: number;
}

/**
 * When an item expires by a TTL attribute, in milliseconds since 1970; undefined for one that never does: without the
 * attribute, with one that is no Number, or with a time that is more than five years past.
 */
function expiryOf(item: Item, attribute: string, now: number): number | undefined {
  const value = attributeOf(item, attribute);
  if (value === undefined || !('N' in value)) return undefined;
  const at = Number(value.N) * 1000;
  return exceeds(expiryAge, (now - at) / YEAR_MS) ? undefined : at;
}

/** Looks at a table from time to time for items that expired long enough ago. One timer for all of a table's items. */
export class Expiry {
  private planned?: { readonly at: number; readonly cancel: Cancel };
  private lastScan = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly attribute: string,
    private readonly timer: ExpiryTimer,
    private readonly items: () => Iterable<Item>,
    private readonly expire: (item: Item) => void,
  ) {}

  /** Takes note of an item that was written. */
  note(item: Item): void {
    const at = expiryOf(item, this.attribute, this.timer.now());
    if (at !== undefined) this.plan(at + this.timer.delayMs);
  }

  private plan(due: number): void {
    const at = Math.max(due, this.lastScan + SCAN_EVERY_MS);
    if (this.planned !== undefined && this.planned.at <= at) return;
    this.planned?.cancel();
    const cancel = this.timer.after(Math.max(0, at - this.timer.now()), () => this.scan());
    this.planned = { at, cancel };
  }

  private scan(): void {
    const now = this.timer.now();
    this.planned = undefined;
    this.lastScan = now;
    let next = Number.POSITIVE_INFINITY;
    for (const item of [...this.items()]) {
      const at = expiryOf(item, this.attribute, now);
      if (at === undefined) continue;
      if (at + this.timer.delayMs <= now) this.expire(item);
      else next = Math.min(next, at + this.timer.delayMs);
    }
    if (next < Number.POSITIVE_INFINITY) this.plan(next);
  }
}
