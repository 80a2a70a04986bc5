import { createHash } from 'node:crypto';

/**
 * An identifier that follows from its request (a UUID of version 8, RFC 9562): the same request again names the same thing, and
 * the same key with another request does not.
 */
export function derivedId(...request: readonly (string | number)[]): string {
  const hash = createHash('sha256').update(JSON.stringify(request)).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex', 0, 16).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}
