import { type AttributeValue, attributeOf, compareScalars, compareTexts, type Item } from './attribute-value';
import { type KeySchema, scalarText } from './keys';

/** An item and its place in the table. */
export interface PlacedItem {
  readonly place: string;
  readonly item: Item;
}

interface Collection {
  readonly items: Map<string, Item>;
  /** In order; absent after a write. */
  sorted?: readonly PlacedItem[];
}

const NONE: readonly PlacedItem[] = [];

/** Items of a table or an index by the value of their partition key. Sorted when they are read. */
export class ItemCollections {
  private readonly collections = new Map<string, Collection>();

  constructor(private readonly schema: KeySchema) {}

  /** Replaces an item. An item without the key attributes is in no collection. */
  replace(place: string, before: Item | undefined, after: Item | undefined): void {
    const [from, to] = [this.keyOf(before), this.keyOf(after)];
    if (from !== undefined && from !== to) this.remove(from, place);
    if (to === undefined || after === undefined) return;
    const collection = this.collections.get(to) ?? { items: new Map<string, Item>() };
    collection.items.set(place, after);
    collection.sorted = undefined;
    this.collections.set(to, collection);
  }

  /** Items of a partition key value, by sort key and then by their place in the table. */
  of(value: AttributeValue): readonly PlacedItem[] {
    const collection = this.collections.get(scalarText(value));
    if (collection === undefined) return NONE;
    collection.sorted ??= [...collection.items]
      .map(([place, item]) => ({ place, item }))
      .sort((a, b) => compareInCollection(this.schema, a, b));
    return collection.sorted;
  }

  private remove(key: string, place: string): void {
    const collection = this.collections.get(key);
    if (collection === undefined) return;
    collection.items.delete(place);
    collection.sorted = undefined;
    if (collection.items.size === 0) this.collections.delete(key);
  }

  private keyOf(item: Item | undefined): string | undefined {
    if (item === undefined) return undefined;
    const { partition, sort } = this.schema;
    const value = attributeOf(item, partition);
    if (value === undefined || (sort !== undefined && attributeOf(item, sort) === undefined)) return undefined;
    return scalarText(value);
  }
}

/** Order within a collection: by sort key, then by the table's own key. A start key will do for an item. */
export function compareInCollection({ sort }: KeySchema, a: PlacedItem, b: PlacedItem): number {
  const [left, right] =
    sort === undefined ? [undefined, undefined] : [attributeOf(a.item, sort), attributeOf(b.item, sort)];
  const bySort = left === undefined || right === undefined ? 0 : (compareScalars(left, right) ?? 0);
  return bySort !== 0 ? bySort : compareTexts(a.place, b.place);
}

/**
 * A global secondary index. What is written to the table shows in it some time later, in the order of the writes
 * (docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html, data synchronization).
 */
export class LocalIndex {
  private readonly collections: ItemCollections;
  private waiting: { readonly at: number; readonly apply: () => void }[] = [];

  constructor(
    schema: KeySchema,
    private readonly now: () => number,
    /** Milliseconds that a write takes to show. @default - none */
    private readonly lagMs?: () => number,
  ) {
    this.collections = new ItemCollections(schema);
  }

  /** Takes note of a write to the table. */
  replace(place: string, before: Item | undefined, after: Item | undefined): void {
    const apply = () => this.collections.replace(place, before, after);
    if (this.lagMs === undefined) {
      apply();
      return;
    }
    this.catchUp();
    const at = Math.max(this.waiting.at(-1)?.at ?? 0, this.now() + this.lagMs());
    this.waiting.push({ at, apply });
  }

  /** Items of a partition key value as they show now, in order. */
  of(value: AttributeValue): readonly PlacedItem[] {
    this.catchUp();
    return this.collections.of(value);
  }

  private catchUp(): void {
    if (this.waiting.length === 0) return;
    const now = this.now();
    const first = this.waiting.findIndex(({ at }) => at > now);
    const due = this.waiting.splice(0, first === -1 ? this.waiting.length : first);
    for (const { apply } of due) apply();
  }
}
