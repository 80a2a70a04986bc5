import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { callTimeouts } from './call-timeouts';
import { attachmentDisposition } from './content-disposition';
import { LARGEST_SINGLE_REQUEST_BYTES, PART_LIMITS, PRESIGNED_SECONDS } from './upload-limits';

const MEBIBYTE = 1024 ** 2;
/**
 * Few enough parts that signing takes a tenth of a second and their URLs, of up to two kilobytes each, fit an answer; small enough
 * that trying one again is cheap.
 */
const PARTS = { leastBytes: 16 * MEBIBYTE, wanted: 100 } as const;
/** AWS: the most keys of a DeleteObjects request. */
const KEYS_AT_ONCE = 1000;

/** The file that a presigned upload takes: nothing else passes. */
export interface PresignedFile {
  readonly key: string;
  /** The media type that is sent and kept. */
  readonly contentType: string;
  /** Bytes, exactly. */
  readonly size: number;
}

/** A `multipart/form-data` POST: these fields, then the field `file`. */
export interface PresignedForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** PUTs of single parts, to be completed with the ETags that they answer. */
export interface PresignedParts {
  readonly uploadId: string;
  /** Bytes of each part but the last. */
  readonly partSize: number;
  readonly parts: readonly { readonly number: number; readonly url: string }[];
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** A GET that a browser may follow. */
export interface PresignedDownload {
  readonly url: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** A part as S3 answered it. */
export interface UploadedPart {
  readonly number: number;
  readonly etag: string;
}

/** An upload that cannot be completed: a part is missing, too small or not the one that was put, or it is long gone. */
export class UploadIncompleteError extends Error {
  override readonly name = 'UploadIncompleteError';
}

/** S3's answers to a CompleteMultipartUpload that no second try would change (AWS: S3 API, CompleteMultipartUpload). */
const INCOMPLETE: ReadonlySet<string> = new Set(['InvalidPart', 'InvalidPartOrder', 'EntityTooSmall', 'MalformedXML']);

/**
 * Presigns requests of one bucket for browsers, so that files never pass through an API (s3-presigned-uploads). Signing asks
 * no one: it takes no network, and what the signature names the signer's role must be allowed to do. A request lives no longer than
 * the credentials that signed it.
 */
export class PresignedRequests {
  private readonly client: S3Client;

  /**
   * @param seconds that a request lives: 300 to 900 (s3-presign-expiry-5-15-min)
   * @param client for tests. @default - the surrounding role's
   * @throws RangeError for other seconds
   */
  constructor(
    private readonly bucket: string,
    private readonly seconds: number,
    client?: S3Client,
  ) {
    const { least, most } = PRESIGNED_SECONDS;
    if (!Number.isInteger(seconds) || seconds < least || seconds > most) {
      throw new RangeError(`A presigned request lives ${least} to ${most} s, not ${seconds}`);
    }
    this.client = client ?? presigningClient();
  }

  /**
   * A form for one file: S3 refuses another key, type or size, and any other field.
   *
   * @throws RangeError for a file of nothing, or above 5 GiB
   */
  async form({ key, contentType, size }: PresignedFile): Promise<PresignedForm> {
    requireSize(size, LARGEST_SINGLE_REQUEST_BYTES);
    const expiresAt = this.expiresAt();
    const { url, fields } = await createPresignedPost(this.client, {
      Bucket: this.bucket,
      Key: key,
      Fields: { 'Content-Type': contentType },
      Conditions: [['content-length-range', size, size]],
      Expires: this.seconds,
    });
    return { url, fields, expiresAt };
  }

  /**
   * Begins an upload in parts. Each URL takes a part of exactly its length; the URLs of a link too slow for them can be had
   * again for the same upload by {@link partUrls}.
   *
   * @throws RangeError for a file of nothing, or one that 10,000 parts do not hold
   */
  async parts({ key, contentType, size }: PresignedFile): Promise<PresignedParts> {
    partSizeOf(size);
    const begin = new CreateMultipartUploadCommand({ Bucket: this.bucket, Key: key, ContentType: contentType });
    const { UploadId = '' } = await this.client.send(begin);
    return this.partUrls(key, UploadId, size);
  }

