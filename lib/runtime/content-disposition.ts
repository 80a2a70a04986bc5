/** Signs that a quoted string, a path or a shell may take for something else. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}"\\/]/gu;

/**
 * A `Content-Disposition` that saves a file under a name, whatever is in the name: in ASCII for old clients, and as it is
 * (RFC 6266, RFC 8187). Control signs, halves of signs, quotes and slashes become `_`.
 */
export function attachmentDisposition(name: string): string {
  const safe = name.replace(UNSAFE, '_');
  const ascii = safe.replace(/[^\x20-\x7e]/g, '_').replace(/%/g, '_');
  // What RFC 8187 lets stand (attr-char) is less than what encodeURIComponent leaves.
  const encoded = encodeURIComponent(safe).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
