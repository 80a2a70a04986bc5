import type { UploadType } from '../contract';

/** A type that has bytes of its own to begin with. */
type SignedType = Exclude<UploadType, 'text/plain' | 'text/csv'>;

/** Kinds of the format of MP4 that are no MP4: pictures, and QuickTime's films (registry of brands at mp4ra.org). */
const OTHER_BRANDS = ['avif', 'avis', 'crx ', 'heic', 'heim', 'heis', 'heix', 'hevc', 'hevx', 'mif1', 'msf1', 'qt  '];

/** What files of a type begin with, as Latin-1 (the formats' own specifications). */
const SIGNATURES: Readonly<Record<SignedType, (start: string) => boolean>> = {
  'image/png': (start) => start.startsWith('\x89PNG\r\n\x1a\n'),
  'image/jpeg': (start) => start.startsWith('\xff\xd8\xff'),
  'image/gif': (start) => start.startsWith('GIF87a') || start.startsWith('GIF89a'),
  'image/webp': (start) => start.startsWith('RIFF') && start.startsWith('WEBP', 8),
  'application/pdf': (start) => start.startsWith('%PDF-'),
  // A first entry; the end of an archive without any; or the mark of one in several files.
  'application/zip': (start) => ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'].some((mark) => start.startsWith(mark)),
  // Before it is a length, and behind it which kind it is.
  'video/mp4': (start) => start.startsWith('ftyp', 4) && !OTHER_BRANDS.includes(start.slice(8, 12)),
};

/** Bytes of a file that a look at its type needs. */
export const HEAD_BYTES = 16 * 1024;

/**
 * Whether a file is of the type that it says. Text has no signature: it is what reads as UTF-8, holds no NUL and is nothing
 * else that is known here. It tells types apart, and does not tell whether a file is whole, or harmless.
 *
 * @param head the first {@link HEAD_BYTES} of the file, or all of it
 * @param isWhole whether that is all: else the last character may be cut
 */
export function isOfType(type: UploadType, head: Uint8Array, isWhole: boolean): boolean {
  const start = Buffer.from(head.subarray(0, 16)).toString('latin1');
  if (type !== 'text/plain' && type !== 'text/csv') return SIGNATURES[type](start);
  const isOther = Object.values(SIGNATURES).some((begins) => begins(start));
  return !isOther && !head.includes(0) && isUtf8(head, isWhole);
}

function isUtf8(head: Uint8Array, isWhole: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !isWhole });
    return true;
  } catch {
    return false;
  }
}
