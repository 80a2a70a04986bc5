import { ddbOnDemandDefault } from '../../../../../lib/checks/rules/dynamodb/ddb-on-demand-default';
import { cases, join, PARAMETER, ref } from '../../literal-fixture';

const says = 'provisioned capacity that nothing scales; allowed: PAY_PER_REQUEST, or a scalable target';
const target = ['AWS::ApplicationAutoScaling::ScalableTarget', { ResourceId: join('table/', ref('Table')) }] as const;

for (const type of ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable']) {
  cases(ddbOnDemandDefault, { Table: [type, { BillingMode: 'PAY_PER_REQUEST' }] }, [
    ['compliant', 'it is on demand'],
    ['violation', 'it is not', { 'Table.BillingMode': 'PROVISIONED' }, says],
    ['violation', 'it does not say', { 'Table.BillingMode': undefined }, says],
    ['compliant', 'it is scaled', { 'Table.BillingMode': 'PROVISIONED', Target: target }],
    [
      'violation',
      'another is',
      { 'Table.BillingMode': 'PROVISIONED', Target: [target[0], { ResourceId: 'table/other' }] },
      says,
    ],
    ['cannot-tell', 'a parameter says it', { 'Table.BillingMode': PARAMETER }],
  ]);
}
