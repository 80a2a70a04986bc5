import { vpcDataPrivate } from '../../../../../lib/checks/rules/alb-nlb-vpc/vpc-data-private';
import { cases, changed, mustBe, PARAMETER, ref } from '../../literal-fixture';
import { vpc } from '../../vpc-fixture';

const CONFIGURATION = 'NetworkConfiguration.AwsvpcConfiguration';
const says = (id: string) => `${id} has a route to an internet gateway; allowed: private subnets`;

for (const [type, path] of [
  ['AWS::RDS::DBSubnetGroup', 'SubnetIds'],
  ['AWS::RDS::DBProxy', 'VpcSubnetIds'],
  ['AWS::ElastiCache::SubnetGroup', 'SubnetIds'],
  ['AWS::ElastiCache::ServerlessCache', 'SubnetIds'],
  ['AWS::ECS::Service', `${CONFIGURATION}.Subnets`],
] as const) {
  const at = (...ids: unknown[]) => ({ [`It.${path}`]: ids });
  cases(vpcDataPrivate, changed({ It: [type, {}], ...vpc }, at(ref('PrivateA'), ref('PrivateB'))), [
    ['compliant', 'it is in private subnets'],
    ['violation', 'one is public', at(ref('PrivateA'), ref('PublicA')), says('PublicA')],
    ['violation', 'two are', at(ref('PublicA'), ref('PublicB')), [says('PublicA'), says('PublicB')]],
    ['cannot-tell', 'one is elsewhere', at(ref('PrivateA'), 'subnet-1')],
    ['cannot-tell', 'a parameter is all', { [`It.${path}`]: PARAMETER }],
  ]);
}
const service = changed(
  { It: ['AWS::ECS::Service', {}], ...vpc },
  { [`It.${CONFIGURATION}.Subnets`]: [ref('PrivateA')] },
);
cases(vpcDataPrivate, service, [
  [
    'violation',
    'its tasks have addresses of their own',
    { [`It.${CONFIGURATION}.AssignPublicIp`]: 'ENABLED' },
    'AssignPublicIp is ENABLED; allowed: DISABLED',
  ],
  [
    'violation',
    'they do, wherever they are',
    { [`It.${CONFIGURATION}`]: { AssignPublicIp: 'ENABLED', Subnets: PARAMETER } },
    'AssignPublicIp',
  ],
  ['compliant', 'they have none', { [`It.${CONFIGURATION}.AssignPublicIp`]: 'DISABLED' }],
  ['not-applicable', 'they are where their machines are', { 'It.NetworkConfiguration': undefined }],
]);
for (const type of ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance']) {
  const database = { It: [type, { Engine: 'postgres', DBSubnetGroupName: ref('Group') }] } as const;
  mustBe(
    vpcDataPrivate,
    database,
    'It.PubliclyAccessible',
    false,
    'PubliclyAccessible is true; allowed: false',
    'compliant',
  );
  const elsewhere = { 'It.DBSubnetGroupName': undefined };
  const unsaid =
    'PubliclyAccessible is not set, which is true in the default VPC; allowed: false, or a DBSubnetGroupName';
  cases(vpcDataPrivate, database, [
    ['violation', 'it is in the default VPC', elsewhere, unsaid],
    ['violation', 'it says so', { 'It.DBSubnetGroupName': 'default' }, unsaid],
    [
      'violation',
      'it says so, and is public',
      { ...elsewhere, 'It.PubliclyAccessible': true },
      'is true; allowed: false',
    ],
    ['compliant', 'it is there without an address', { ...elsewhere, 'It.PubliclyAccessible': false }],
    ['compliant', 'a parameter says where it is', { 'It.DBSubnetGroupName': PARAMETER }],
    ['compliant', 'it copies another', { ...elsewhere, 'It.ReplicationSourceIdentifier': 'other' }],
  ]);
}
cases(vpcDataPrivate, { It: ['AWS::RDS::DBCluster', { Engine: 'aurora-postgresql' }] }, [
  ['compliant', 'its instances say it'],
  ['compliant', 'it says no engine', { 'It.Engine': undefined }],
  ['cannot-tell', 'a parameter is its engine', { 'It.Engine': PARAMETER }],
]);
cases(vpcDataPrivate, { It: ['AWS::RDS::DBInstance', { DBClusterIdentifier: 'aurora' }] }, [
  ['compliant', 'it is where its cluster is'],
]);
