import { type Rule, verdict } from '../../rule';

export const ddbPartitionLimitVisible: Rule = {
  id: 'ddb-partition-limit-visible',
  title: 'Alarms watch the throttles of a table, and Contributor Insights names its hot keys',
  why: 'One partition takes 1,000 writes and 3,000 reads a second, whatever the table has. A hot key is throttled while the table as a whole looks idle, and without insights you cannot tell which key it is.',
  fix: 'Add alarms on ReadThrottleEvents and WriteThrottleEvents of AWS/DynamoDB with the TableName, and set ContributorInsightsSpecification.Enabled to true.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/contributorinsights.html',
  example: {
    fixed: {
      Orders: {
        Type: 'AWS::DynamoDB::Table',
        Properties: { ContributorInsightsSpecification: { Enabled: true } },
      },
      Reads: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/DynamoDB',
          MetricName: 'ReadThrottleEvents',
          Dimensions: [{ Name: 'TableName', Value: { Ref: 'Orders' } }],
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 0,
        },
      },
      Writes: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/DynamoDB',
          MetricName: 'WriteThrottleEvents',
          Dimensions: [{ Name: 'TableName', Value: { Ref: 'Orders' } }],
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 0,
        },
      },
    },
    broken: [
      { Reads: null },
      { Writes: null },
      { 'Writes.Properties.Dimensions.0.Value': 'payments' },
      { 'Orders.Properties.ContributorInsightsSpecification': null },
      { 'Orders.Properties.ContributorInsightsSpecification.Enabled': false },
    ],
  },
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
