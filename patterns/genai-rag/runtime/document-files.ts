import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';
import { HEAD_BYTES, isTextType, needsTail, TAIL_BYTES } from '../../../lib/runtime/file-signatures';
import { type TextFinding, TextScan } from '../../../lib/runtime/text-encoding';
import type { DocumentRow } from './document-row';
import { METADATA_BYTES } from './metadata-file';

/** A file as a look at it shows it. */
export interface SeenFile {
  /** The first bytes, or all. */
  readonly head: Uint8Array;
  /** The last bytes, where its type asks for them. */
  readonly tail?: Uint8Array;
  /** Bytes of the whole. */
  readonly size: number;
  readonly contentType: string;
  readonly etag: string;
}

/** A file that says it is text, read to its end: its first characters do not tell its encoding. */
export interface SeenText extends SeenFile {
  readonly encoding: TextFinding;
  /** All of it, up to {@link CONVERTED_BYTES}; undefined above. */
  readonly whole?: Uint8Array;
}

/** The largest text that is converted: a function that looks at ten files at once holds them in its memory. */
export const CONVERTED_BYTES = 4 * 1024 * 1024;

/** AWS: the most keys of a DeleteObjects request. */
const KEYS_AT_ONCE = 1000;

/** The files of the documents bucket. Each step may be done again. */
export class DocumentFiles {
  #given?: S3Client;

  /** @param client for tests. @default - the surrounding role's */
  constructor(
    readonly bucket: string,
    client?: S3Client,
  ) {
    this.#given = client;
  }

