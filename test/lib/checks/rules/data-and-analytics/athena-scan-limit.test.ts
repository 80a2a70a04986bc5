import { athenaScanLimit } from '../../../../../lib/checks/rules/data-and-analytics/athena-scan-limit';
import { cases, type Literals, mustBe, PARAMETER } from '../../literal-fixture';

const CONFIGURATION = 'Group.WorkGroupConfiguration';
const group: Literals = {
  Group: [
    'AWS::Athena::WorkGroup',
    {
      WorkGroupConfiguration: {
        BytesScannedCutoffPerQuery: 10_000_000,
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } },
      },
    },
  ],
};

mustBe(athenaScanLimit, group, `${CONFIGURATION}.EnforceWorkGroupConfiguration`, true, 'Enforce', 'compliant');
cases(athenaScanLimit, group, [
  ['compliant', 'a query is bounded'],
  [
    'violation',
    'none is',
    { [`${CONFIGURATION}.BytesScannedCutoffPerQuery`]: undefined },
    'BytesScannedCutoffPerQuery',
  ],
  ['cannot-tell', 'a parameter says it', { [`${CONFIGURATION}.BytesScannedCutoffPerQuery`]: PARAMETER }],
  ['violation', 'answers lie open', { [`${CONFIGURATION}.ResultConfiguration`]: {} }, 'not encrypted'],
]);
