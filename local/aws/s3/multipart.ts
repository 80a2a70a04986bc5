import { createHash } from 'node:crypto';
import { enforce, exceeds, refused } from '../../limits/limit';
import { S3_LIMITS } from '../../limits/s3';
import { AwsError } from '../service';
import { etagOf, namesEtag } from './objects';

const LIMITS = S3_LIMITS.rows;

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

/** Uploads in parts of one bucket that no one has completed yet (docs.aws.amazon.com/AmazonS3: mpuoverview). */
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
    const { partNumber } = LIMITS;
    if (!Number.isInteger(number) || exceeds(partNumber, number)) {
      const range = `${partNumber.min} and ${partNumber.max}`;
      throw refused(partNumber, `Part number must be an integer between ${range}, inclusive`);
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
    enforce(LIMITS.parts, named.length, 'The XML you provided was not well-formed');
    const contents = named.map(({ PartNumber, ETag }) => {
      const content = parts.get(PartNumber);
      if (content === undefined || !namesEtag(ETag, etagOf(content))) {
        throw refused(LIMITS.unknownPart, 'One or more of the specified parts could not be found.');
      }
      return content;
    });
    if (named.some(({ PartNumber }, index) => PartNumber <= (named[index - 1]?.PartNumber ?? 0))) {
      throw refused(LIMITS.partOrder, 'The list of parts was not in ascending order.');
    }
    for (const { length } of contents.slice(0, -1)) {
      enforce(LIMITS.partBytes, length, 'Your proposed upload is smaller than the minimum allowed object size.');
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
    throw new AwsError(LIMITS.unknownUpload.error, 'The specified multipart upload does not exist.', 404);
  }
}
