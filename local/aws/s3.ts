import { enforce } from '../limits/limit';
import { S3_LIMITS } from '../limits/s3';
import { unsupported } from './input';
import type { BucketSettings, ObjectChange } from './s3/bucket';
import { listBuckets, listObjects } from './s3/lists';
import { MultipartUploads, type NamedPart } from './s3/multipart';
import { checkObject } from './s3/object-limits';
import { etagOf, namesEtag, type StoredObject } from './s3/objects';
import { rangeOf } from './s3/range';
import { AwsError, type LocalInput, type LocalService } from './service';

interface StoredBucket extends BucketSettings {
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly objects: Map<string, StoredObject>;
  readonly uploads: MultipartUploads;
}

const LIMITS = S3_LIMITS.rows;
/** What stores something under a key. */
const WRITES: ReadonlySet<string> = new Set([
  'PutObject',
  'PostObject',
  'CopyObject',
  'CreateMultipartUpload',
  'UploadPart',
]);

/** What else the buckets need to know. */
export interface LocalS3Options {
  /** Hears of objects that come and go, in buckets that tell (AWS: S3 with EventBridge). @default - no one */
  readonly onChange?: (change: ObjectChange) => void;
  /** Secret key behind every access key that presigns requests. @default local */
  readonly secretAccessKey?: string;
}

/** How an object came (AWS: S3 with EventBridge, `reason`). */
type Reason = Extract<ObjectChange, { readonly type: 'Object Created' }>['reason'];

/**
 * Buckets in memory: whole objects, ranges, copies, uploads in parts, and lists by prefix. Of versions it keeps the newest
 * alone.
 */
export class LocalS3 implements LocalService {
  readonly secretAccessKey: string;
  private readonly buckets = new Map<string, StoredBucket>();

  constructor(
    readonly now: () => number = Date.now,
    private readonly options: LocalS3Options = {},
  ) {
    this.secretAccessKey = options.secretAccessKey ?? 'local';
  }

  /** @throws AwsError for a name that no bucket can have */
  createBucket(name: string, region?: string, settings: BucketSettings = {}): void {
    enforce(LIMITS.bucketName, name.length, 'The specified bucket is not valid.');
    const created = this.now();
    this.buckets.set(name, { ...settings, region, created, objects: new Map(), uploads: new MultipartUploads() });
  }

  /** Keys of a bucket's objects. */
  keys(bucket: string): string[] {
    return [...this.bucket(bucket).objects.keys()];
  }

  /** Keys of uploads in parts that were neither completed nor aborted. */
  openUploads(bucket: string): string[] {
    return this.bucket(bucket).uploads.keys();
  }

  /** What a bucket was made with. */
  settings(bucket: string): BucketSettings {
    return this.bucket(bucket);
  }

  /** Replaces an object's content, as no one should. */
  tamper(bucket: string, key: string, content: string): void {
    const Body = Buffer.from(content);
    const { objects } = this.bucket(bucket);
    objects.set(key, { Body, ContentType: 'application/json', ETag: etagOf(Body), written: this.now() });
  }

