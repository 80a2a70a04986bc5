import { isIPv4, isIPv6 } from 'node:net';

/** A range of addresses, as CIDR notation says it. */
export interface IpRange {
  readonly version: 'IPV4' | 'IPV6';
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * Reads a range as an IP set of AWS WAF takes it: an address and a mask of /1 or more, with no bit set behind the mask.
 *
 * @returns undefined for anything else
 */
export function ipRange(cidr: string): IpRange | undefined {
  const [, address = '', mask = ''] = /^([0-9a-fA-F.:]+)\/([1-9]\d{0,2})$/.exec(cidr) ?? [];
  const version = isIPv4(address) ? 'IPV4' : isIPv6(address) && !address.includes('.') ? 'IPV6' : undefined;
  if (version === undefined) return undefined;
  const bits = version === 'IPV4' ? 32 : 128;
  if (Number(mask) > bits) return undefined;
  const first = version === 'IPV4' ? numberOf(address.split('.'), 10, 8n) : numberOf(groupsOf(address), 16, 16n);
  const size = 1n << BigInt(bits - Number(mask));
  return first % size === 0n ? { version, first, last: first + size - 1n } : undefined;
}

/** Whether all addresses of a range are in another. */
export function isWithin(inner: IpRange, outer: IpRange): boolean {
  return inner.version === outer.version && inner.first >= outer.first && inner.last <= outer.last;
}

function numberOf(parts: readonly string[], radix: number, bits: bigint): bigint {
  return parts.reduce((sum, part) => (sum << bits) + BigInt(Number.parseInt(part, radix)), 0n);
}

/** The eight groups of an IPv6 address, which `::` shortens. */
function groupsOf(address: string): string[] {
  const [before = '', after] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  if (after === undefined) return groups(before);
  const missing = 8 - groups(before).length - groups(after).length;
  return [...groups(before), ...Array.from({ length: missing }, () => '0'), ...groups(after)];
}
