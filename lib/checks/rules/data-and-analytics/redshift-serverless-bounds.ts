import { mustHold, type Rule, verdict } from '../../rule';

export const redshiftServerlessBounds: Rule = {
  id: 'redshift-serverless-bounds',
  title: 'Redshift is serverless with a maximum capacity, and not open to the internet',
  why: 'A cluster bills by the hour, asked or not. Without MaxCapacity a serverless workgroup scales as far as its queries want, each unit at about $0.36 an hour.',
  fix: 'Use an AWS::RedshiftServerless::Workgroup with MaxCapacity, and PubliclyAccessible false.',
  severity: 'error',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html',
  example: {
    fixed: {
      Warehouse: {
        Type: 'AWS::RedshiftServerless::Workgroup',
        Properties: { WorkgroupName: 'warehouse', BaseCapacity: 8, MaxCapacity: 16, PubliclyAccessible: false },
      },
    },
    broken: [
      { 'Warehouse.Properties.MaxCapacity': null },
      { 'Warehouse.Properties.PubliclyAccessible': true },
      {
        Warehouse: {
          Type: 'AWS::Redshift::Cluster',
          Properties: { ClusterType: 'single-node', NodeType: 'ra3.large', DBName: 'warehouse' },
        },
      },
    ],
  },
  types: ['AWS::Redshift::Cluster', 'AWS::RedshiftServerless::Workgroup'],
  check: (resource) => {
    if (resource.type === 'AWS::Redshift::Cluster') {
      return mustHold(false, 'a cluster bills by the hour, asked or not; allowed: a Redshift Serverless workgroup');
    }
    return verdict([
      resource.number('MaxCapacity') === undefined && 'MaxCapacity is not set, so the bill has no bound',
      resource.flag('PubliclyAccessible') === true && 'PubliclyAccessible is true',
    ]);
  },
};
