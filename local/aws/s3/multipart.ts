import { createHash } from 'node:crypto';
import { AwsError } from '../service';
import { etagOf, namesEtag } from './objects';

/** AWS: S3 multipart upload limits. */
const LEAST_PART_BYTES = 5 * 1024 ** 2;
const MOST_PARTS = 10_000;

/** A part as who completes an upload names it. */
export interface NamedPart {
  readonly PartNumber: number;
  readonly ETag: string;
}

interface Upload {
  readonly key: string;
  readonly contentType: unknown;
  readonly parts: Map<number, Buffer>;
}

/** Uploads in parts of one bucket that nobody has completed yet (docs.aws.amazon.com/AmazonS3: mpuoverview). */
export class MultipartUploads {
  private readonly uploads = new Map<string, Upload>();
  private begun = 0;

  /** Keys of the uploads that have begun. */
  keys(): string[] {
    return [...this.uploads.values()].map(({ key }) => key);
  }

  begin(key: string, contentType: unknown): string {
    this.begun += 1;
    const id = createHash('sha256').update(`${key} ${this.begun}`).digest('base64url');
    this.uploads.set(id, { key, contentType, parts: new Map() });
    return id;
  }

  /** Keeps a part in place of one with its number. @returns its ETag */
  put(key: string, id: string, number: number, content: Buffer): string {
    if (!Number.isInteger(number) || number < 1 || number > MOST_PARTS) {
      throw new AwsError('InvalidArgument', `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`);
    }
    this.upload(key, id).parts.set(number, content);
    return etagOf(content);
  }

  /** The parts that came, in their order. */
  list(key: string, id: string): { readonly PartNumber: number; readonly ETag: string; readonly Size: number }[] {
    return [...this.upload(key, id).parts]
      .sort(([a], [b]) => a - b)
      .map(([PartNumber, content]) => ({ PartNumber, ETag: etagOf(content), Size: content.length }));
  }

  /** Ends an upload, and makes one object of the parts that are named (AWS: API_CompleteMultipartUpload). */
  complete(key: string, id: string, named: readonly NamedPart[]) {
    const { parts, contentType } = this.upload(key, id);
    if (named.length === 0) throw new AwsError('MalformedXML', 'The XML you provided was not well-formed');
    const contents = named.map(({ PartNumber, ETag }) => {
      const content = parts.get(PartNumber);
      if (content === undefined || !namesEtag(ETag, etagOf(content))) {
        throw new AwsError('InvalidPart', 'One or more of the specified parts could not be found.');
      }
      return content;
    });
    if (named.some(({ PartNumber }, index) => PartNumber <= (named[index - 1]?.PartNumber ?? 0))) {
      throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order.');
    }
    if (contents.slice(0, -1).some(({ length }) => length < LEAST_PART_BYTES)) {
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed object size.');
    }
    this.uploads.delete(id);
    const hashes = contents.map((content) => createHash('md5').update(content).digest());
    const hash = createHash('md5').update(Buffer.concat(hashes)).digest('hex');
    return { content: Buffer.concat(contents), contentType, etag: `"${hash}-${contents.length}"` };
  }

  abort(key: string, id: string): void {
    this.upload(key, id);
    this.uploads.delete(id);
  }

  private upload(key: string, id: string): Upload {
    const upload = this.uploads.get(id);
    if (upload?.key === key) return upload;
    throw new AwsError('NoSuchUpload', 'The specified multipart upload does not exist.', 404);
  }
}
