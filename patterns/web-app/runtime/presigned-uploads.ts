import type { S3Client } from '@aws-sdk/client-s3';
import { requiredVariable } from '../../../lib/runtime/environment';
import { PresignedRequests } from '../../../lib/runtime/presigned-upload';
import { LARGEST_UPLOAD_BYTES, MULTIPART_ABOVE_BYTES, WebAppEnvironment } from '../contract';
import type { GrantedUpload, UploadRequest, Uploads } from './uploads';

/** Where files go, and what may. */
export interface PresignedUploadsSettings {
  readonly bucket: string;
  /** Bytes of the largest file. 1 to 5 GiB. */
  readonly maxBytes: number;
  /** That a presigned request lives: 300 to 900. */
  readonly seconds: number;
  /** @default - the surrounding role's */
  readonly client?: S3Client;
}

/** The settings that the environment names. */
export function uploadsSettings(): PresignedUploadsSettings {
  return {
    bucket: requiredVariable(WebAppEnvironment.uploadsBucket),
    maxBytes: Number(requiredVariable(WebAppEnvironment.uploadsMaxBytes)),
    seconds: Number(requiredVariable(WebAppEnvironment.uploadUrlSeconds)),
  };
}

/** Uploads into a bucket by presigned requests: one form, or above 100 MB parts (s3-multipart-over-100mb). */
export class PresignedUploads implements Uploads {
  private readonly requests: PresignedRequests;
  private readonly maxBytes: number;

  /** @throws RangeError for settings out of range, so that a wrong one fails at the first import and not at the first file */
  constructor({ bucket, maxBytes, seconds, client }: PresignedUploadsSettings) {
    if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > LARGEST_UPLOAD_BYTES) {
      throw new RangeError(`The largest file has 1 to ${LARGEST_UPLOAD_BYTES} bytes, not ${maxBytes}`);
    }
    this.maxBytes = maxBytes;
    this.requests = new PresignedRequests(bucket, seconds, client);
  }

  /** @throws RangeError for a file above the largest; the API refuses it before, with 413 */
  async begin({
    key,
    contentType,
    size,
    uploadId: begun,
  }: UploadRequest): Promise<{ upload: GrantedUpload; uploadId?: string }> {
    if (size > this.maxBytes) throw new RangeError(`A file has at most ${this.maxBytes} bytes, not ${size}`);
    if (size <= MULTIPART_ABOVE_BYTES) {
      return { upload: { kind: 'form', ...(await this.requests.form({ key, contentType, size })) } };
    }
    // A link too slow for one grant goes on by the next: the parts that came are not sent again.
    const goesOn = begun !== undefined && (await this.requests.isOpen(key, begun));
    const { uploadId, ...parts } = goesOn
      ? await this.requests.partUrls(key, begun, size)
      : await this.requests.parts({ key, contentType, size });
    return { upload: { kind: 'parts', ...parts }, uploadId };
  }

  /** @throws UploadIncompleteError when S3 does not have these parts, or the upload is gone and no object came of it */
  complete(key: string, uploadId: string, parts: readonly { number: number; etag: string }[]): Promise<void> {
    return this.requests.complete(key, uploadId, parts);
  }

  download(key: string, name: string, contentType: string): Promise<{ url: string; expiresAt: string }> {
    return this.requests.download(key, name, contentType);
  }

  remove(keys: readonly string[]): Promise<void> {
    return this.requests.remove(keys);
  }
}
