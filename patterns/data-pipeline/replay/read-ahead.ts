import type { FailureStore, ListedObject } from './failure-store';
import { type KeptRecord, Unreadable } from './kept-records';

/** An object and what is in it. */
export interface ReadObject extends ListedObject {
  readonly records: readonly KeptRecord[];
  /** Why it could not be read. */
  readonly unreadable?: string;
}

/** Objects under way at most, and their bytes; ours. */
const AHEAD = { objects: 16, bytes: 16 * 1024 * 1024 } as const;

/**
 * Reads objects in their order, and the next ones before they are asked for: a batch that was halved down to the record at
 * fault is in an object of its own, and each takes a request.
 *
 * @param newest what was written later is left out, milliseconds since 1970
 */
export async function* readAhead(store: FailureStore, newest: number): AsyncGenerator<ReadObject> {
  const underWay: { readonly bytes: number; readonly read: Promise<ReadObject> }[] = [];
  let bytes = 0;
  for await (const object of store.objects(newest)) {
    const read = readOne(store, object);
    // Whoever takes it hears of its error; when no one does, no one needs to.
    read.catch(() => undefined);
    underWay.push({ bytes: object.bytes, read });
    bytes += object.bytes;
    while (underWay.length > AHEAD.objects || (bytes > AHEAD.bytes && underWay.length > 1)) yield* next();
  }
  while (underWay.length > 0) yield* next();

  async function* next(): AsyncGenerator<ReadObject> {
    const first = underWay.shift();
    if (first === undefined) return;
    bytes -= first.bytes;
    yield await first.read;
  }
}

async function readOne(store: FailureStore, object: ListedObject): Promise<ReadObject> {
  try {
    return { ...object, records: await store.read(object) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ...object, records: [], unreadable: error.message };
  }
}
