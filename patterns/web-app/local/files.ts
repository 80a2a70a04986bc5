import type { UploadType } from '../contract';

/** A file that someone sends. */
export interface SentFile {
  readonly name: string;
  readonly contentType: UploadType;
  readonly content: Uint8Array;
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

/** A picture of one pixel, followed by bytes that make it another each time. */
export function picture(mark: string): SentFile {
  return { name: `${mark}.png`, contentType: 'image/png', content: Buffer.concat([PNG, Buffer.from(mark)]) };
}

/** A page that says that it is a picture. */
export function lie(mark: string): SentFile {
  const content = Buffer.from(`<html><script>alert(${JSON.stringify(mark)})</script></html>`);
  return { name: `${mark}.png`, contentType: 'image/png', content };
}
