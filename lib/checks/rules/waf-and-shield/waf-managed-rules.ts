import { type Rule, verdict } from '../../rule';

const GROUPS = [
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesKnownBadInputsRuleSet',
  'AWSManagedRulesSQLiRuleSet',
  'AWSManagedRulesAmazonIpReputationList',
];

interface WebAclRule {
  readonly OverrideAction?: Readonly<Record<string, unknown>>;
  readonly Statement?: {
    readonly ManagedRuleGroupStatement?: { readonly VendorName?: string; readonly Name?: string };
  };
}

/** Use AWS managed rule sets: core, SQLi, reputation. */
export const wafManagedRules: Rule = {
  id: 'waf-managed-rules',
  types: ['AWS::WAFv2::WebACL'],
  check: (webAcl) => {
    const rules = webAcl.list('Rules') as WebAclRule[];
    return verdict(
      GROUPS.map((name) => {
        const rule = rules.find(({ Statement }) => Statement?.ManagedRuleGroupStatement?.Name === name);
        if (rule === undefined) return `${name} is not among its rules`;
        return !('None' in (rule.OverrideAction ?? {})) && `${name} only counts; allowed: OverrideAction None`;
      }),
    );
  },
};
