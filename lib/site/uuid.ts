/**
 * A new UUID of version 7 (RFC 9562, 5.7): 48 bits of the time, so that it sorts by when it was made, and 74 that no one can guess.
 *
 * @param now milliseconds since 1970
 */
export function uuidV7(now: number = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}
