import * as z from 'zod/mini';
import { xmlText } from '../../../lib/runtime/xml-text';
import { UPLOAD_TYPES, type UploadType } from '../contract';
import { characters } from './request-input';

/** A file that is to be attached. */
export interface FileRequest {
  readonly name: string;
  readonly contentType: UploadType;
  /** Bytes. */
  readonly size: number;
}

export const NewFile: z.ZodMiniType<FileRequest> = z.strictObject({
  name: z.string().check(xmlText(), characters(1, 200)),
  contentType: z.enum(UPLOAD_TYPES),
  size: z.int().check(z.gte(1)),
});

/** Parts of a file, as S3 named them. */
export interface SentParts {
  readonly parts: readonly { readonly number: number; readonly etag: string }[];
}

/** S3 takes up to 10,000 parts (AWS: S3 multipart upload limits); the body's limit lets about 1,000 through. */
export const CompletedUpload: z.ZodMiniType<SentParts> = z.strictObject({
  parts: z
    .array(
      z.strictObject({
        number: z.int().check(z.gte(1), z.lte(10_000)),
        etag: z.string().check(z.regex(/^"?[\x21\x23-\x7e]{1,100}"?$/)),
      }),
    )
    .check(z.minLength(1), z.maxLength(10_000)),
});
