import { fileTypeFromBuffer } from 'file-type/core';

/**
 * The media type that a file's signature names; undefined for one without a signature, such as text. In a file of its own: the
 * library's list of formats costs a handler nothing until a file comes.
 *
 * @param head the file's first bytes. A parser that meets nonsense behind a signature finds no type.
 */
export async function signatureType(head: Uint8Array): Promise<string | undefined> {
  try {
    return (await fileTypeFromBuffer(head))?.mime;
  } catch {
    return undefined;
  }
}
