import { compliant, mustHold, type Rule } from '../../rule';

export const ddbOnDemandDefault: Rule = {
  id: 'ddb-on-demand-default',
  title: 'A table is on demand, or its provisioned capacity scales by itself',
  why: 'Provisioned capacity stays what it was set to: 5 reads and 5 writes a second for a Table of the CDK. The requests beyond are throttled, and capacity that is not used is billed all the same.',
  fix: 'Set BillingMode to PAY_PER_REQUEST (TableV2 in the CDK does), or add an AWS::ApplicationAutoScaling::ScalableTarget for the table.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html',
  example: {
    fixed: {
      Orders: { Type: 'AWS::DynamoDB::Table', Properties: { BillingMode: 'PAY_PER_REQUEST' } },
      Steady: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          BillingMode: 'PROVISIONED',
          ProvisionedThroughput: { ReadCapacityUnits: 100, WriteCapacityUnits: 100 },
        },
      },
      SteadyWrites: {
        Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
        Properties: {
          ServiceNamespace: 'dynamodb',
          ResourceId: { 'Fn::Join': ['/', ['table', { Ref: 'Steady' }]] },
          ScalableDimension: 'dynamodb:table:WriteCapacityUnits',
          MinCapacity: 100,
          MaxCapacity: 1000,
        },
      },
    },
    broken: [
      { 'Orders.Properties.BillingMode': null },
      { 'Orders.Properties.BillingMode': 'PROVISIONED' },
      { SteadyWrites: null },
    ],
  },
  types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
  check: (table, inventory) => {
    if (table.literal('BillingMode') === 'PAY_PER_REQUEST') return compliant;
    const scaled = inventory.referrers('AWS::ApplicationAutoScaling::ScalableTarget', 'ResourceId', table).length > 0;
    return mustHold(scaled, 'provisioned capacity that nothing scales; allowed: PAY_PER_REQUEST, or a scalable target');
  },
};
