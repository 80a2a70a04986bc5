import { compliant, mustHold, type Rule } from '../../rule';

/** On-demand for unknown load; provisioned only for steady load. */
export const ddbOnDemandDefault: Rule = {
  id: 'ddb-on-demand-default',
  types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
  check: (table, inventory) => {
    if (table.literal('BillingMode') === 'PAY_PER_REQUEST') return compliant;
    const scaled = inventory
      .ofType('AWS::ApplicationAutoScaling::ScalableTarget')
      .some((target) => inventory.names(target, target.get('ResourceId'), table));
    return mustHold(scaled, 'provisioned capacity that nothing scales; allowed: PAY_PER_REQUEST, or a scalable target');
  },
};
