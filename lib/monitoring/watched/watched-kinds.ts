import type { IConstruct } from 'constructs';
import { COMPUTE } from './compute';
import { DATABASES } from './databases';
import { MESSAGING } from './messaging';
import { NETWORK } from './network';
import { STREAMING } from './streaming';
import type { Found, WatchedKind } from './watched-kind';

/** Everything that is found, by the resource types that it covers. */
export const WATCHED_KINDS: readonly WatchedKind[] = [...COMPUTE, ...MESSAGING, ...STREAMING, ...DATABASES, ...NETWORK];

/** What a construct is found as; undefined for one that no kind watches. */
export function foundAs(node: IConstruct): Found | undefined {
  for (const { find } of WATCHED_KINDS) {
    const found = find(node);
    if (found !== undefined) return found;
  }
  return undefined;
}
