import { wafManagedRules } from '../../../../../lib/checks/rules/waf-and-shield/waf-managed-rules';
import { type Case, cases, type Literals, PARAMETER } from '../../literal-fixture';

const GROUPS = [
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesKnownBadInputsRuleSet',
  'AWSManagedRulesSQLiRuleSet',
  'AWSManagedRulesAmazonIpReputationList',
];
const managed = (Name: string, OverrideAction: unknown = { None: {} }) => ({
  OverrideAction,
  Statement: { ManagedRuleGroupStatement: { Name } },
});
const acl: Literals = {
  Acl: ['AWS::WAFv2::WebACL', { Rules: [{ Statement: {} }, ...GROUPS.map((name) => managed(name))] }],
};

cases(wafManagedRules, acl, [
  ['compliant', 'each stops what it finds'],
  ...GROUPS.flatMap((name, index): Case[] => [
    [
      'violation',
      `there is no ${name}`,
      { [`Acl.Rules.${index + 1}`]: managed('Other') },
      `${name} is not among its rules`,
    ],
    [
      'violation',
      `${name} counts`,
      { [`Acl.Rules.${index + 1}`]: managed(name, { Count: {} }) },
      `${name} only counts; allowed: OverrideAction None`,
    ],
    [
      'violation',
      `${name} does not say`,
      { [`Acl.Rules.${index + 1}.OverrideAction`]: undefined },
      `${name} only counts`,
    ],
  ]),
  ['violation', 'there is no rule', { 'Acl.Rules': undefined }, GROUPS],
  ['cannot-tell', 'a parameter says it', { 'Acl.Rules': PARAMETER }],
]);
