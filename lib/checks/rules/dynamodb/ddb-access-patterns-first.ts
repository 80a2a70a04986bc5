import { permits } from '../../policy-holder';
import { mustHold, notApplicable, type Rule } from '../../rule';

/** No joins or ad-hoc queries: model for known access patterns. */
export const ddbAccessPatternsFirst: Rule = {
  id: 'ddb-access-patterns-first',
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    if (inventory.integrationsOf(fn).length === 0) return notApplicable;
    const scans = inventory
      .statementsOf(inventory.roleOf(fn))
      .filter((statement) => permits(statement, 'dynamodb:Scan'));
    return mustHold(
      scans.length === 0,
      'a function behind an API may scan a table; allowed: GetItem and Query by known patterns',
    );
  },
};
