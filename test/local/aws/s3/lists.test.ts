import {
  ListBucketsCommand,
  type ListBucketsCommandInput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  paginateListBuckets,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalS3 } from '../../../../local/aws/s3';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';

const NOW = Date.UTC(2026, 10, 23, 10, 15, 7, 890);
let store: LocalS3;
let aws: LocalAws;
let s3: S3Client;

beforeAll(async () => {
  aws = await startLocalAws({ s3: { call: (action, input) => store.call(action, input) } });
  s3 = new S3Client({
    endpoint: aws.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(() => {
  s3.destroy();
  return aws.close();
});
beforeEach(() => {
  store = new LocalS3(() => NOW);
  store.createBucket('kept');
});

const put = (Key: string, content = '') =>
  store.call('PutObject', { Bucket: 'kept', Key, Body: Buffer.from(content), ContentType: 'text/plain' });
const objects = (input: Partial<ListObjectsV2CommandInput> = {}) =>
  s3.send(new ListObjectsV2Command({ Bucket: 'kept', ...input }));
const keysOf = async (input?: Partial<ListObjectsV2CommandInput>) =>
  (await objects(input)).Contents?.map(({ Key }) => Key) ?? [];
const buckets = (input: ListBucketsCommandInput = {}) => s3.send(new ListBucketsCommand(input));

describe("S3's list of objects", () => {
  it('is empty without any, and of no bucket that is not there', async () => {
    expect(await objects()).toMatchObject({ KeyCount: 0, IsTruncated: false, Name: 'kept', MaxKeys: 1000 });
    expect((await objects()).Contents).toBeUndefined();
    await expect(objects({ Bucket: 'none' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it("has what begins with the prefix, in the order of the keys' bytes", async () => {
    for (const key of ['a/é', 'a/z', 'a/😀', 'a/\uffee', 'a/B', 'b/1', 'a']) put(key, key);
    expect(await keysOf({ Prefix: 'a/' })).toEqual(['a/B', 'a/z', 'a/é', 'a/\uffee', 'a/😀']);
    expect(await keysOf()).toEqual(['a', 'a/B', 'a/z', 'a/é', 'a/\uffee', 'a/😀', 'b/1']);
    expect((await objects({ Prefix: 'a/é' })).Contents).toEqual([
      { Key: 'a/é', Size: 4, LastModified: new Date(Date.UTC(2026, 10, 23, 10, 15, 7)) },
    ]);
  });

  it('spells keys as they are', async () => {
    const odd = `a+b & <c> "d" 'e' %20/?x=1#y`;
    put(odd);
    expect(await keysOf()).toEqual([odd]);
    expect(await keysOf({ Prefix: 'a+b & <' })).toEqual([odd]);
  });

  it('has a thousand at the most, and goes on by token or behind a key', async () => {
    const keys = Array.from({ length: 2005 }, (_, index) => `k-${String(index).padStart(4, '0')}`);
    for (const key of [...keys].reverse()) put(key);
    expect(await objects({ MaxKeys: 5000 })).toMatchObject({ KeyCount: 1000, IsTruncated: true, MaxKeys: 5000 });
    const all: unknown[] = [];
    const sizes: unknown[] = [];
    for await (const { Contents = [], KeyCount } of paginateListObjectsV2(
      { client: s3 },
      { Bucket: 'kept', StartAfter: 'k-0003' },
    )) {
      all.push(...Contents.map(({ Key }) => Key));
      sizes.push(KeyCount);
    }
    expect([all, sizes]).toEqual([keys.slice(4), [1000, 1000, 1]]);
    expect(await objects({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
    const last = await objects({ StartAfter: 'k-2002' });
    expect([last.KeyCount, last.IsTruncated, last.NextContinuationToken]).toEqual([2, false, undefined]);
  });

  it('refuses what it does not know', async () => {
    for (const input of [{ Delimiter: '/' }, { EncodingType: 'url' as const }, { FetchOwner: true }]) {
      await expect(objects(input)).rejects.toThrow(/The local store does not support GET \/kept\?/);
    }
    await expect(objects({ MaxKeys: -1 })).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

describe("S3's list of buckets", () => {
  it('has those of a prefix and a region', async () => {
    store.createBucket('shop-b', 'eu-west-1');
    store.createBucket('shop-a', 'us-east-1');
    store.createBucket('shop-c');
    const names = async (input?: ListBucketsCommandInput) => (await buckets(input)).Buckets?.map(({ Name }) => Name);
    expect(await names()).toEqual(['kept', 'shop-a', 'shop-b', 'shop-c']);
    expect(await names({ Prefix: 'shop-' })).toEqual(['shop-a', 'shop-b', 'shop-c']);
    expect(await names({ Prefix: 'shop-', BucketRegion: 'eu-west-1' })).toEqual(['shop-b', 'shop-c']);
    expect(await names({ Prefix: 'none' })).toEqual([]);
  });

  it('goes on by token', async () => {
    for (let index = 0; index < 7; index += 1) store.createBucket(`shop-${index}`);
    const sizes: number[] = [];
    for await (const { Buckets = [] } of paginateListBuckets({ client: s3, pageSize: 3 }, { Prefix: 'shop-' })) {
      sizes.push(Buckets.length);
    }
    expect(sizes).toEqual([3, 3, 1]);
  });
});