  /** URLs for the parts of an upload that has begun. @throws RangeError as {@link parts} */
  async partUrls(Key: string, UploadId: string, size: number): Promise<PresignedParts> {
    const partSize = partSizeOf(size);
    const expiresAt = this.expiresAt();
    const parts = await Promise.all(
      Array.from({ length: Math.ceil(size / partSize) }, async (_, index) => {
        const PartNumber = index + 1;
        const ContentLength = Math.min(partSize, size - index * partSize);
        const put = new UploadPartCommand({ Bucket: this.bucket, Key, UploadId, PartNumber, ContentLength });
        return { number: PartNumber, url: await getSignedUrl(this.client, put, { expiresIn: this.seconds }) };
      }),
    );
    return { uploadId: UploadId, partSize, parts, expiresAt };
  }

  /** Whether an upload still takes parts: S3 drops one that no one completes (s3-abort-incomplete-multipart). */
  async isOpen(Key: string, UploadId: string): Promise<boolean> {
    try {
      await this.client.send(new ListPartsCommand({ Bucket: this.bucket, Key, UploadId, MaxParts: 1 }));
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchUpload') return false;
      throw error;
    }
  }

  /**
   * Makes one object of the parts. Asked again, by who never heard the answer, it finds the object.
   *
   * @throws UploadIncompleteError when the parts are not those that S3 has, or the upload is gone and no object came of it
   */
  async complete(Key: string, UploadId: string, parts: readonly UploadedPart[]): Promise<void> {
    const Parts = parts
      .map(({ number, etag }) => ({ PartNumber: number, ETag: etag }))
      .sort((a, b) => a.PartNumber - b.PartNumber);
    const { bucket: Bucket, client } = this;
    try {
      await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (INCOMPLETE.has(error.name)) throw new UploadIncompleteError(error.message, { cause: error });
      if (error.name !== 'NoSuchUpload') throw error;
      if (!(await this.exists(Key))) throw new UploadIncompleteError('The upload is gone', { cause: error });
    }
  }

  /**
   * A download under a name. The browser saves it and never renders it, whatever is in it, so that a page among the files
   * cannot speak for the bucket's origin.
   */
  async download(Key: string, name: string, contentType: string): Promise<PresignedDownload> {
    const expiresAt = this.expiresAt();
    const get = new GetObjectCommand({
      Bucket: this.bucket,
      Key,
      ResponseContentDisposition: attachmentDisposition(name),
      ResponseContentType: contentType,
    });
    return { url: await getSignedUrl(this.client, get, { expiresIn: this.seconds }), expiresAt };
  }

  /** Deletes objects; those that are not there count as deleted. @throws Error naming what S3 did not delete */
  async remove(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
      const Objects = keys.slice(start, start + KEYS_AT_ONCE).map((Key) => ({ Key }));
      const { Errors = [] } = await this.client.send(
        new DeleteObjectsCommand({ Bucket: this.bucket, Delete: { Objects, Quiet: true } }),
      );
      const [first] = Errors;
      if (first !== undefined) throw new Error(`${Errors.length} objects not deleted: ${first.Key}: ${first.Code}`);
    }
  }

  /** A role without `s3:ListBucket` would hear 403 of what is not there (AWS: S3 API, HeadObject). */
  private async exists(Key: string): Promise<boolean> {
    try {
      await this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key }));
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFound') return false;
      throw error;
    }
  }

  /** Signatures begin at a whole second. */
  private expiresAt(): string {
    return new Date((Math.floor(Date.now() / 1000) + this.seconds) * 1000).toISOString();
  }
}

/** The SDK would sign the checksum of a body that it does not have into every presigned PUT; it is told not to. */
export function presigningClient(): S3Client {
  return new S3Client({
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Three tries fit the 28 s of an API's function.
    requestHandler: callTimeouts({ answerMs: 8000 }),
  });
}

/** Bytes of each part but the last. @throws RangeError for a file of nothing, or one that 10,000 parts do not hold */
export function partSizeOf(size: number): number {
  requireSize(size, PART_LIMITS.most * PART_LIMITS.mostBytes);
  const wanted = Math.ceil(size / PARTS.wanted / MEBIBYTE) * MEBIBYTE;
  return Math.min(Math.max(PARTS.leastBytes, wanted), PART_LIMITS.mostBytes);
}

function requireSize(size: number, most: number): void {
  if (!Number.isSafeInteger(size) || size < 1 || size > most)
    throw new RangeError(`A file has 1 to ${most} bytes, not ${size}`);
}
