import { mapOf } from '../../../template/template-resource';
import { type Rule, verdict } from '../../rule';

const GROUPS = [
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesKnownBadInputsRuleSet',
  'AWSManagedRulesSQLiRuleSet',
  'AWSManagedRulesAmazonIpReputationList',
];

interface WebAclRule {
  readonly OverrideAction?: unknown;
  readonly Statement?: {
    readonly ManagedRuleGroupStatement?: { readonly VendorName?: string; readonly Name?: string };
  };
}

export const wafManagedRules: Rule = {
  id: 'waf-managed-rules',
  title: 'A web ACL has the AWS managed rules: core, bad inputs, SQL injection, IP reputation',
  why: 'Scanners try every public address within minutes, for known holes and SQL injection. AWS keeps these four rule groups up to date, and they cost $1 a month each.',
  fix: 'Add a ManagedRuleGroupStatement for each of the four groups, with OverrideAction None: with Count they only write a log.',
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html',
  example: {
    fixed: {
      WebAcl: {
        Type: 'AWS::WAFv2::WebACL',
        Properties: {
          Scope: 'CLOUDFRONT',
          DefaultAction: { Allow: {} },
          Rules: [
            {
              Name: 'AWSManagedRulesCommonRuleSet',
              Priority: 0,
              OverrideAction: { None: {} },
              Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet' } },
            },
            {
              Name: 'AWSManagedRulesKnownBadInputsRuleSet',
              Priority: 1,
              OverrideAction: { None: {} },
              Statement: {
                ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesKnownBadInputsRuleSet' },
              },
            },
            {
              Name: 'AWSManagedRulesSQLiRuleSet',
              Priority: 2,
              OverrideAction: { None: {} },
              Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesSQLiRuleSet' } },
            },
            {
              Name: 'AWSManagedRulesAmazonIpReputationList',
              Priority: 3,
              OverrideAction: { None: {} },
              Statement: {
                ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesAmazonIpReputationList' },
              },
            },
          ],
        },
      },
    },
    broken: [
      { 'WebAcl.Properties.Rules': null },
      { 'WebAcl.Properties.Rules.0.OverrideAction': { Count: {} } },
      { 'WebAcl.Properties.Rules.1.Statement.ManagedRuleGroupStatement.Name': 'AWSManagedRulesLinuxRuleSet' },
      { 'WebAcl.Properties.Rules.2.OverrideAction': { Count: {} } },
      { 'WebAcl.Properties.Rules.3.OverrideAction': null },
    ],
  },
  types: ['AWS::WAFv2::WebACL'],
  check: (webAcl) => {
    const rules = webAcl.maps<WebAclRule>('Rules');
    return verdict(
      GROUPS.map((name) => {
        const rule = rules.find(({ Statement }) => Statement?.ManagedRuleGroupStatement?.Name === name);
        if (rule === undefined) return `${name} is not among its rules`;
        return (
          !('None' in mapOf(rule.OverrideAction, 'OverrideAction')) &&
          `${name} only counts; allowed: OverrideAction None`
        );
      }),
    );
  },
};
