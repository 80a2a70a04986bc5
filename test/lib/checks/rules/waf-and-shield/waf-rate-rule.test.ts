import { wafRateRule } from '../../../../../lib/checks/rules/waf-and-shield/waf-rate-rule';
import { bounds, cases, type Literals, PARAMETER } from '../../literal-fixture';

const RATE = 'Acl.Rules.1.Statement.RateBasedStatement';
const acl = (EvaluationWindowSec?: number): Literals => ({
  Acl: [
    'AWS::WAFv2::WebACL',
    {
      Rules: [
        { Statement: {} },
        {
          Action: { Block: {} },
          Statement: {
            RateBasedStatement: { Limit: 100, ...(EvaluationWindowSec !== undefined && { EvaluationWindowSec }) },
          },
        },
      ],
    },
  ],
});
const says =
  'no rule blocks an address that floods; allowed: RateBasedStatement of at most 2000 requests in 300 s, Action Block';

for (const [window, max] of [
  [undefined, 2000],
  [300, 2000],
  [60, 400],
  [120, 800],
  [600, 4000],
] as const) {
  bounds(wafRateRule, acl(window), `${RATE}.Limit`, { max, unset: 'violation', says, named: false });
}
cases(wafRateRule, acl(), [
  ['violation', 'it counts', { 'Acl.Rules.1.Action': { Count: {} } }, says],
  ['violation', 'it does nothing', { 'Acl.Rules.1.Action': undefined }, says],
  ['violation', 'it is for some requests alone', { [`${RATE}.ScopeDownStatement`]: {} }, says],
  ['violation', 'there is none', { 'Acl.Rules': [] }, says],
  ['cannot-tell', 'a parameter is its window', { [`${RATE}.EvaluationWindowSec`]: PARAMETER }],
]);
