import { CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stages } from '../../../lib';
import { AccessLogBucket } from '../../../lib/edge/access-log-bucket';
import { Firewall, type FirewallProps } from '../../../lib/edge/firewall';
import { COUNTRY_CODES } from '../../../lib/facts/countries';
import { resourcesOf, testApp } from '../../synthesize';
import { IRELAND, VIRGINIA } from './edge-fixture';

const stage = stages.prod;

function fixture(props: Partial<FirewallProps> = {}, env = VIRGINIA) {
  const app = testApp();
  const stack = new Stack(app, 'Shop', { env });
  const logs = new AccessLogBucket(stack, 'Logs', { stage });
  const firewall = new Firewall(stack, 'Firewall', { stage, logs, ...props });
  const edge = () => app.node.children.filter(Stack.isStack).find(({ region }) => region === 'us-east-1') ?? stack;
  return { stack, firewall, template: () => Template.fromStack(edge()) };
}

interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action: object;
  readonly Statement: unknown;
  readonly VisibilityConfig: { readonly MetricName: string };
}
function rulesOf(props: Partial<FirewallProps>, env = VIRGINIA): Rule[] {
  const [webAcl] = Object.values(resourcesOf(fixture(props, env).template(), 'AWS::WAFv2::WebACL'));
  return (webAcl?.Properties['Rules'] ?? []) as Rule[];
}
const OWN = ['RatePerAddress', 'AmazonIpReputationList', 'CommonRuleSet', 'KnownBadInputsRuleSet', 'SQLiRuleSet'];
const namesOf = (rules: readonly Rule[]) => rules.map(({ Name }) => Name.replace('AWSManagedRules', ''));
const setOf = (id: string) => ({
  IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': [expect.stringMatching(id), 'Arn'] } },
});

const EVERYTHING = {
  blockedAddresses: ['203.0.113.7/32'],
  allowedAddresses: ['203.0.113.0/24', '2001:db8::/32'],
  allowedCountries: ['DE', 'AT'],
} as const;

