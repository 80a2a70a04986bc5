import type { CatalogueRow } from '../catalogue-row';

/** Route 53 (guide 279-287). */
export const route53Rows = [
  {
    id: 'route53-alias',
    guideLines: ['285'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: 'Point at AWS resources with alias records, not CNAMEs.',
    condition: '`AWS::Route53::RecordSet.AliasTarget` set; no `CNAME` to `*.cloudfront.net|*.elb.amazonaws.com`',
  },
  {
    id: 'route53-failover-has-health',
    guideLines: ['282-287'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: [],
    claim: 'Failover and latency records need health checks to move traffic.',
    condition: '`Failover`/`Region` record => `HealthCheckId` or `AliasTarget.EvaluateTargetHealth: true`',
  },
  {
    id: 'route53-fast-health-check',
    guideLines: ['283', '287'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: '30 s interval is slow; use 10 s for failover.',
    condition:
      '`AWS::Route53::HealthCheck.HealthCheckConfig.RequestInterval == 10`, `FailureThreshold <= 3` (multi-region option)',
  },
] as const satisfies readonly CatalogueRow[];
