import { mapOf, numberOf } from '../../../template/template-resource';
import { mustHold, type Rule } from '../../rule';

const REQUESTS = 2000;
const WINDOW_SECONDS = 300;

interface RateRule {
  readonly Action?: Readonly<Record<string, unknown>>;
  readonly Statement?: {
    readonly RateBasedStatement?: {
      readonly Limit?: unknown;
      readonly EvaluationWindowSec?: unknown;
      readonly ScopeDownStatement?: unknown;
    };
  };
}

/** Whether a rule stops an address that asks more often than the guide's 2000 in 5 minutes, in whatever window it counts. */
function bounds({ Action, Statement }: RateRule): boolean {
  const rate = Statement?.RateBasedStatement;
  if (rate === undefined || !('Block' in mapOf(Action, 'Action'))) return false;
  // A rate for some requests alone leaves the others without one.
  if (rate.ScopeDownStatement !== undefined) return false;
  const window = numberOf(rate.EvaluationWindowSec, 'EvaluationWindowSec') ?? WINDOW_SECONDS;
  const limit = numberOf(rate.Limit, 'Limit') ?? Number.POSITIVE_INFINITY;
  return (limit * WINDOW_SECONDS) / window <= REQUESTS;
}

export const wafRateRule: Rule = {
  id: 'waf-rate-rule',
  title: 'A web ACL blocks an address that sends more than 2,000 requests in 5 minutes',
  why: 'One machine can send thousands of requests a second: without a limit it slows the service for everyone, tries passwords, and runs up the bill.',
  fix: 'Add a rule with a RateBasedStatement: Limit 2000 or less, EvaluationWindowSec 300, no ScopeDownStatement, and the Action Block.',
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html',
  example: {
    fixed: {
      WebAcl: {
        Type: 'AWS::WAFv2::WebACL',
        Properties: {
          Scope: 'CLOUDFRONT',
          DefaultAction: { Allow: {} },
          Rules: [
            {
              Name: 'flood',
              Priority: 0,
              Action: { Block: {} },
              Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 2000, EvaluationWindowSec: 300 } },
            },
          ],
        },
      },
    },
    broken: [
      { 'WebAcl.Properties.Rules': null },
      { 'WebAcl.Properties.Rules.0.Statement.RateBasedStatement.Limit': 2001 },
      { 'WebAcl.Properties.Rules.0.Statement.RateBasedStatement.EvaluationWindowSec': 120 },
      { 'WebAcl.Properties.Rules.0.Action': { Count: {} } },
      {
        'WebAcl.Properties.Rules.0.Statement.RateBasedStatement.ScopeDownStatement': {
          ByteMatchStatement: {
            FieldToMatch: { UriPath: {} },
            PositionalConstraint: 'STARTS_WITH',
            SearchString: '/login',
            TextTransformations: [{ Priority: 0, Type: 'NONE' }],
          },
        },
      },
    ],
  },
  types: ['AWS::WAFv2::WebACL'],
  check: (webAcl) =>
    mustHold(
      webAcl.maps<RateRule>('Rules').some(bounds),
      `no rule blocks an address that floods; allowed: RateBasedStatement of at most ${REQUESTS} requests in ${WINDOW_SECONDS} s, Action Block`,
    ),
};
