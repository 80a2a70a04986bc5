import { auroraReaderSecondAz } from '../../../../../lib/checks/rules/aurora/aurora-reader-second-az';
import { bounds, cases, type Literals, PARAMETER, ref } from '../../literal-fixture';

const SUBNET = 'AWS::EC2::Subnet';
const INSTANCE = 'AWS::RDS::DBInstance';
const subnet = (zone: unknown) => [SUBNET, { AvailabilityZone: zone }] as const;
const instance = (more: object = {}) => [INSTANCE, { DBClusterIdentifier: ref('Cluster'), ...more }] as const;
const cluster: Literals = {
  Cluster: ['AWS::RDS::DBCluster', { Engine: 'aurora-postgresql', DBSubnetGroupName: ref('Group') }],
  Group: ['AWS::RDS::DBSubnetGroup', { SubnetIds: [ref('A'), ref('B'), ref('C')] }],
  A: subnet('eu-west-1a'),
  B: subnet('eu-west-1b'),
  C: subnet('eu-west-1c'),
  Writer: instance(),
  Reader: instance({ PromotionTier: 1 }),
};
const alone = '1 instance with promotion tier 0 or 1; allowed: at least 2';
const open = 'default subnet group';

bounds(auroraReaderSecondAz, cluster, 'Reader.PromotionTier', {
  max: 1,
  unset: 'compliant',
  says: alone,
  named: false,
});
cases(auroraReaderSecondAz, cluster, [
  ['compliant', 'a reader in another zone takes over'],
  ['violation', 'there is no reader', { Reader: undefined }, alone],
  ['violation', 'there is no instance', { Reader: undefined, Writer: undefined }, '0 instance'],
  ['violation', 'the reader is of another cluster', { 'Reader.DBClusterIdentifier': 'other' }, alone],
  [
    'violation',
    'both are in one zone',
    { 'Writer.AvailabilityZone': 'a', 'Reader.AvailabilityZone': 'a' },
    'all its instances are in "a"',
  ],
  ['compliant', 'they are in two', { 'Writer.AvailabilityZone': 'a', 'Reader.AvailabilityZone': 'b' }],
  ['compliant', 'one says where it is', { 'Writer.AvailabilityZone': 'a' }],
  ['violation', 'one alone says where it is', { 'Writer.AvailabilityZone': 'a', Reader: undefined }, alone],
  [
    'violation',
    'the subnets span two zones',
    { 'C.AvailabilityZone': 'eu-west-1b' },
    'spans 2 zones; allowed: at least 3',
  ],
  ['violation', 'it has no subnet group', { 'Cluster.DBSubnetGroupName': undefined }, open],
  ['violation', 'it has the default one', { 'Cluster.DBSubnetGroupName': 'default' }, open],
  ['cannot-tell', 'its subnet group is elsewhere', { 'Cluster.DBSubnetGroupName': 'theirs' }],
  ['cannot-tell', 'a parameter names it', { 'Cluster.DBSubnetGroupName': PARAMETER }],
  ['not-applicable', 'it is no Aurora', { 'Cluster.Engine': 'postgres', Reader: undefined }],
  ['not-applicable', 'it says no engine', { 'Cluster.Engine': undefined, Reader: undefined }],
  ['not-applicable', 'it is Serverless v1', { 'Cluster.EngineMode': 'serverless', Reader: undefined }],
  ['violation', 'it is provisioned', { 'Cluster.EngineMode': 'provisioned', Reader: undefined }, alone],
  ['not-applicable', 'in development', { Reader: undefined }, { strict: false }],
]);
