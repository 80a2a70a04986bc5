import { describe, expect, it } from 'vitest';
import { type IpRange, ipRange, isWithin } from '../../../lib/edge/ip-range';

const size = (cidr: string) => {
  const range = ipRange(cidr);
  return range === undefined ? undefined : [range.version, range.last - range.first + 1n];
};
const rangeOf = (cidr: string): IpRange => {
  const range = ipRange(cidr);
  if (range === undefined) throw new Error(`${cidr} is no range`);
  return range;
};

describe('a range of addresses', () => {
  it.each([
    ['203.0.113.7/32', ['IPV4', 1n]],
    ['203.0.113.0/24', ['IPV4', 256n]],
    ['128.0.0.0/1', ['IPV4', 2n ** 31n]],
    ['0.0.0.0/1', ['IPV4', 2n ** 31n]],
    ['2001:db8::1/128', ['IPV6', 1n]],
    ['2001:DB8::/32', ['IPV6', 2n ** 96n]],
    ['8000::/1', ['IPV6', 2n ** 127n]],
    ['::1/128', ['IPV6', 1n]],
    ['1111:0:0:0:0:0:0:111/128', ['IPV6', 1n]],
  ])('%s is %s', (cidr, expected) => {
    expect(size(cidr)).toEqual(expected);
  });

  it.each([
    '0.0.0.0/0',
    '::/0',
    '203.0.113.0',
    '203.0.113.0/33',
    '203.0.113.0/',
    '203.0.113.0/24/8',
    '203.0.113.0/024',
    '203.0.113.1/24',
    '203.0.113/24',
    '203.0.113.256/32',
    '203.0.113.07/32',
    '2001:db8::1/64',
    '2001:db8::/129',
    '2001:db8::1::/64',
    '2001:db8:::/64',
    '::ffff:203.0.113.7/128',
    'fe80::1%eth0/128',
    'example.com/24',
    ' 203.0.113.0/24',
    '203.0.113.0/24 ',
    '',
  ])('%j is none', (cidr) => {
    expect(ipRange(cidr)).toBeUndefined();
  });

  it.each([
    ['10.0.0.0/24', '10.0.0.0/24', true],
    ['10.0.0.255/32', '10.0.0.0/24', true],
    ['10.0.1.0/32', '10.0.0.0/24', false],
    ['10.0.0.0/23', '10.0.0.0/24', false],
    ['9.255.255.255/32', '10.0.0.0/8', false],
    ['2001:db8:0:1::/64', '2001:db8::/32', true],
    ['2001:db9::/64', '2001:db8::/32', false],
    ['::1/128', '0.0.0.0/1', false],
  ])('%s is within %s: %s', (inner, outer, expected) => {
    expect(isWithin(rangeOf(inner), rangeOf(outer))).toBe(expected);
  });
});
