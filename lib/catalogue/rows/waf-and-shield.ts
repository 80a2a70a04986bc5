import type { CatalogueRow } from '../catalogue-row';

/** WAF and Shield (guide 344-352). */
export const wafAndShieldRows = [
  {
    id: 'waf-on-cloudfront',
    guideLines: ['274', '350'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'Attach WAF at CloudFront for every public app.',
    condition:
      '`DistributionConfig.WebACLId` set (cdk-nag `AwsSolutions-CFR2`); `AWS::WAFv2::WebACL.Scope == "CLOUDFRONT"` in a us-east-1 stack (else synth error)',
  },
  {
    id: 'waf-managed-rules',
    guideLines: ['348'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'Use AWS managed rule sets: core, SQLi, reputation.',
    condition:
      '`Rules[]` has `AWSManagedRulesCommonRuleSet`, `...KnownBadInputsRuleSet`, `...SQLiRuleSet`, `...AmazonIpReputationList`, `OverrideAction: None`',
  },
  {
    id: 'waf-rate-rule',
    guideLines: ['349'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'A rate rule (e.g. 2000 per 5 min per IP) is the first DDoS line.',
    condition: '`RateBasedStatement.Limit <= 2000`, `EvaluationWindowSec == 300`, `Action.Block`',
  },
  {
    id: 'waf-not-on-http-api',
    guideLines: ['291', '350'],
    tier: 2,
    derived: true,
    patterns: ['web-app', 'event-driven', 'genai-rag'],
    mechanisms: ['refused at synth'],
    claim: 'WAF cannot attach to an HTTP API, so the default API type needs CloudFront in front.',
    condition:
      '`AWS::WAFv2::WebACLAssociation.ResourceArn` must not be `/apis/`; HTTP API is reachable only through the distribution. NOT caught by CDK (tested)',
  },
  {
    id: 'shield-standard-enough',
    guideLines: ['352'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: [],
    claim: 'Shield Advanced is $3,000/month; do not turn it on by accident.',
    condition: 'no `AWS::Shield::Protection` without opt-in',
  },
] as const satisfies readonly CatalogueRow[];
