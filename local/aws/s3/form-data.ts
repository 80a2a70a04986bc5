import { enforce, refused } from '../../limits/limit';
import { S3_LIMITS } from '../../limits/s3';
import type { AwsError } from '../service';

const LIMITS = S3_LIMITS.rows;

/** A `multipart/form-data` body as S3 reads it: the fields before the file. What comes after the file it does not look at. */
export interface PostedForm {
  /** By name in lower case: S3 does not tell cases apart. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: { readonly content: Buffer; readonly filename: string };
}

/** Reads a form (RFC 7578; docs.aws.amazon.com/AmazonS3: RESTObjectPOST). @throws AwsError for one that S3 refuses */
export function readForm(contentType: string, body: Buffer): PostedForm {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw malformed();
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter has no line before it.
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  const fields = new Map<string, string>();
  for (let start = whole.indexOf(delimiter); ; ) {
    const from = start + delimiter.length;
    if (start < 0 || whole.subarray(from, from + 2).toString('latin1') !== '\r\n') break;
    const end = whole.indexOf(delimiter, from);
    const gap = whole.indexOf('\r\n\r\n', from);
    if (end < 0 || gap < 0 || gap > end) throw malformed();
    const heads = whole.toString('utf8', from, gap);
    const content = whole.subarray(gap + 4, end);
    const name = /;\s*name="([^"]*)"/i.exec(heads)?.[1]?.toLowerCase();
    if (name === undefined) throw malformed();
    if (name === 'file') {
      const before = gap + '\r\n\r\n'.length - '\r\n'.length;
      enforce(LIMITS.formBytes, before, 'Your POST request fields preceding the upload file were too large.');
      const filename = /;\s*filename="([^"]*)"/i.exec(heads)?.[1] ?? '';
      return { fields, file: { content, filename } };
    }
    fields.set(name, content.toString('utf8'));
    start = end;
  }
  throw refused(LIMITS.file, 'POST requires exactly one file upload per request.');
}

function malformed(): AwsError {
  return refused(LIMITS.form, 'The body of your POST request is not well-formed multipart/form-data.');
}
