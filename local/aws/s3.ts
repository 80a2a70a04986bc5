import { optionalInteger, optionalText, unsupported } from './input';
import { AwsError, type LocalInput, type LocalService } from './service';

interface StoredObject {
  readonly Body: Buffer;
  readonly ContentType: unknown;
  /** Milliseconds since 1970. */
  readonly written: number;
}

interface StoredBucket {
  /** Where it is. @default - wherever it is asked for */
  readonly region?: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly objects: Map<string, StoredObject>;
}

/** AWS: S3 API, ListObjectsV2 and ListBuckets: what an answer holds at the most. */
const LISTED = { objects: 1000, buckets: 10_000 } as const;

/**
 * Buckets in memory: put and get of whole objects, and lists by prefix (docs.aws.amazon.com/AmazonS3: API_ListObjectsV2,
 * API_ListBuckets).
 */
export class LocalS3 implements LocalService {
  private readonly buckets = new Map<string, StoredBucket>();

  constructor(private readonly now: () => number = Date.now) {}

  createBucket(name: string, region?: string): void {
    this.buckets.set(name, { region, created: this.now(), objects: new Map() });
  }

  /** Keys of a bucket's objects. */
  keys(bucket: string): string[] {
    return [...this.bucket(bucket).keys()];
  }

  /** Replaces an object's content, as nobody should. */
  tamper(bucket: string, key: string, content: string): void {
    this.bucket(bucket).set(key, {
      Body: Buffer.from(content),
      ContentType: 'application/json',
      written: this.now(),
    });
  }

  call(action: string, input: LocalInput): LocalInput {
    const { Bucket, Key, Body, ContentType } = input;
    if (action === 'ListBuckets') return this.listBuckets(input);
    const objects = this.bucket(String(Bucket));
    switch (action) {
      case 'PutObject':
        objects.set(String(Key), { Body: Body as Buffer, ContentType, written: this.now() });
        return {};
      case 'GetObject': {
        const object = objects.get(String(Key));
        if (object === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
        return { Body: object.Body, ContentType: object.ContentType };
      }
      case 'ListObjectsV2':
        return listObjects(objects, input);
      default:
        throw unsupported(action);
    }
  }

  private listBuckets(input: LocalInput): LocalInput {
    const [prefix = '', region] = [optionalText(input, 'Prefix'), optionalText(input, 'BucketRegion')];
    const found = [...this.buckets]
      .filter(([name]) => name.startsWith(prefix))
      .filter(([, bucket]) => region === undefined || bucket.region === undefined || bucket.region === region)
      .map(([name, bucket]) => ({ name, ...bucket }));
    const { page, token } = pageOf(found, ({ name }) => name, input, 'MaxBuckets', LISTED.buckets);
    return {
      Buckets: page.map(({ name, created }) => ({ Name: name, CreationDate: isoSecond(created) })),
      ContinuationToken: token,
    };
  }

  private bucket(name: string): Map<string, StoredObject> {
    const bucket = this.buckets.get(name);
    if (bucket === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    return bucket.objects;
  }
}

function listObjects(objects: ReadonlyMap<string, StoredObject>, input: LocalInput): LocalInput {
  const Prefix = optionalText(input, 'Prefix') ?? '';
  const found = [...objects].filter(([key]) => key.startsWith(Prefix));
  const { page, token } = pageOf(found, ([key]) => key, input, 'MaxKeys', LISTED.objects);
  return {
    Name: input['Bucket'],
    Prefix,
    KeyCount: page.length,
    MaxKeys: optionalInteger(input, 'MaxKeys') ?? LISTED.objects,
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
  const least = size === 'MaxKeys' ? 0 : 1;
  if (asked < least) throw new AwsError('InvalidArgument', `${size} must be ${least} or more`);
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
