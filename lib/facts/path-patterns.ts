/**
 * Whether each path of one CloudFront path pattern is one of another, so that a behaviour behind it never sees a request
 * (cloudfront-behavior-order). `*` stands for any characters, `?` for one; the leading slash may be left out (AWS: CloudFront
 * path pattern).
 */
export function covers(wide: string, narrow: string): boolean {
  // What only a `*` of the wide pattern can stand for: the narrow one's `*` may be anything.
  const anything = '\u0000';
  const source = withSlash(wide)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('?', `[^${anything}]`)
    .replaceAll('*', '.*');
  return new RegExp(`^${source}$`, 's').test(withSlash(narrow).replaceAll('*', anything));
}

/** A pattern in the form that CloudFront takes it as. */
export function withSlash(pattern: string): string {
  return pattern.startsWith('/') ? pattern : `/${pattern}`;
}
