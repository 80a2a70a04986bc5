import { numberOf } from '../../../template/template-resource';
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
  if (rate === undefined || !('Block' in (Action ?? {}))) return false;
  // A rate for some requests alone leaves the others without one.
  if (rate.ScopeDownStatement !== undefined) return false;
  const window = numberOf(rate.EvaluationWindowSec, 'EvaluationWindowSec') ?? WINDOW_SECONDS;
  const limit = numberOf(rate.Limit, 'Limit') ?? Number.POSITIVE_INFINITY;
  return (limit * WINDOW_SECONDS) / window <= REQUESTS;
}

/** A rate rule (e.g. 2000 per 5 min per IP) is the first DDoS line. */
export const wafRateRule: Rule = {
  id: 'waf-rate-rule',
  types: ['AWS::WAFv2::WebACL'],
  check: (webAcl) =>
    mustHold(
      (webAcl.list('Rules') as RateRule[]).some(bounds),
      `no rule blocks an address that floods; allowed: RateBasedStatement of at most ${REQUESTS} requests in ${WINDOW_SECONDS} s, Action Block`,
    ),
};
