import { permits } from '../../policy-holder';
import { mustHold, notApplicable, type Rule } from '../../rule';

/** Emit custom metrics through EMF logs, with bounded dimensions ($0.30 each). */
export const cwEmfNotPutmetric: Rule = {
  id: 'cw-emf-not-putmetric',
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    if (inventory.referent(fn, fn.get('Role')) === undefined) return notApplicable;
    const puts = inventory
      .statementsOf(inventory.roleOf(fn))
      .filter((statement) => permits(statement, 'cloudwatch:PutMetricData'));
    return mustHold(puts.length === 0, 'the function may call PutMetricData; allowed: metrics in its log (EMF)');
  },
};