describe('lists of addresses and countries', () => {
  it('block before anything is counted, each by a rule and a metric of its own', () => {
    const rules = rulesOf(EVERYTHING);
    expect(namesOf(rules)).toEqual(['BlockedAddresses', 'AllowedAddresses', 'AllowedCountries', ...OWN]);
    expect(rules.map(({ Priority }) => Priority)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    for (const { Name, Action, VisibilityConfig } of rules.slice(0, 3)) {
      expect([Name, Action, VisibilityConfig.MetricName]).toEqual([Name, { Block: {} }, Name]);
    }
    expect(rules.slice(0, 3).map(({ Statement }) => Statement)).toEqual([
      setOf('BlockedIpv4'),
      {
        NotStatement: { Statement: { OrStatement: { Statements: [setOf('AllowedIpv4'), setOf('AllowedIpv6')] } } },
      },
      { NotStatement: { Statement: { GeoMatchStatement: { CountryCodes: ['DE', 'AT'] } } } },
    ]);
  });

  it('are sets of one version, of scope CLOUDFRONT, without a name that another stack could have', () => {
    const sets = Object.values(resourcesOf(fixture(EVERYTHING).template(), 'AWS::WAFv2::IPSet'));
    expect(sets.map(({ Properties }) => Properties)).toEqual([
      { Scope: 'CLOUDFRONT', IPAddressVersion: 'IPV4', Addresses: ['203.0.113.7/32'] },
      { Scope: 'CLOUDFRONT', IPAddressVersion: 'IPV4', Addresses: ['203.0.113.0/24'] },
      { Scope: 'CLOUDFRONT', IPAddressVersion: 'IPV6', Addresses: ['2001:db8::/32'] },
    ]);
  });

  it('are in us-east-1, wherever the application is', () => {
    const { stack, template } = fixture(EVERYTHING, IRELAND);
    expect(Object.keys(resourcesOf(template(), 'AWS::WAFv2::IPSet'))).toHaveLength(3);
    Template.fromStack(stack).resourceCountIs('AWS::WAFv2::IPSet', 0);
  });

  it('add no rule where none is given', () => {
    expect(namesOf(rulesOf({}))).toEqual(OWN);
    expect(fixture().firewall.listRules).toEqual([]);
  });

  it.each([
    [50, 1],
    [51, 2],
    [250, 5],
  ])('name %i countries in %i matches of at most 50', (count, matches) => {
    const blockedCountries = [...COUNTRY_CODES].slice(0, count);
    const [rule] = rulesOf({ blockedCountries });
    const statements = ((rule?.Statement ?? {}) as { OrStatement?: { Statements: object[] } }).OrStatement
      ?.Statements ?? [rule?.Statement];
    expect(statements).toHaveLength(matches);
    const named = statements.flatMap(
      (each) => (each as { GeoMatchStatement: { CountryCodes: string[] } }).GeoMatchStatement.CountryCodes,
    );
    expect(named).toEqual(blockedCountries);
  });

  it.each([
    [{ allowedAddresses: [] }, /allowedAddresses is '0 entries'; allowed: 1 to 10,000 ranges in CIDR notation/],
    [{ allowedAddresses: ['203.0.113.7'] }, /allowedAddresses is '203.0.113.7'.*Fix: write 203.0.113.0\/24/],
    [{ blockedAddresses: ['0.0.0.0/0'] }, /blockedAddresses is '0.0.0.0\/0'/],
    [{ blockedAddresses: ['203.0.113.1/24', '203.0.113.0/24'] }, /blockedAddresses is '203.0.113.1\/24'; /],
    [{ blockedAddresses: ['203.0.113.0/24', '203.0.113.0/24'] }, /each once/],
    [{ allowedCountries: [] }, /allowedCountries is '0 entries'; allowed: 1 to 250 country codes/],
    [{ allowedCountries: ['de'] }, /allowedCountries is 'de'/],
    [{ blockedCountries: ['UK'] }, /blockedCountries is 'UK'/],
    [{ blockedCountries: ['DE', 'DE'] }, /blockedCountries is 'DE'/],
    [
      { allowedCountries: ['DE'], blockedCountries: ['FR'] },
      /blockedCountries is 'FR'; allowed: only without allowedCountries/,
    ],
    [
      { allowedAddresses: ['203.0.113.0/25', '198.51.100.0/24'], blockedAddresses: ['203.0.113.0/24'] },
      /allowedAddresses is '203.0.113.0\/25'; allowed: ranges that are not within one of blockedAddresses/,
    ],
    [{ allowedAddresses: Lazy.list({ produce: () => [] }) }, /allowedAddresses is 'known at deployment alone'/],
  ])('refuse %j', (props, message) => {
    expect(() => fixture(props)).toThrow(message);
  });

  it('may carve a blocked part out of an allowed range, and hold as many as a set', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
    expect(() => fixture({ allowedAddresses: many, blockedAddresses: ['10.0.0.0/25'] })).not.toThrow();
    expect(() => fixture({ allowedAddresses: [...many, '192.0.2.0/24'] })).toThrow("'10001 entries'");
  });

  it('take one address on trust that only a deployment knows, as IPv4', () => {
    const { stack, template } = (() => {
      const app = testApp();
      const own = new Stack(app, 'Shop', { env: VIRGINIA });
      const office = new CfnParameter(own, 'Office').valueAsString;
      const logs = new AccessLogBucket(own, 'Logs', { stage });
      new Firewall(own, 'Firewall', { stage, logs, allowedAddresses: [office] });
      return { stack: own, template: () => Template.fromStack(own) };
    })();
    expect(stack.region).toBe('us-east-1');
    template().hasResourceProperties('AWS::WAFv2::IPSet', { IPAddressVersion: 'IPV4', Addresses: [{ Ref: 'Office' }] });
  });

  it('and a rate are not for a web ACL that is brought', () => {
    const existing = 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/mine/0a1b';
    expect(() => fixture({ existing })).not.toThrow();
    for (const [prop, value] of Object.entries({
      ...EVERYTHING,
      blockedCountries: ['FR'],
      requestsPerFiveMinutes: 100,
    })) {
      expect(() => fixture({ existing, [prop]: value })).toThrow(
        new RegExp(`${prop} is .*; allowed: only without a web ACL of yours`),
      );
    }
  });
});
