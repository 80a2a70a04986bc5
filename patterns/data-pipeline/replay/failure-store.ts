import {
  GetObjectCommand,
  paginateListBuckets,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { CommandError, messageOf } from '../../../lib/operations/terminal';
import { list } from '../load/target-stream';
import { type KeptRecord, readKept, Unreadable } from './kept-records';
import type { ReplayOptions, Selection } from './options';

/** An object of the store. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** The day folder in its key, as `yyyy-MM-dd`. */
  readonly day?: string;
  /** When it was written, milliseconds since 1970. */
  readonly written: number;
}

/** What is in a store. */
export interface Stock {
  readonly objects: number;
  readonly bytes: number;
  readonly firstDay?: string;
  readonly lastDay?: string;
  /** When the newest was written, milliseconds since 1970 by the clock of S3. */
  readonly newest: number;
}

/** Both kinds of objects have the day in front of their names. */
const DAY_FOLDER = /(?:^|\/)(\d{4})\/(\d\d)\/(\d\d)\/[^/]+$/;
/** Far above what 6 MB of a batch become as JSON in JSON; ours, so that a strange object does not fill the memory. */
const LARGEST_BYTES = 32 * 1024 * 1024;

/** The failure store that a person means. @throws CommandError when the stack has none or several */
export async function findBucket(
  s3: S3Client,
  { bucket, stack }: Pick<ReplayOptions, 'bucket' | 'stack'>,
  region: string,
): Promise<string> {
  if (bucket !== undefined) return bucket;
  // CloudFormation names buckets after their stack, in lower case.
  const prefix = `${stack.toLowerCase()}-`;
  const names: string[] = [];
  try {
    const pages = paginateListBuckets({ client: s3 }, { Prefix: prefix, BucketRegion: region });
    for await (const { Buckets = [] } of pages) names.push(...Buckets.map(({ Name = '' }) => Name));
  } catch (error) {
    throw told(error, 'finding the failure store needs s3:ListAllMyBuckets; or pass --bucket');
  }
  const found = names.filter((name) => name.includes('failures'));
  const [only] = found;
  const fix = "Pass it with --bucket: it is the stack's output FailuresBucket.";
  if (only === undefined) {
    throw new CommandError(
      `No bucket in ${region} has a name that starts with ${prefix} and contains failures; the prefix matches ${list(names)}. ${fix}`,
    );
  }
  if (found.length > 1) {
    throw new CommandError(
      `The stack ${stack} has ${found.length} failure stores in ${region}: ${list(found, ' or ')}. ${fix}`,
    );
  }
  return only;
}

/** Objects of a failure store, of which nothing is ever changed. */
export class FailureStore {
  constructor(
    private readonly s3: S3Client,
    readonly bucket: string,
    private readonly selection: Selection,
  ) {}

  /** What was selected, for people. */
  get place(): string {
    return `s3://${this.bucket}/${this.selection.prefix}`;
  }

  /** Counts what was selected. */
  async stock(): Promise<Stock> {
    let [objects, bytes, newest] = [0, 0, Number.NEGATIVE_INFINITY];
    const days: { first?: string; last?: string } = {};
    for await (const each of this.objects()) {
      objects += 1;
      bytes += each.bytes;
      newest = Math.max(newest, each.written);
      const { day } = each;
      if (day === undefined) continue;
      if (days.first === undefined || day < days.first) days.first = day;
      if (days.last === undefined || day > days.last) days.last = day;
    }
    return { objects, bytes, firstDay: days.first, lastDay: days.last, newest };
  }

  /**
   * What was selected, page by page, in the order of its keys.
   *
   * @param newest what was written later is left out, milliseconds since 1970: a replay must not come upon what fails again
   * while it goes on
   */
  async *objects(newest = Number.POSITIVE_INFINITY): AsyncGenerator<ListedObject> {
    const { prefix, since = '', until = '9999-99-99', after } = this.selection;
    const pages = paginateListObjectsV2(
      { client: this.s3 },
      { Bucket: this.bucket, Prefix: prefix, ...(after !== undefined && { StartAfter: after }) },
    );
    try {
      for await (const { Contents = [] } of pages) {
        for (const { Key: key = '', Size: bytes = 0, LastModified } of Contents) {
          const [, year, month, date] = DAY_FOLDER.exec(key) ?? [];
          const day = year === undefined ? undefined : `${year}-${month}-${date}`;
          const written = LastModified?.getTime() ?? 0;
          if (written > newest || (day !== undefined && (day < since || day > until))) continue;
          // The console makes a folder by an empty object.
          if (!(key.endsWith('/') && bytes === 0)) yield { key, bytes, day, written };
        }
      }
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === 'NoSuchBucket') {
        throw new CommandError(
          `There is no bucket ${this.bucket}. Pass the stack's output FailuresBucket with --bucket.`,
        );
      }
      throw told(error, `listing ${this.place} needs s3:ListBucket on ${this.bucket}`);
    }
  }

  /** Reads an object. @throws Unreadable for one that holds no records */
  async read({ key, bytes, day }: ListedObject): Promise<readonly KeptRecord[]> {
    const { since, until } = this.selection;
    if (day === undefined && (since ?? until) !== undefined) {
      throw new Unreadable('its key has no day to compare with --since or --until');
    }
    if (bytes > LARGEST_BYTES) throw new Unreadable('it is larger than 32 MiB, the maximum of a failed batch');
    let text: string | undefined;
    try {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      text = await Body?.transformToString();
    } catch (error) {
      const name = error instanceof S3ServiceException ? error.name : '';
      if (name === 'NoSuchKey') throw new Unreadable('it was deleted after it was listed');
      if (name === 'InvalidObjectState') throw new Unreadable('it is archived; restore it first');
      throw told(error, `reading ${key} needs s3:GetObject on ${this.bucket} and kms:Decrypt on its key`);
    }
    return readKept(text ?? '');
  }
}

/** S3 often says no more than that access is denied. */
function told(error: unknown, needs: string): unknown {
  return error instanceof S3ServiceException ? new CommandError(`${messageOf(error)} (${needs})`) : error;
}
