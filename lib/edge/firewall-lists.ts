import { Token } from 'aws-cdk-lib';
import { CfnIPSet, type CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct, IConstruct } from 'constructs';
import { COUNTRIES_OF_A_MATCH, COUNTRY_CODES } from '../facts/countries';
import { refuse } from '../validation/refuse';
import { type IpRange, ipRange, isWithin } from './ip-range';

/** Where requests may come from. A request must be let in by each list that is given. */
export interface FirewallLists {
  /**
   * The only addresses that are let in, in CIDR notation, IPv4 and IPv6, such as `203.0.113.0/24`; for one address `/32` or `/128`. At
   * most 10,000. An address that only a deployment knows counts as IPv4. Who has both versions may come by either, so name both. @default - any address
   */
  readonly allowedAddresses?: readonly string[];
  /** Addresses that are not let in, likewise; also a part of an allowed range. @default - none */
  readonly blockedAddresses?: readonly string[];
  /**
   * The only countries that are let in, as ISO 3166-1 alpha-2 codes in capital letters, by the address's country as AWS WAF knows it. Not
   * with `blockedCountries`. @default - any country
   */
  readonly allowedCountries?: readonly string[];
  /** Countries that are not let in, likewise. Not with `allowedCountries`. @default - none */
  readonly blockedCountries?: readonly string[];
}

/** A rule of a web ACL, without its place among the others. Its metric has its name. */
export interface ListRule {
  readonly name: string;
  readonly statement: CfnWebACL.StatementProperty;
}

/** What one IP set holds (AWS WAF: IP set match rule statement). */
const MOST_RANGES = 10_000;
const LISTS = ['allowedAddresses', 'blockedAddresses', 'allowedCountries', 'blockedCountries'] as const;

/** Whether any list is given. */
export function hasLists(lists: FirewallLists): boolean {
  return LISTS.some((name) => lists[name] !== undefined);
}

/**
 * Refuses lists that no web ACL of ours would have.
 *
 * @param instead the prop that is in their way, as it is written
 * @throws RefusedValueError for a list
 */
export function refuseLists(scope: IConstruct, lists: FirewallLists, instead: string): void {
  for (const name of LISTS) {
    if (lists[name] === undefined) continue;
    refuse(scope, {
      prop: name,
      value: lists[name],
      allowed: `only without ${instead}`,
      fix: `omit ${name}, and set it in your own web ACL; or omit ${instead}`,
      catalogueId: 'waf-on-cloudfront',
    });
  }
}

/**
 * The rules that block what the lists do not let in, and their IP sets in the scope. Each set and each 50 countries take one of the 1,500
 * capacity units.
 *
 * @throws RefusedValueError for a list that is empty, an entry that cannot be one or is there twice, or lists that contradict each other
 */
export function listRules(construct: IConstruct, edge: Construct, lists: FirewallLists): ListRule[] {
  refuseBadLists(construct, lists);
  const { allowedAddresses, blockedAddresses, allowedCountries, blockedCountries } = lists;
  const rules: ListRule[] = [];
  if (blockedAddresses !== undefined) {
    rules.push({ name: 'BlockedAddresses', statement: anyOf(addressSets(edge, 'Blocked', blockedAddresses)) });
  }
  if (allowedAddresses !== undefined) {
    rules.push({ name: 'AllowedAddresses', statement: not(anyOf(addressSets(edge, 'Allowed', allowedAddresses))) });
  }
  if (blockedCountries !== undefined) rules.push({ name: 'BlockedCountries', statement: anyOf(geo(blockedCountries)) });
  if (allowedCountries !== undefined) {
    rules.push({ name: 'AllowedCountries', statement: not(anyOf(geo(allowedCountries))) });
  }
  return rules;
}

