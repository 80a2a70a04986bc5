import { createHash } from 'node:crypto';

/** An object as it is kept. */
export interface StoredObject {
  readonly Body: Buffer;
  readonly ContentType: unknown;
  /** In quotes. */
  readonly ETag: string;
  /** Milliseconds since 1970. */
  readonly written: number;
}

/** An ETag of content that came in one request. */
export function etagOf(content: Buffer): string {
  return `"${createHash('md5').update(content).digest('hex')}"`;
}

/** Whether a header such as `If-Match` names an ETag, with or without quotes. */
export function namesEtag(given: string, etag: string): boolean {
  return given.replaceAll('"', '') === etag.replaceAll('"', '');
}
