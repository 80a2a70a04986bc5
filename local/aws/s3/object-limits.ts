import { enforce } from '../../limits/limit';
import { S3_LIMITS } from '../../limits/s3';

const LIMITS = S3_LIMITS.rows;
/** What user-defined metadata is called in headers and in forms. */
const METADATA_PREFIX = 'x-amz-meta-';

/** User-defined metadata by its names in lower case (docs.aws.amazon.com/AmazonS3: UsingMetadata). */
export function userMetadata(named: Iterable<readonly [string, string | undefined]>): Record<string, string> {
  const found = [...named].filter(([name, value]) => name.startsWith(METADATA_PREFIX) && value !== undefined);
  return Object.fromEntries(found.map(([name, value]) => [name.slice(METADATA_PREFIX.length), String(value)]));
}

/** What is to be stored. */
export interface ObjectSize {
  readonly key: string;
  /** Of the content. @default 0 */
  readonly bytes?: number;
  /** User-defined. @default - none */
  readonly metadata?: unknown;
}

/** @throws AwsError for what is too large for S3 */
export function checkObject({ key, bytes = 0, metadata = {} }: ObjectSize): void {
  enforce(LIMITS.key, Buffer.byteLength(key), 'Your key is too long');
  enforce(LIMITS.objectBytes, bytes, 'Your proposed upload exceeds the maximum allowed size');
  const sizes = Object.entries(metadata as Record<string, string>).map(([name, value]) =>
    Buffer.byteLength(name + value),
  );
  const sum = sizes.reduce((before, size) => before + size, 0);
  enforce(LIMITS.metadata, sum, 'Your metadata headers exceed the maximum allowed metadata size');
}
