/** Types that say nothing of themselves by their first bytes. */
type TextType = 'text/plain' | 'text/csv' | 'text/markdown' | 'text/html';
/** Office Open XML: a zip archive whose entries tell what it is. */
type OfficeType =
  | 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
  | 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Kinds of the format of MP4 that are no MP4: pictures, and QuickTime's films (registry of brands at mp4ra.org). */
const OTHER_BRANDS = ['avif', 'avis', 'crx ', 'heic', 'heim', 'heis', 'heix', 'hevc', 'hevx', 'mif1', 'msf1', 'qt  '];

/** What files of a type begin with, as Latin-1 (the formats' own specifications). */
const SIGNATURES = {
  'image/png': (start: string) => start.startsWith('\x89PNG\r\n\x1a\n'),
  'image/jpeg': (start: string) => start.startsWith('\xff\xd8\xff'),
  'image/gif': (start: string) => start.startsWith('GIF87a') || start.startsWith('GIF89a'),
  'image/webp': (start: string) => start.startsWith('RIFF') && start.startsWith('WEBP', 8),
  'application/pdf': (start: string) => start.startsWith('%PDF-'),
  // A first entry; the end of an archive without any; or the mark of one in several files.
  'application/zip': (start: string) =>
    ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'].some((mark) => start.startsWith(mark)),
  // Before it is a length, and behind it which kind it is.
  'video/mp4': (start: string) => start.startsWith('ftyp', 4) && !OTHER_BRANDS.includes(start.slice(8, 12)),
};

/** Entries that an archive of the type holds (ECMA-376, Open Packaging Conventions). */
const OFFICE_ENTRIES: Readonly<Record<OfficeType, readonly string[]>> = {
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['[Content_Types].xml', 'word/'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['[Content_Types].xml', 'xl/'],
};

/** Types that can be told by looking. */
export type KnownFileType = keyof typeof SIGNATURES | TextType | OfficeType;

/** Bytes of a file that a look at its type needs, from its beginning. */
export const HEAD_BYTES = 16 * 1024;
/** And from its end, for a type whose {@link needsTail} says so: the names of some 800 entries. */
export const TAIL_BYTES = 64 * 1024;

/** Whether the end of a file tells more than its beginning: there an archive lists its entries, which some writers order freely. */
export function needsTail(type: KnownFileType): boolean {
  return type in OFFICE_ENTRIES;
}

/**
 * Whether a file is of the type that it says. Text has no signature: it is what reads as UTF-8, holds no NUL and is nothing
 * else that is known here. It tells types apart, and does not tell whether a file is whole, or harmless.
 *
 * @param head the first {@link HEAD_BYTES} of the file, or all of it
 * @param isWhole whether that is all: else the last character may be cut
 * @param tail the last {@link TAIL_BYTES} of it. @default - the head tells enough
 */
export function isOfType(type: KnownFileType, head: Uint8Array, isWhole: boolean, tail?: Uint8Array): boolean {
  const start = latin1(head.subarray(0, 16));
  if (isOffice(type)) {
    if (!SIGNATURES['application/zip'](start)) return false;
    const names = `${latin1(head)}${tail === undefined ? '' : latin1(tail)}`;
    return OFFICE_ENTRIES[type].every((entry) => names.includes(entry));
  }
  if (!isText(type)) return SIGNATURES[type](start);
  const isOther = Object.values(SIGNATURES).some((begins) => begins(start));
  return !isOther && !head.includes(0) && isUtf8(head, isWhole);
}

function isOffice(type: KnownFileType): type is OfficeType {
  return type in OFFICE_ENTRIES;
}

function isText(type: KnownFileType): type is TextType {
  return type.startsWith('text/');
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function isUtf8(head: Uint8Array, isWhole: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !isWhole });
    return true;
  } catch {
    return false;
  }
}
