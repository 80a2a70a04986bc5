import { HEAD_BYTES, isEncryptedOffice, isOfType, isText, needsTail } from '../../../lib/runtime/file-signatures';
import { decodedText } from '../../../lib/runtime/text-encoding';
import { DOCUMENT_TYPES } from '../contract';
import { CONVERTED_BYTES, type SeenFile, type SeenText } from './document-files';
import type { DocumentRow } from './document-row';

/** Why a file does not become its document. */
export interface Objection {
  /** For the people who sent it. */
  readonly reason: string;
  /** Whether the file is another than it says. Else it is honest, and no document that the knowledge base reads. */
  readonly lies: boolean;
}

const SAVE_AS_UTF8 = 'Save it as UTF-8 (in Excel: CSV UTF-8) and upload it as a new document.';

/** What speaks against a file; undefined for nothing. */
export async function objectionTo(
  { contentType, size }: Pick<DocumentRow, 'contentType' | 'size'>,
  found: SeenFile | SeenText,
): Promise<Objection | undefined> {
  if (found.size !== size)
    return { reason: `The file has ${found.size} bytes instead of the declared ${size}.`, lies: true };
  const another = { reason: `The content of the file does not match the declared type ${contentType}.`, lies: true };
  if (found.contentType !== contentType) return another;
  if ('encoding' in found) return (await isText(found.head, found.encoding)) ? encodingObjection(found) : another;
  if (await isOfType(contentType, found.head, { isWhole: found.size <= HEAD_BYTES, tail: found.tail }))
    return undefined;
  if (!needsTail(contentType) || !isEncryptedOffice(found.head, found.tail)) return another;
  const kind = DOCUMENT_TYPES[contentType];
  return {
    reason: `The file is protected by a password. Save it as .${kind} without a password and upload it again.`,
    lies: false,
  };
}

/**
 * The text of a file that is in another encoding: it goes to the knowledge base as UTF-8. Undefined for any other file, which goes as it
 * is.
 */
export function inUtf8(found: SeenFile | SeenText): string | undefined {
  if (!('encoding' in found) || found.whole === undefined) return undefined;
  const { encoding, whole } = found;
  return encoding === undefined || encoding === 'unknown' || encoding === 'utf-8'
    ? undefined
    : decodedText(whole, encoding);
}

function encodingObjection({ encoding, whole }: SeenText): Objection | undefined {
  if (encoding === 'utf-8') return undefined;
  if (encoding === 'unknown')
    return { reason: `The text is not in UTF-8, and its encoding is unknown. ${SAVE_AS_UTF8}`, lies: false };
  if (whole !== undefined) return undefined;
  const mebibytes = CONVERTED_BYTES / 1024 ** 2;
  return { reason: `Text of more than ${mebibytes} MiB must be in UTF-8. ${SAVE_AS_UTF8}`, lies: false };
}
