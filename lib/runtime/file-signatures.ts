import { type TextFinding, textEncodingOf } from './text-encoding';

/** Types that say nothing of themselves by their first bytes. */
type TextType = 'text/plain' | 'text/csv' | 'text/markdown' | 'text/html';
/** Office Open XML: a zip archive whose entries tell what it is. */
type OfficeType =
  | 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
  | 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
type SignedType =
  | 'image/png'
  | 'image/jpeg'
  | 'image/gif'
  | 'image/webp'
  | 'application/pdf'
  | 'application/zip'
  | 'video/mp4';

/** The library's names for other films and sounds of the MP4 family, which `video/mp4` covers too. */
const MP4_FAMILY: ReadonlySet<string> = new Set([
  ...['video/mp4', 'video/x-m4v', 'video/3gpp', 'video/3gpp2', 'audio/mp4', 'audio/x-m4a'],
]);
/** Pictures of the MP4 family whose brands the library does not know (registry of brands at mp4ra.org). */
const PICTURE_BRANDS: ReadonlySet<string> = new Set(['heim', 'heis', 'hevm', 'hevs']);
/** What is written in characters and yet is no text, as the library names it. Other signatures of letters alone begin texts too. */
const WRITTEN_FORMATS: ReadonlySet<string> = new Set([
  'application/pdf',
  'application/rtf',
  'image/jpeg',
  'image/webp',
]);
const POSTSCRIPT = '%!PS-';
const GIF = /^GIF8[79]a/;

/** Entries that an archive of the type holds (ECMA-376, Open Packaging Conventions). */
const OFFICE_ENTRIES: Readonly<Record<OfficeType, readonly string[]>> = {
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['[Content_Types].xml', 'word/'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['[Content_Types].xml', 'xl/'],
};
/** A stream of the compound file that an Office document with a password is (MS-OFFCRYPTO 2.3.4.4). */
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le');

/** Bytes that tell each signed type. The library reads further on, into what a stranger has packed, only where it is given more. */
const SIGNATURE_BYTES = 16;
/** Readers find a PDF's header within so many bytes (Adobe, PDF Reference 1.7, implementation note 13). */
const PDF_HEADER_WITHIN_BYTES = 1024;
const PDF_HEADER = '%PDF-';
/** Byte order marks, of UTF-8 and UTF-16, and white space. */
const MARK_AND_SPACE = /^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\0\t\n\f\r ]*/;
/** What a browser or a shell would take the file for: markup, a program's code in it, a script. */
const MARKUP_OR_SCRIPT = /<[a-z!?/%]|^#!/i;

/** Types that can be told by looking. */
export type KnownFileType = SignedType | TextType | OfficeType;

/** Bytes of a file that a look at its type needs, from its beginning. */
export const HEAD_BYTES = 16 * 1024;
/** And from its end, for a type whose {@link needsTail} says so: the names of some 800 entries. */
export const TAIL_BYTES = 64 * 1024;

/** Whether the end of a file tells more than its beginning: there an archive lists its entries, which some writers order freely. */
export function needsTail(type: KnownFileType): boolean {
  return type in OFFICE_ENTRIES;
}

/** Whether files of a type are text, in whatever encoding. */
export function isTextType(type: KnownFileType): type is TextType {
  return type.startsWith('text/');
}

/**
 * Whether a file is of the type that it says. Text has no signature: it is what reads as text in one of the encodings of
 * {@link textEncodingOf} and begins as no other format. It tells types apart, and does not tell whether a file is whole, or harmless.
 *
 * @param head the first {@link HEAD_BYTES} of the file, or all of it
 * @param file.isWhole whether that is all: else the last character may be cut
 * @param file.tail the last {@link TAIL_BYTES} of it. @default - the head tells enough
 */
export async function isOfType(
  type: KnownFileType,
  head: Uint8Array,
  { isWhole, tail }: { readonly isWhole: boolean; readonly tail?: Uint8Array },
): Promise<boolean> {
  if (isTextType(type)) return isText(head, textEncodingOf(head, { isWhole }));
  if (isOffice(type)) return (await isArchive(head)) && holds(OFFICE_ENTRIES[type], head, tail);
  switch (type) {
    case 'application/zip':
      return isArchive(head);
    case 'application/pdf':
      return isPdf(head);
    default:
      return isSigned(type, head);
  }
}

/**
 * Whether a file is text, by what its bytes were found to be: no format that is written in characters alone, such as PDF.
 *
 * @param head at least its first 32 bytes, or all of it
 */
export async function isText(head: Uint8Array, finding: TextFinding): Promise<boolean> {
  if (finding === undefined) return false;
  // Of UTF-16 the library takes the mark for the beginning of a sound.
  if (finding.startsWith('utf-16')) return true;
  const start = trimmed(head.subarray(0, 2 * SIGNATURE_BYTES));
  if (start.startsWith(POSTSCRIPT) || GIF.test(start)) return false;
  const found = await signatureOf(Buffer.from(start.slice(0, SIGNATURE_BYTES), 'latin1'));
  return found === undefined || !WRITTEN_FORMATS.has(found);
}

/** Whether a file is an Office document that a password protects: no archive, though it has the name of one. */
export function isEncryptedOffice(head: Uint8Array, tail: Uint8Array = new Uint8Array()): boolean {
  const start = latin1(head.subarray(0, 8));
  return (
    start === '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' &&
    [head, tail].some((part) => bufferOf(part).includes(ENCRYPTED_PACKAGE))
  );
}

function isOffice(type: KnownFileType): type is OfficeType {
  return type in OFFICE_ENTRIES;
}

function holds(entries: readonly string[], head: Uint8Array, tail?: Uint8Array): boolean {
  const names = `${latin1(head)}${tail === undefined ? '' : latin1(tail)}`;
  return entries.every((entry) => names.includes(entry));
}

/** By its signature alone: the library would unpack entries to tell what the archive is for. */
async function isArchive(head: Uint8Array): Promise<boolean> {
  return (await signatureOf(head.subarray(0, 4))) === 'application/zip';
}

async function isSigned(type: SignedType, head: Uint8Array): Promise<boolean> {
  const signature = head.subarray(0, SIGNATURE_BYTES);
  const found = await signatureOf(signature);
  const start = latin1(signature);
  if (type === 'image/gif') return found === type && GIF.test(start);
  if (type !== 'video/mp4') return found === type;
  return found !== undefined && MP4_FAMILY.has(found) && !PICTURE_BRANDS.has(start.slice(8, 12));
}

/** A PDF's header may follow other bytes, but no format that something else would read the file as. */
async function isPdf(head: Uint8Array): Promise<boolean> {
  const start = latin1(head.subarray(0, PDF_HEADER_WITHIN_BYTES));
  const at = start.indexOf(PDF_HEADER);
  if (at <= 0) return at === 0;
  const before = trimmed(head.subarray(0, at));
  if (MARKUP_OR_SCRIPT.test(before.replaceAll('\0', ''))) return false;
  return before === '' || (await signatureOf(Buffer.from(before, 'latin1'))) === undefined;
}

/** Bytes as Latin-1, without a byte order mark and white space before them. */
function trimmed(bytes: Uint8Array): string {
  return latin1(bytes).replace(MARK_AND_SPACE, '');
}

async function signatureOf(head: Uint8Array): Promise<string | undefined> {
  const { signatureType } = await import('./file-signature.lazy.js');
  return signatureType(head);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function latin1(bytes: Uint8Array): string {
  return bufferOf(bytes).toString('latin1');
}
