import { validation } from '../input';
import { LocalStream } from '../stream';
import { type AttributeValue, attributeOf, equalItems, type Item, itemSize, typeOf } from './attribute-value';
import { compareScalars } from './expressions/condition';

/** Key attributes of a table or index. */
export interface KeySchema {
  readonly partition: string;
  readonly sort?: string;
}

/** A table as the template defines it. */
export interface TableDefinition {
  readonly name: string;
  readonly key: KeySchema;
  /** Type of each key attribute: S, N or B. */
  readonly attributeTypes: Readonly<Record<string, string>>;
  readonly indexes?: Readonly<Record<string, KeySchema>>;
  /** What stream records carry. @default - no stream */
  readonly stream?: 'NEW_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'OLD_IMAGE' | 'KEYS_ONLY';
  readonly timeToLive?: string;
}

/** One change of a table, as its stream tells it. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventSource: 'aws:dynamodb';
  readonly eventVersion: '1.1';
  readonly awsRegion: string;
  readonly eventSourceARN: string;
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
}

/** AWS: DynamoDB constraints. */
const MAX_ITEM_BYTES = 409_600;

/** A table in memory with its stream. */
export class LocalTable {
  private readonly items = new Map<string, Item>();
  /** Its changes, for readers that keep their own place. */
  readonly shards = new LocalStream<StreamRecord>();
  private changes = 0;
  private readonly region: string;

  constructor(
    readonly definition: TableDefinition,
    private readonly streamArn: string,
    private readonly now: () => number,
  ) {
    this.region = streamArn.split(':')[3] ?? '';
  }

  /** Every change that no reader has let go, oldest first. */
  get stream(): StreamRecord[] {
    return this.shards.records().sort((a, b) => (a.dynamodb.SequenceNumber < b.dynamodb.SequenceNumber ? -1 : 1));
  }

  /** Number of items. */
  get size(): number {
    return this.items.size;
  }

  /** Every item. */
  all(): Item[] {
    return [...this.items.values()];
  }

  get(key: Item): Item | undefined {
    return this.items.get(this.identity(key, true));
  }

  /** The item's place. @throws AwsError for a missing or mistyped key attribute, or one too many */
  identity(item: Item, keyOnly = false): string {
    const { partition, sort } = this.definition.key;
    const names = sort === undefined ? [partition] : [partition, sort];
    if (keyOnly && Object.keys(item).length !== names.length) {
      throw validation('The provided key element does not match the schema');
    }
    return names.map((name) => this.keyText(name, attributeOf(item, name))).join('\u0000');
  }

  private keyText(name: string, value: AttributeValue | undefined): string {
    if (value === undefined)
      throw validation(`One or more parameter values were invalid: Missing the key ${name} in the item`);
    const type = this.definition.attributeTypes[name];
    if (typeOf(value) !== type) {
      throw validation(
        `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`,
      );
    }
    const text = String(Object.values(value)[0]);
    if (text === '')
      throw validation(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
      );
    return text;
  }

  /** Refuses what DynamoDB would not store. */
  check(item: Item): void {
    this.identity(item);
    if (itemSize(item) > MAX_ITEM_BYTES) throw validation('Item size has exceeded the maximum allowed size');
    for (const { partition, sort } of Object.values(this.definition.indexes ?? {})) {
      for (const name of sort === undefined ? [partition] : [partition, sort]) {
        const value = attributeOf(item, name);
        if (value !== undefined) this.keyText(name, value);
      }
    }
  }

  put(item: Item): void {
    const identity = this.identity(item);
    const before = this.items.get(identity);
    this.items.set(identity, item);
    // A write that changes nothing leaves no record (AWS: DynamoDB Streams).
    if (before === undefined || !equalItems(before, item))
      this.record(before === undefined ? 'INSERT' : 'MODIFY', before, item);
  }

  delete(key: Item): void {
    const identity = this.identity(key, true);
    const before = this.items.get(identity);
    if (before === undefined) return;
    this.items.delete(identity);
    this.record('REMOVE', before, undefined);
  }

  private record(eventName: StreamRecord['eventName'], before: Item | undefined, after: Item | undefined): void {
    const { stream: view, key } = this.definition;
    if (view === undefined) return;
    const item = after ?? before ?? {};
    this.changes += 1;
    const sequence = String(this.changes).padStart(21, '0');
    const record: StreamRecord = {
      eventID: `${this.definition.name}-${sequence}`,
      eventName,
      eventSource: 'aws:dynamodb',
      eventVersion: '1.1',
      awsRegion: this.region,
      eventSourceARN: this.streamArn,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(this.now() / 1000),
        Keys: keysOf(key, item),
        ...(after !== undefined && view.startsWith('NEW') && { NewImage: after }),
        ...(before !== undefined && view.includes('OLD_IMAGE') && { OldImage: before }),
        SequenceNumber: sequence,
        SizeBytes: itemSize(item),
        StreamViewType: view,
      },
    };
    this.shards.put(this.identity(item), record, this.now());
  }

  /** Items of one partition of the table or an index, in order. Items without the index's keys are not in it. */
  partition(schema: KeySchema, value: AttributeValue): Item[] {
    const { partition, sort } = schema;
    const found = this.all().filter((item) => {
      const own = attributeOf(item, partition);
      if (own === undefined || compareScalars(own, value) !== 0) return false;
      return sort === undefined || attributeOf(item, sort) !== undefined;
    });
    return found.sort((a, b) => this.order(schema, a, b));
  }

  /** Order of two places: by sort key, then by the table's own key. A start key will do for an item. */
  order({ sort }: KeySchema, a: Item, b: Item): number {
    const [left, right] = sort === undefined ? [undefined, undefined] : [attributeOf(a, sort), attributeOf(b, sort)];
    const bySort = left === undefined || right === undefined ? 0 : (compareScalars(left, right) ?? 0);
    return bySort !== 0 ? bySort : Buffer.compare(Buffer.from(this.identity(a)), Buffer.from(this.identity(b)));
  }
}

function keysOf({ partition, sort }: KeySchema, item: Item): Item {
  const keys: Record<string, AttributeValue> = {};
  for (const name of sort === undefined ? [partition] : [partition, sort]) {
    const value = item[name];
    if (value !== undefined) keys[name] = value;
  }
  return keys;
}
