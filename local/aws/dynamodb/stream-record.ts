import { type Item, itemSize } from './attribute-value';
import { type KeySchema, keyNames, pickAttributes } from './keys';

/** What stream records carry of an item. */
export type StreamView = 'NEW_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'OLD_IMAGE' | 'KEYS_ONLY';

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
    readonly StreamViewType: StreamView;
  };
  /** Who deleted an item that expired (developerguide, time-to-live-ttl-streams.html). */
  readonly userIdentity?: { readonly type: 'Service'; readonly principalId: 'dynamodb.amazonaws.com' };
}

/** A change to be told. At least one of `before` and `after` is present. */
export interface Change {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  /** Whether the item was deleted because it expired. @default false */
  readonly expired?: boolean;
}

/** Where and when a change happened. */
export interface ChangeContext {
  readonly table: string;
  readonly key: KeySchema;
  readonly view: StreamView;
  readonly streamArn: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Of the changes of the table, from 1. */
  readonly number: number;
}

/** A change as its stream tells it. */
export function streamRecord({ before, after, expired = false }: Change, context: ChangeContext): StreamRecord {
  const { table, key, view, streamArn, now, number } = context;
  const sequence = String(number).padStart(21, '0');
  const Keys = pickAttributes(after ?? before ?? {}, keyNames(key));
  const images = {
    ...(after !== undefined && view.startsWith('NEW') && { NewImage: after }),
    ...(before !== undefined && view.includes('OLD_IMAGE') && { OldImage: before }),
  };
  return {
    eventID: `${table}-${sequence}`,
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventSource: 'aws:dynamodb',
    eventVersion: '1.1',
    awsRegion: streamArn.split(':')[3] ?? '',
    eventSourceARN: streamArn,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(now / 1000),
      Keys,
      ...images,
      SequenceNumber: sequence,
      SizeBytes: Object.values(images).reduce((sum, image) => sum + itemSize(image), itemSize(Keys)),
      StreamViewType: view,
    },
    ...(expired && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } as const }),
  };
}

/** Bytes of a record that are not worth measuring: no batch is filled by a few such records. */
const SMALL = 4096;
/** JSON takes less than so many times the bytes that DynamoDB counts: a boolean of two bytes, `"a":{"BOOL":true},`, takes 18. */
const JSON_FACTOR = 10;

/** Bytes that a record adds to a batch. Those of a small one are an upper bound. */
export function streamRecordBytes(record: StreamRecord): number {
  const { SizeBytes } = record.dynamodb;
  return SizeBytes <= SMALL ? SizeBytes * JSON_FACTOR : Buffer.byteLength(JSON.stringify(record));
}
