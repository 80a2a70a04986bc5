import type { Accounting } from '../../../local/scenarios/accounting';
import type { KnownFile, KnownItem, Told } from './crowd';

/** What the stores hold, by the ids that the API gave out. */
export interface HeldByStores {
  /** Ids of items that are as their owners were last told. */
  readonly itemsAsTold: ReadonlySet<string>;
  readonly items: ReadonlySet<string>;
  readonly files: ReadonlyMap<string, { readonly status: string; readonly object_key: string }>;
  /** Keys of files that lie where they came in. */
  readonly objects: ReadonlySet<string>;
  /** Bodies of messages in dead-letter queues. */
  readonly deadLetters: readonly string[];
}

/**
 * What became of each item and each file that the API accepted. An item is completed when it is kept as its owner wrote it, or gone when
 * its owner deleted it; a file when it is ready where it came in, or gone with its item. A file that lies is refused when it is
 * quarantined and lies there no more. A letter keeps what a look at a file could not do.
 */
export function accountFor({ items, files, deleted }: Told, held: HeldByStores): Accounting {
  const counts = { completed: 0, refused: 0, deadLettered: 0 };
  const ends = [
    ...[...items.values()].map((item) => endOfItem(item, held)),
    ...[...files.values()].map((file) => endOfFile(file, held)),
    ...[...(deleted?.items ?? [])].map((id) => (held.items.has(id) ? undefined : 'completed')),
    ...[...(deleted?.files ?? [])].map((id) => (held.files.has(id) ? undefined : 'completed')),
  ] as const;
  for (const end of ends) if (end !== undefined) counts[end] += 1;
  return { accepted: ends.length, ...counts };
}

type End = 'completed' | 'refused' | 'deadLettered' | undefined;

function endOfItem({ id }: KnownItem, { itemsAsTold }: HeldByStores): End {
  return itemsAsTold.has(id) ? 'completed' : undefined;
}

function endOfFile({ id, outcome }: KnownFile, { files, objects, deadLetters }: HeldByStores): End {
  const row = files.get(id);
  if (row === undefined) return undefined;
  const isThere = objects.has(row.object_key);
  if (row.status === 'ready' && outcome === 'ready') return isThere ? 'completed' : undefined;
  if (row.status === 'quarantined' && outcome === 'quarantined') return isThere ? undefined : 'refused';
  return row.status === 'pending' && deadLetters.some((body) => body.includes(row.object_key))
    ? 'deadLettered'
    : undefined;
}