  call(action: string, input: LocalInput): LocalInput {
    if (action === 'ListBuckets') {
      const buckets = [...this.buckets].map(([name, { region, created }]) => ({ name, region, created }));
      return listBuckets(buckets, input);
    }
    const name = String(input['Bucket']);
    const bucket = this.bucket(name);
    const { Key, Body, ContentType, Metadata } = input;
    const key = String(Key);
    if (WRITES.has(action)) checkObject({ key, bytes: (Body as Buffer | undefined)?.length, metadata: Metadata });
    switch (action) {
      case 'PutObject':
        return this.store(name, key, { content: Body as Buffer, contentType: ContentType }, 'PutObject');
      case 'PostObject':
        return this.store(name, key, { content: Body as Buffer, contentType: ContentType }, 'POST Object');
      case 'GetObject':
      case 'HeadObject':
        return read(bucket, key, input);
      case 'CopyObject':
        return this.copy(name, key, input);
      case 'DeleteObject':
        // AWS: S3, How to perform conditional deletes.
        if (input['IfMatch'] !== undefined) read(bucket, key, { IfMatch: input['IfMatch'] });
        this.remove(name, key);
        return {};
      case 'DeleteObjects':
        enforce(LIMITS.deletedKeys, (input['Keys'] as string[]).length, 'The XML you provided was not well-formed');
        for (const each of input['Keys'] as string[]) this.remove(name, each);
        return { Deleted: input['Keys'] };
      case 'CreateMultipartUpload':
        return { Bucket: name, Key: key, UploadId: bucket.uploads.begin(key, ContentType) };
      case 'UploadPart':
        return {
          ETag: bucket.uploads.put(key, String(input['UploadId']), Number(input['PartNumber']), Body as Buffer),
        };
      case 'CompleteMultipartUpload': {
        const made = bucket.uploads.complete(key, String(input['UploadId']), input['Parts'] as NamedPart[]);
        return { Bucket: name, Key: key, ...this.store(name, key, made, 'CompleteMultipartUpload') };
      }
      case 'ListParts':
        return { ...input, Parts: bucket.uploads.list(key, String(input['UploadId'])) };
      case 'AbortMultipartUpload':
        bucket.uploads.abort(key, String(input['UploadId']));
        return {};
      case 'ListObjectsV2':
        return listObjects(bucket.objects, input);
      default:
        throw unsupported(action);
    }
  }

  private store(
    bucket: string,
    key: string,
    { content, contentType, etag = etagOf(content) }: { content: Buffer; contentType: unknown; etag?: string },
    reason: Reason,
  ): LocalInput {
    const { objects, tells } = this.bucket(bucket);
    objects.set(key, { Body: content, ContentType: contentType, ETag: etag, written: this.now() });
    const size = content.length;
    if (tells === true) this.options.onChange?.({ type: 'Object Created', bucket, key, size, etag, reason });
    return { ETag: etag };
  }

  private copy(bucket: string, key: string, input: LocalInput): LocalInput {
    const [from = '', ...rest] = String(input['CopySource']).replace(/^\//, '').split('/');
    const source = find(this.bucket(from), rest.join('/'));
    const expected = input['CopySourceIfMatch'];
    if (expected !== undefined && !namesEtag(String(expected), source.ETag)) throw preconditionFailed();
    const { ETag } = this.store(
      bucket,
      key,
      { content: source.Body, contentType: input['ContentType'] ?? source.ContentType },
      'CopyObject',
    );
    return { ETag, LastModified: new Date(this.now()).toISOString() };
  }

  private remove(bucket: string, key: string): void {
    const { objects, tells } = this.bucket(bucket);
    const there = objects.delete(key);
    if (there && tells === true)
      this.options.onChange?.({ type: 'Object Deleted', bucket, key, reason: 'DeleteObject' });
  }

  private bucket(name: string): StoredBucket {
    const bucket = this.buckets.get(name);
    if (bucket === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    return bucket;
  }
}

function find({ objects }: StoredBucket, key: string): StoredObject {
  const object = objects.get(key);
  if (object === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  return object;
}

/** An object, or a range of it (AWS: API_GetObject). */
function read(bucket: StoredBucket, key: string, { Range, IfMatch }: LocalInput): LocalInput {
  const { Body, ContentType, ETag, written } = find(bucket, key);
  if (IfMatch !== undefined && !namesEtag(String(IfMatch), ETag)) throw preconditionFailed();
  const range = Range === undefined ? undefined : rangeOf(String(Range), Body.length);
  return {
    Body: range === undefined ? Body : Body.subarray(range.first, range.last + 1),
    ContentType,
    ETag,
    LastModified: new Date(written).toUTCString(),
    ContentRange: range === undefined ? undefined : `bytes ${range.first}-${range.last}/${Body.length}`,
  };
}

function preconditionFailed(): AwsError {
  return new AwsError(LIMITS.condition.error, 'At least one of the pre-conditions you specified did not hold', 412);
}
