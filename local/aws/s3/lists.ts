import { enforce } from '../../limits/limit';
import { S3_LIMITS } from '../../limits/s3';
import { optionalInteger, optionalText } from '../input';
import type { LocalInput } from '../service';
import type { StoredObject } from './objects';

const { listedObjects, maxKeys, maxBuckets } = S3_LIMITS.rows;

/** A bucket in a list of them. */
export interface ListedBucket {
  readonly name: string;
  /** Where it is. @default - wherever it is asked for */
  readonly region?: string;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** Answers ListBuckets (docs.aws.amazon.com/AmazonS3: API_ListBuckets). */
export function listBuckets(buckets: readonly ListedBucket[], input: LocalInput): LocalInput {
  const [prefix = '', wanted] = [optionalText(input, 'Prefix'), optionalText(input, 'BucketRegion')];
  const found = buckets
    .filter(({ name }) => name.startsWith(prefix))
    .filter(({ region }) => wanted === undefined || region === undefined || region === wanted);
  const { page, token } = pageOf(found, ({ name }) => name, input, 'MaxBuckets', maxBuckets.max);
  return {
    Buckets: page.map(({ name, created }) => ({ Name: name, CreationDate: isoSecond(created) })),
    ContinuationToken: token,
  };
}

/** Answers ListObjectsV2 (docs.aws.amazon.com/AmazonS3: API_ListObjectsV2). */
export function listObjects(objects: ReadonlyMap<string, StoredObject>, input: LocalInput): LocalInput {
  const Prefix = optionalText(input, 'Prefix') ?? '';
  const found = [...objects].filter(([key]) => key.startsWith(Prefix));
  const { page, token } = pageOf(found, ([key]) => key, input, 'MaxKeys', listedObjects.max);
  return {
    Name: input['Bucket'],
    Prefix,
    KeyCount: page.length,
    MaxKeys: optionalInteger(input, 'MaxKeys') ?? listedObjects.max,
    IsTruncated: token !== undefined,
    NextContinuationToken: token,
    Contents: page.map(([Key, { Body, written }]) => ({ Key, LastModified: isoSecond(written), Size: Body.length })),
  };
}

/** A page of a list, in the order of the names' bytes, behind the token or the name that was given. */
function pageOf<T>(
  found: readonly T[],
  nameOf: (each: T) => string,
  input: LocalInput,
  size: 'MaxKeys' | 'MaxBuckets',
  most: number,
): { readonly page: readonly T[]; readonly token?: string } {
  const asked = optionalInteger(input, size) ?? most;
  enforce(size === 'MaxKeys' ? maxKeys : maxBuckets, asked);
  const given = optionalText(input, 'ContinuationToken');
  // A token of ours is the name that the page before ended with. It goes before StartAfter, which is still sent with it.
  const after = given === undefined ? optionalText(input, 'StartAfter') : Buffer.from(given, 'base64').toString();
  const sorted = [...found].sort((a, b) => Buffer.compare(Buffer.from(nameOf(a)), Buffer.from(nameOf(b))));
  const start = Buffer.from(after ?? '');
  const rest = sorted.filter((each) => after === undefined || Buffer.compare(Buffer.from(nameOf(each)), start) > 0);
  const page = rest.slice(0, Math.min(asked, most));
  const last = page.at(-1);
  const more = page.length < rest.length && last !== undefined;
  return { page, ...(more && { token: Buffer.from(nameOf(last)).toString('base64') }) };
}

/** Lists tell whole seconds. */
function isoSecond(time: number): string {
  return new Date(Math.floor(time / 1000) * 1000).toISOString();
}