  get #client(): S3Client {
    // Four tries fit the minute of an inspection; S3 copies 50 MiB in seconds.
    this.#given ??= new S3Client({ maxAttempts: 4, requestHandler: callTimeouts({ answerMs: 10_000 }) });
    return this.#given;
  }

  /**
   * Looks at the file of a document by one request, or two for a type that is told by its end; undefined when it is not there. Of one
   * that is longer than announced it reads no further.
   */
  async look(
    Key: string,
    { contentType: type, size }: Pick<DocumentRow, 'contentType' | 'size'>,
  ): Promise<SeenFile | SeenText | undefined> {
    if (isTextType(type)) return this.lookAtText(Key, `bytes=0-${size}`);
    const begin = await this.read(Key, `bytes=0-${HEAD_BYTES - 1}`);
    if (begin === undefined || begin.size <= HEAD_BYTES || !needsTail(type)) return begin;
    const end = await this.read(Key, `bytes=-${TAIL_BYTES}`, begin.etag);
    return end === undefined ? undefined : { ...begin, tail: end.head };
  }

  /** Size and ETag of an object; undefined when it is not there. */
  async find(Key: string): Promise<{ readonly size: number; readonly etag: string } | undefined> {
    try {
      const found = await this.#client.send(new HeadObjectCommand({ Bucket: this.bucket, Key }));
      return { size: found.ContentLength ?? 0, etag: bare(found.ETag) };
    } catch (error) {
      if (isNamed(error, 'NotFound', 'NoSuchKey')) return undefined;
      throw error;
    }
  }

  /** A metadata file; undefined when there is none. One that is too long is cut, which makes it none. */
  async metadata(Key: string): Promise<{ readonly text: string; readonly etag: string } | undefined> {
    const found = await this.read(Key, `bytes=0-${METADATA_BYTES}`);
    return found === undefined ? undefined : { text: Buffer.from(found.head).toString(), etag: found.etag };
  }

  /** @returns the ETag of what was written */
  async putMetadata(Key: string, Body: string): Promise<string> {
    const put = new PutObjectCommand({ Bucket: this.bucket, Key, Body, ContentType: 'application/json' });
    return bare((await this.#client.send(put)).ETag);
  }

  /** Writes a document in UTF-8. @returns the ETag of what was written */
  async putText(Key: string, Body: string, ContentType: string): Promise<string> {
    return bare((await this.#client.send(new PutObjectCommand({ Bucket: this.bucket, Key, Body, ContentType }))).ETag);
  }

  /**
   * Copies a file as it was looked at.
   *
   * @returns the copy's ETag; undefined when the file is gone or another by now
   */
  async copy(from: string, Key: string, etag: string): Promise<string | undefined> {
    const CopySource = `${this.bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
    try {
      const copy = new CopyObjectCommand({ Bucket: this.bucket, Key, CopySource, CopySourceIfMatch: `"${etag}"` });
      return bare((await this.#client.send(copy)).CopyObjectResult?.ETag);
    } catch (error) {
      if (isNamed(error, 'NoSuchKey', 'PreconditionFailed')) return undefined;
      throw error;
    }
  }

  /** Deletes objects; those that are not there count as deleted. @throws Error naming what S3 did not delete */
  async remove(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
      const Objects = keys.slice(start, start + KEYS_AT_ONCE).map((Key) => ({ Key }));
      const remove = new DeleteObjectsCommand({ Bucket: this.bucket, Delete: { Objects, Quiet: true } });
      const [first, ...others] = (await this.#client.send(remove)).Errors ?? [];
      if (first !== undefined) throw new Error(`${others.length + 1} objects not deleted: ${first.Key}: ${first.Code}`);
    }
  }

  /**
   * Deletes a file as it was looked at (AWS: S3, conditional deletes); one that is gone counts as deleted. Another one that came in
   * its place stays: it has an event of its own.
   */
  async removeSeen(Key: string, etag: string): Promise<void> {
    try {
      await this.#client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key, IfMatch: `"${etag}"` }));
    } catch (error) {
      if (!isNamed(error, 'NoSuchKey', 'NotFound', 'PreconditionFailed')) throw error;
    }
  }

  private read(Key: string, Range: string, etag?: string): Promise<SeenFile | undefined> {
    return this.get(Key, Range, etag, async (body) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return { head: Buffer.concat(chunks) };
    });
  }

  private lookAtText(Key: string, Range: string): Promise<SeenText | undefined> {
    return this.get(Key, Range, undefined, async (body) => {
      const scan = new TextScan();
      const chunks: Uint8Array[] = [];
      let [read, kept] = [0, 0];
      for await (const chunk of body) {
        scan.add(chunk);
        read += chunk.length;
        if (read > CONVERTED_BYTES && kept >= HEAD_BYTES) continue;
        chunks.push(chunk);
        kept += chunk.length;
      }
      const begin = Buffer.concat(chunks);
      const head = begin.subarray(0, HEAD_BYTES);
      return { head, encoding: scan.finding(), ...(read <= CONVERTED_BYTES && { whole: begin }) };
    });
  }

  /** Reads a part of an object; undefined when it is not there, or another than the ETag's. */
  private async get<Read extends Pick<SeenFile, 'head'>>(
    Key: string,
    Range: string,
    etag: string | undefined,
    read: (body: AsyncIterable<Uint8Array>) => Promise<Read>,
  ): Promise<(Read & SeenFile) | undefined> {
    try {
      const IfMatch = etag === undefined ? undefined : `"${etag}"`;
      const answer = await this.#client.send(new GetObjectCommand({ Bucket: this.bucket, Key, Range, IfMatch }));
      const found = await read(bytesOf(answer.Body));
      const [, size = found.head.length] = /\/(\d+)$/.exec(answer.ContentRange ?? '') ?? [];
      return { ...found, size: Number(size), contentType: answer.ContentType ?? '', etag: bare(answer.ETag) };
    } catch (error) {
      if (isNamed(error, 'NoSuchKey', 'PreconditionFailed')) return undefined;
      // An object of nothing has no first byte.
      if (!isNamed(error, 'InvalidRange')) throw error;
      const found = await this.find(Key);
      return found === undefined ? undefined : { ...(await read(bytesOf(undefined))), contentType: '', ...found };
    }
  }
}

/** A body as it comes: in Node.js it is a stream (AWS SDK, `NodeJsRuntimeStreamingBlobPayloadOutputTypes`). */
async function* bytesOf(body: GetObjectCommandOutput['Body']): AsyncGenerator<Uint8Array> {
  if (body !== undefined) yield* body as AsyncIterable<Uint8Array>;
}

/** Events spell an ETag without its quotes, answers with them. */
function bare(etag = ''): string {
  return etag.replaceAll('"', '');
}

function isNamed(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
