import { Client } from 'pg';
import { type Accounting, accountingProblems } from '../../../local/scenarios/accounting';
import { UPLOADS_PREFIX } from '../contract';
import { accountFor } from './accounting';
import type { KnownItem, Told } from './crowd';
import type { WebAppPlace } from './place';
import type { WalkStep } from './walk';

/** What clients were told about a kind of thing, and what is stored. */
export interface Kept {
  readonly told: number;
  readonly kept: number;
  /** Told, and not there. */
  readonly lost: number;
  /** There, and other than was told. */
  readonly different: number;
  /** Stored, and never reported to a client, or deleted. */
  readonly uncalledFor: number;
}

/** What a run came to. */
export interface WebAppReport {
  readonly walk: readonly WalkStep[];
  readonly told: Told;
  readonly items: Kept;
  readonly files: Kept;
  /** What became of the items and files that the API accepted from the crowd. */
  readonly accounting: Accounting;
  readonly cache: { readonly hits: number; readonly misses: number; readonly bypasses: number };
  readonly connectionsLost: number;
  /** Everything that must not be; empty after a good run. */
  readonly problems: readonly string[];
}

interface ItemRow {
  readonly id: string;
  readonly title: string;
  readonly notes: string;
  readonly version: number;
}
interface FileRow {
  readonly id: string;
  readonly item_id: string;
  readonly status: string;
  readonly object_key: string;
}

/** What of a place is looked at. */
interface ReportedPlace extends Pick<WebAppPlace, 'uploads'> {
  readonly postgres: Pick<WebAppPlace['postgres'], 'connectionString'>;
  readonly engine: Pick<WebAppPlace['engine'], 'metrics' | 'deployment'>;
}

/**
 * Holds what the database and the bucket keep against what was answered.
 *
 * @param deadLetters bodies of messages in dead-letter queues. @default - there are none
 */
export async function reportOn(
  place: ReportedPlace,
  walk: readonly WalkStep[],
  told: Told,
  deadLetters: readonly string[] = [],
): Promise<WebAppReport> {
  const client = new Client({ connectionString: place.postgres.connectionString });
  await client.connect();
  const { rows: items } = await client.query<ItemRow>('SELECT id, title, notes, version FROM items');
  const { rows: files } = await client.query<FileRow>('SELECT id, item_id, status, object_key FROM attachments');
  await client.end();
  const objects = place.uploads.store.keys(place.uploads.bucket).filter((key) => key.startsWith(UPLOADS_PREFIX));
  const { metrics, deployment } = place.engine;
  const sum = (name: string) =>
    ['items-api', 'inspect-upload']
      .flatMap((service) => metrics.minutes('Groundplan', name, { service, stack: deployment.stackName }) ?? [])
      .flatMap(({ values }) => values)
      .reduce((total, value) => total + value, 0);
  const report = {
    walk,
    told,
    accounting: accountFor(told, {
      itemsAsTold: new Set(items.filter((row) => isAsTold(told.items.get(row.id), row)).map(({ id }) => id)),
      items: new Set(items.map(({ id }) => id)),
      files: new Map(files.map((row) => [row.id, row])),
      objects: new Set(objects),
      deadLetters,
    }),
    items: held(told.items, items, isAsTold),
    // A file that is ready lies where its attachment says; one that lied does not.
    files: held(told.files, files, (known, row) => {
      const isThere = objects.includes(row.object_key);
      return known.itemId === row.item_id && known.outcome === row.status && isThere === (row.status === 'ready');
    }),
    cache: { hits: sum('CacheHits'), misses: sum('CacheMisses'), bypasses: sum('CacheBypasses') },
    connectionsLost: sum('DatabaseConnectionsLost'),
  };
  const orphans = objects.filter((key) => !files.some(({ object_key }) => object_key === key)).length;
  return { ...report, problems: problemsOf(report, orphans) };
}

function isAsTold(known: KnownItem | undefined, row: ItemRow): boolean {
  return known?.title === row.title && known.notes === row.notes && known.version === row.version;
}

function held<Known extends { id: string }, Row extends { id: string }>(
  told: ReadonlyMap<string, Known>,
  rows: readonly Row[],
  isSame: (known: Known, row: Row) => boolean,
): Kept {
  const there = new Map(rows.map((row) => [row.id, row]));
  const pairs = [...told.values()].map((known) => [known, there.get(known.id)] as const);
  return {
    told: told.size,
    kept: rows.length,
    lost: pairs.filter(([, row]) => row === undefined).length,
    different: pairs.filter(([known, row]) => row !== undefined && !isSame(known, row)).length,
    uncalledFor: rows.filter(({ id }) => !told.has(id)).length,
  };
}

function problemsOf(
  { walk, told, items, files, accounting }: Omit<WebAppReport, 'problems'>,
  orphans: number,
): string[] {
  const problems = walk
    .filter(({ wanted, got }) => wanted !== got)
    .map(({ what, wanted, got }) => `a user ${what}: ${got}, not ${wanted}`);
  problems.push(...told.wrong.slice(0, 10));
  if (told.wrong.length > 10) problems.push(`${told.wrong.length - 10} more answers that are wrong`);
  const note = (count: number, text: string) => {
    if (count > 0) problems.push(`${count} ${text}`);
  };
  note(items.lost, 'items lost that were said to be kept');
  note(items.different, 'items other than was said');
  note(items.uncalledFor, 'items that no client was notified of');
  note(files.lost, 'files lost that were said to be kept');
  note(files.different, 'files that are not ready, or not quarantined');
  note(files.uncalledFor, 'files that no client was notified of');
  note(orphans, 'files left behind by items that were deleted');
  // What is named above has been told; the account finds what none of it names.
  if (problems.length === 0) problems.push(...accountingProblems(accounting, 'items and files'));
  return problems;
}
