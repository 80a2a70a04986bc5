import { unsupported } from './input';
import { AwsError, type LocalInput, type LocalService } from './service';

interface StoredObject {
  readonly Body: Buffer;
  readonly ContentType: unknown;
}

/** Buckets in memory: put and get of whole objects. */
export class LocalS3 implements LocalService {
  private readonly buckets = new Map<string, Map<string, StoredObject>>();

  createBucket(name: string): void {
    this.buckets.set(name, new Map());
  }

  /** Keys of a bucket's objects. */
  keys(bucket: string): string[] {
    return [...this.bucket(bucket).keys()];
  }

  /** Replaces an object's content, as nobody should. */
  tamper(bucket: string, key: string, content: string): void {
    this.bucket(bucket).set(key, { Body: Buffer.from(content), ContentType: 'application/json' });
  }

  call(action: string, { Bucket, Key, Body, ContentType }: LocalInput): LocalInput {
    const objects = this.bucket(String(Bucket));
    switch (action) {
      case 'PutObject':
        objects.set(String(Key), { Body: Body as Buffer, ContentType });
        return {};
      case 'GetObject': {
        const object = objects.get(String(Key));
        if (object === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
        return { ...object };
      }
      default:
        throw unsupported(action);
    }
  }

  private bucket(name: string): Map<string, StoredObject> {
    const bucket = this.buckets.get(name);
    if (bucket === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    return bucket;
  }
}
