import { CopyObjectCommand, DeleteObjectCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';
import { HEAD_BYTES } from '../../../lib/runtime/file-signatures';
import { QUARANTINE_PREFIX, UPLOADS_PREFIX } from '../contract';

/** An object as a look at it shows it. */
export interface InspectedObject {
  /** The first bytes, or all. */
  readonly head: Uint8Array;
  /** Bytes of the whole. */
  readonly size: number;
  readonly contentType: string;
}

/** The objects of a bucket as who inspects them sees them. Each step may be done again. */
export class InspectedObjects {
  readonly #bucket: string;
  #given?: S3Client;

  /** @param client for tests. @default - the surrounding role's */
  constructor(bucket: string, client?: S3Client) {
    this.#bucket = bucket;
    this.#given = client;
  }

  /** Made when the first file is looked at, and not while the function loads. */
  get #client(): S3Client {
    // Three tries fit the two minutes of an inspection; a copy of a large object takes its time.
    this.#given ??= new S3Client({ requestHandler: callTimeouts({ answerMs: 30_000 }) });
    return this.#given;
  }

  /** Looks at an object, by one request whatever its size; undefined when it is not there. */
  async look(Key: string): Promise<InspectedObject | undefined> {
    try {
      const get = new GetObjectCommand({ Bucket: this.#bucket, Key, Range: `bytes=0-${HEAD_BYTES - 1}` });
      const { Body, ContentRange, ContentType = '' } = await this.#client.send(get);
      const head = (await Body?.transformToByteArray()) ?? new Uint8Array();
      const [, size = head.length] = /\/(\d+)$/.exec(ContentRange ?? '') ?? [];
      return { head, size: Number(size), contentType: ContentType };
    } catch (error) {
      if (isNamed(error, 'NoSuchKey')) return undefined;
      // An object of nothing has no first byte.
      if (isNamed(error, 'InvalidRange')) return { head: new Uint8Array(), size: 0, contentType: '' };
      throw error;
    }
  }

  /** Moves an object out of reach of everyone but who looks into quarantine. */
  async quarantine(Key: string): Promise<void> {
    const { bucket: Bucket, key } = { bucket: this.#bucket, key: Key.slice(UPLOADS_PREFIX.length) };
    const CopySource = `${Bucket}/${Key.split('/').map(encodeURIComponent).join('/')}`;
    try {
      await this.#client.send(new CopyObjectCommand({ Bucket, Key: `${QUARANTINE_PREFIX}${key}`, CopySource }));
    } catch (error) {
      // Whoever was here before has moved it.
      if (!isNamed(error, 'NoSuchKey')) throw error;
    }
    await this.delete(Key);
  }

  /** Deletes an object; one that is not there counts as deleted. */
  async delete(Key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key }));
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
