import { ddbPartitionLimitVisible } from '../../../../../lib/checks/rules/dynamodb/ddb-partition-limit-visible';
import { alarm, cases, type Literals, mustBe, ref } from '../../literal-fixture';

const watched = (type: string): Literals => ({
  Table: [type, { ContributorInsightsSpecification: { Enabled: true } }],
  Reads: alarm('AWS/DynamoDB', 'ReadThrottleEvents', ref('Table')),
  Writes: alarm('AWS/DynamoDB', 'WriteThrottleEvents', ref('Table')),
});
const table = watched('AWS::DynamoDB::Table');
const INSIGHTS = 'Table.ContributorInsightsSpecification.Enabled';

mustBe(ddbPartitionLimitVisible, table, INSIGHTS, true, 'ContributorInsightsSpecification is not enabled', 'violation');
cases(ddbPartitionLimitVisible, table, [
  ['violation', 'reads are not watched', { Reads: undefined }, 'no alarm on ReadThrottleEvents'],
  ['violation', 'writes are not', { Writes: undefined }, 'no alarm on WriteThrottleEvents'],
  ['compliant', 'in development', { Reads: undefined, Writes: undefined, [INSIGHTS]: false }, { strict: false }],
]);
cases(ddbPartitionLimitVisible, watched('AWS::DynamoDB::GlobalTable'), [
  ['compliant', 'each replica has insights of its own', { [INSIGHTS]: undefined }],
  ['violation', 'reads are not watched', { Reads: undefined }, 'no alarm on ReadThrottleEvents'],
]);
