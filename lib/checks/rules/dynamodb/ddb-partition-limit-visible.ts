import { type Rule, verdict } from '../../rule';

/** One partition caps at 3,000 RCU / 1,000 WCU whatever the table has. */
export const ddbPartitionLimitVisible: Rule = {
  id: 'ddb-partition-limit-visible',
  types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
  check: (table, inventory) =>
    verdict([
      ...['ReadThrottleEvents', 'WriteThrottleEvents'].map(
        (metric) =>
          inventory.strict && inventory.alarmsOn('AWS/DynamoDB', metric, table).length === 0 && `no alarm on ${metric}`,
      ),
      // Contributor Insights costs per event; development does without.
      inventory.strict &&
        table.type === 'AWS::DynamoDB::Table' &&
        table.flag('ContributorInsightsSpecification.Enabled') !== true &&
        'ContributorInsightsSpecification is not enabled, so a hot key has no name',
    ]),
};
