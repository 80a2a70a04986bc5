/**
 * A path as CloudFront compares it with path patterns: percent-encoded letters that need it not are decoded, `.` and `..` are
 * resolved and repeated slashes are one (AWS: cache behavior settings, path pattern; RFC 3986, section 6.2.2). The origin gets the
 * path as it was sent.
 */
function normalizedPath(path: string): string {
  const decoded = path.replace(/%[0-9a-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : code.toUpperCase();
  });
  const segments: string[] = [];
  const parts = decoded.split('/').slice(1);
  for (const part of parts) {
    if (part === '..') segments.pop();
    else if (part !== '.' && part !== '') segments.push(part);
  }
  const directory = ['', '.', '..'].includes(parts.at(-1) ?? '') && segments.length > 0;
  return `/${segments.join('/')}${directory ? '/' : ''}`;
}

/** Whether a path pattern fits a path: `*` stands for any characters, `?` for one; case matters. */
export function fits(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/^\/?/, '/')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('?', '.')
    .replaceAll('*', '.*');
  return new RegExp(`^${source}$`, 's').test(normalizedPath(path));
}
