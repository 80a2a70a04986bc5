import { DYNAMODB_LIMITS } from '../../limits/dynamodb';
import { enforce, refused } from '../../limits/limit';
import { LocalStream } from '../stream';
import { type AttributeValue, equalItems, type Item, itemSize } from './attribute-value';
import { Expiry, type ExpiryTimer } from './expiry';
import { ItemCollections, LocalIndex, type PlacedItem } from './item-collections';
import {
  checkIndexKeys,
  type KeyDefinitions,
  type KeyReading,
  keyNames,
  pickAttributes,
  placeOfItem,
  scalarText,
} from './keys';
import { type StreamRecord, type StreamView, streamRecord } from './stream-record';

export type { KeySchema } from './keys';
export type { StreamRecord } from './stream-record';

const { itemBytes, tableNameLength, tableNameCharacters } = DYNAMODB_LIMITS.rows;

/** A table as the template defines it. */
export interface TableDefinition extends KeyDefinitions {
  readonly name: string;
  /** What stream records carry. @default - no stream */
  readonly stream?: StreamView;
  /** Attribute with the time at which an item expires, in seconds since 1970. @default - items do not expire */
  readonly timeToLive?: string;
}

/** What a table needs from outside. */
export interface TableContext {
  readonly streamArn: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What deletes expired items. @default - they stay */
  readonly expiry?: ExpiryTimer;
  /** Milliseconds after which a write shows in an index. @default - at once */
  readonly indexLagMs?: () => number;
}

/** A table in memory with its stream. */
export class LocalTable {
  /** Its changes, for readers that keep their own place. */
  readonly shards = new LocalStream<StreamRecord>();
  private readonly items = new Map<string, Item>();
  /** Only where there is a sort key: without one, an item is a collection of its own. */
  private readonly collections?: ItemCollections;
  private readonly indexes: ReadonlyMap<string, LocalIndex>;
  private readonly expiry?: Expiry;
  private changes = 0;

  constructor(
    readonly definition: TableDefinition,
    private readonly tableContext: TableContext,
  ) {
    const { name, key, indexes = {}, timeToLive } = definition;
    enforce(tableNameLength, name.length);
    if (!/^[\w.-]*$/.test(name)) throw refused(tableNameCharacters);
    const { now, indexLagMs, expiry } = tableContext;
    if (key.sort !== undefined) this.collections = new ItemCollections(key);
    this.indexes = new Map(
      Object.entries(indexes).map(([index, schema]) => [index, new LocalIndex(schema, now, indexLagMs)]),
    );
    if (timeToLive !== undefined && expiry !== undefined) {
      this.expiry = new Expiry(
        timeToLive,
        expiry,
        () => this.items.values(),
        (item) => this.remove(this.identity(item), true),
      );
    }
  }

  /** Every change that no reader has let go, oldest first. */
  get stream(): StreamRecord[] {
    return this.shards.records().sort((a, b) => (a.dynamodb.SequenceNumber < b.dynamodb.SequenceNumber ? -1 : 1));
  }

  /** Number of items. */
  get size(): number {
    return this.items.size;
  }

  /** Every item, those that expired and are not deleted yet included. */
  all(): Item[] {
    return [...this.items.values()];
  }

  get(key: Item): Item | undefined {
    return this.items.get(this.identity(key, { keyOnly: true }));
  }

  /** The item's place. @throws AwsError for a missing or mistyped key attribute, or one too many */
  identity(item: Item, reading?: KeyReading): string {
    return placeOfItem(this.definition, item, reading);
  }

  /** The primary key of an item. */
  keyOf(item: Item): Item {
    return pickAttributes(item, keyNames(this.definition.key));
  }

  /** Refuses what DynamoDB would not store. @returns bytes of the item */
  check(item: Item): number {
    this.identity(item);
    const bytes = itemSize(item);
    enforce(itemBytes, bytes, 'Item size has exceeded the maximum allowed size');
    checkIndexKeys(this.definition, item);
    return bytes;
  }

  put(item: Item): void {
    const place = this.identity(item);
    const before = this.items.get(place);
    this.items.set(place, item);
    this.expiry?.note(item);
    // A write that changes nothing leaves no record (AWS: DynamoDB Streams).
    if (before !== undefined && equalItems(before, item)) return;
    this.changed(place, before, item);
  }

  delete(key: Item): void {
    this.remove(this.identity(key, { keyOnly: true }));
  }

  /** Items of a partition key value of the table or an index, in order. Items without the index's keys are not in it. */
  collection(index: string | undefined, value: AttributeValue): readonly PlacedItem[] {
    if (index !== undefined) return this.indexes.get(index)?.of(value) ?? [];
    if (this.collections !== undefined) return this.collections.of(value);
    const place = scalarText(value);
    const item = this.items.get(place);
    return item === undefined ? [] : [{ place, item }];
  }

  private remove(place: string, expired = false): void {
    const before = this.items.get(place);
    if (before === undefined) return;
    this.items.delete(place);
    this.changed(place, before, undefined, expired);
  }

  private changed(place: string, before: Item | undefined, after: Item | undefined, expired = false): void {
    this.collections?.replace(place, before, after);
    for (const index of this.indexes.values()) index.replace(place, before, after);
    const { stream: view, key, name } = this.definition;
    if (view === undefined) return;
    this.changes += 1;
    const { streamArn } = this.tableContext;
    const now = this.tableContext.now();
    const context = { table: name, key, view, streamArn, now, number: this.changes };
    this.shards.put(place, streamRecord({ before, after, expired }, context), now);
  }
}