function addressSets(edge: Construct, kind: string, addresses: readonly string[]): CfnWebACL.StatementProperty[] {
  return (['IPV4', 'IPV6'] as const).flatMap((version) => {
    const own = addresses.filter((address) => versionOf(address) === version);
    if (own.length === 0) return [];
    const set = new CfnIPSet(edge, `${kind}${version === 'IPV4' ? 'Ipv4' : 'Ipv6'}`, {
      scope: 'CLOUDFRONT',
      ipAddressVersion: version,
      addresses: own,
    });
    return [{ ipSetReferenceStatement: { arn: set.attrArn } }];
  });
}

/** What only a deployment knows counts as IPv4. */
function versionOf(address: string): IpRange['version'] {
  return Token.isUnresolved(address) ? 'IPV4' : (ipRange(address)?.version ?? 'IPV4');
}

function geo(countries: readonly string[]): CfnWebACL.StatementProperty[] {
  const count = Math.ceil(countries.length / COUNTRIES_OF_A_MATCH);
  return Array.from({ length: count }, (_, index) => ({
    geoMatchStatement: {
      countryCodes: countries.slice(index * COUNTRIES_OF_A_MATCH, (index + 1) * COUNTRIES_OF_A_MATCH),
    },
  }));
}

/** An OR has two statements at least (AWS WAF: OrStatement). */
function anyOf(statements: CfnWebACL.StatementProperty[]): CfnWebACL.StatementProperty {
  const [only, ...others] = statements;
  return only !== undefined && others.length === 0 ? only : { orStatement: { statements } };
}

function not(statement: CfnWebACL.StatementProperty): CfnWebACL.StatementProperty {
  return { notStatement: { statement } };
}

function refuseBadLists(scope: IConstruct, lists: FirewallLists): void {
  for (const name of LISTS) {
    const list = lists[name];
    if (list === undefined) continue;
    const ofAddresses = name.endsWith('Addresses');
    const isGood = ofAddresses
      ? (entry: string) => ipRange(entry) !== undefined
      : (entry: string) => COUNTRY_CODES.has(entry);
    const bad = list.filter((entry, index) => {
      return !(Token.isUnresolved(entry) || isGood(entry)) || list.indexOf(entry) !== index;
    });
    // A list that only a deployment knows cannot be told apart by version, and may be empty.
    const isKnown = !Token.isUnresolved(list);
    if (isKnown && list.length > 0 && list.length <= MOST_RANGES && bad.length === 0) continue;
    refuse(scope, {
      prop: name,
      value: !isKnown ? 'known at deployment alone' : bad.length > 0 ? bad : `${list.length} entries`,
      allowed: ofAddresses
        ? '1 to 10,000 ranges in CIDR notation, each once: /1 to /32 for IPv4, /1 to /128 for IPv6, no bit set behind the mask'
        : '1 to 250 country codes of ISO 3166-1 alpha-2 in capital letters, each once',
      fix: ofAddresses
        ? 'write 203.0.113.0/24, or 203.0.113.7/32 for one address; omit the list to let all in'
        : 'write DE or US; omit the list to let all in',
    });
  }
  refuseContradictions(scope, lists);
}

function refuseContradictions(scope: IConstruct, lists: FirewallLists): void {
  const { allowedAddresses = [], blockedAddresses = [], allowedCountries, blockedCountries } = lists;
  if (allowedCountries !== undefined && blockedCountries !== undefined) {
    refuse(scope, {
      prop: 'blockedCountries',
      value: blockedCountries,
      allowed: 'only without allowedCountries, which blocks every other country already',
      fix: 'omit one of the two',
    });
  }
  const blocked = blockedAddresses.flatMap((each) => ipRange(each) ?? []);
  const shut = allowedAddresses.filter((each) => {
    const range = ipRange(each);
    return range !== undefined && blocked.some((outer) => isWithin(range, outer));
  });
  if (shut.length === 0) return;
  refuse(scope, {
    prop: 'allowedAddresses',
    value: shut,
    allowed: 'ranges that are not within one of blockedAddresses, since a blocked address is never let in',
    fix: 'remove it from one of the two lists',
  });
}
