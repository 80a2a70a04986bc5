import type { Upload, UploadType } from '../contract';

/** An {@link Upload} as who grants it knows it: the route to complete it at is the API's. */
export type GrantedUpload =
  | Extract<Upload, { readonly kind: 'form' }>
  | Omit<Extract<Upload, { readonly kind: 'parts' }>, 'completePath'>;

/** A file to be uploaded, as its owner describes it. */
export interface UploadRequest {
  /** Key of the object in the bucket. */
  readonly key: string;
  /** Name of the file, for people. */
  readonly name: string;
  readonly contentType: UploadType;
  /** Bytes. */
  readonly size: number;
  /** Of an upload in parts that has begun: its parts are granted anew, and those that came stay. @default - a new one */
  readonly uploadId?: string;
}

/** Lets browsers send files to S3, and fetch them, without the API (s3-presigned-uploads). */
export interface Uploads {
  /** Grants an upload. `uploadId` names one in parts, and is needed to complete it. */
  begin(request: UploadRequest): Promise<{ upload: GrantedUpload; uploadId?: string }>;
  /** Makes one object of parts that have been put. */
  complete(key: string, uploadId: string, parts: readonly { number: number; etag: string }[]): Promise<void>;
  /** Grants a download under the file's own name. */
  download(key: string, name: string, contentType: string): Promise<{ url: string; expiresAt: string }>;
  /** Deletes objects; those that are not there count as deleted. */
  remove(keys: readonly string[]): Promise<void>;
}
