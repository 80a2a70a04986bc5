import { isIntrinsic, type TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { subnetsIn, zonesOf } from '../../network';
import { instancesOf } from '../../relational-database';
import { notApplicable, type Rule, verdict } from '../../rule';

/** What an instance has that does not say its tier (AWS: AWS::RDS::DBInstance PromotionTier). */
const DEFAULT_TIER = 1;
const ZONES = 3;

/** Zones of the cluster's subnet group; undefined when it has RDS's default one. */
function zones(cluster: TemplateResource, inventory: Inventory): number | undefined {
  const name = cluster.get('DBSubnetGroupName');
  if (!isIntrinsic(name) && (name === undefined || name === 'default')) return undefined;
  const group = inventory.mustFind(cluster, name, 'the subnet group');
  return zonesOf(subnetsIn(group, group.list('SubnetIds'), inventory));
}

export const auroraReaderSecondAz: Rule = {
  id: 'aurora-reader-second-az',
  title: 'An Aurora cluster has a second instance that takes over, and subnets in three zones',
  why: 'Aurora keeps six copies of the data, but one instance is one point of failure: making a new one takes up to 10 minutes. A reader in another zone takes over in less than 60 seconds.',
  fix: 'Add an AWS::RDS::DBInstance with PromotionTier 0 or 1 to the cluster (readers in the CDK), and give it a subnet group over three zones.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html',
  example: {
    fixed: {
      Cluster: {
        Type: 'AWS::RDS::DBCluster',
        Properties: { Engine: 'aurora-postgresql', DBSubnetGroupName: { Ref: 'SubnetGroup' } },
      },
      Writer: { Type: 'AWS::RDS::DBInstance', Properties: { DBClusterIdentifier: { Ref: 'Cluster' } } },
      Reader: {
        Type: 'AWS::RDS::DBInstance',
        Properties: { DBClusterIdentifier: { Ref: 'Cluster' }, PromotionTier: 1 },
      },
      SubnetGroup: {
        Type: 'AWS::RDS::DBSubnetGroup',
        Properties: { SubnetIds: [{ Ref: 'SubnetA' }, { Ref: 'SubnetB' }, { Ref: 'SubnetC' }] },
      },
      SubnetA: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: 'eu-west-1a' } },
      SubnetB: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: 'eu-west-1b' } },
      SubnetC: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: 'eu-west-1c' } },
    },
    broken: [
      { Reader: null },
      { 'Reader.Properties.PromotionTier': 2 },
      {
        'Writer.Properties.AvailabilityZone': 'eu-west-1a',
        'Reader.Properties.AvailabilityZone': 'eu-west-1a',
      },
      { 'SubnetGroup.Properties.SubnetIds': [{ Ref: 'SubnetA' }, { Ref: 'SubnetB' }] },
      { 'SubnetC.Properties.AvailabilityZone': 'eu-west-1b' },
      { 'Cluster.Properties.DBSubnetGroupName': null },
    ],
  },
  types: ['AWS::RDS::DBCluster'],
  check: (cluster, inventory) => {
    const aurora = (cluster.text('Engine') ?? '').startsWith('aurora');
    // Multi-AZ clusters of other engines have three instances by themselves; Serverless v1 has none.
    if (!aurora || cluster.literal('EngineMode') === 'serverless') return notApplicable;
    // Development fails over by waiting.
    if (!inventory.strict) return notApplicable;
    const takers = instancesOf(cluster, inventory).filter(
      (instance) => (instance.number('PromotionTier') ?? DEFAULT_TIER) <= 1,
    );
    const stated = takers.map((instance) => JSON.stringify(instance.get('AvailabilityZone')));
    const together = takers.length > 1 && stated[0] !== undefined && new Set(stated).size === 1;
    const spread = zones(cluster, inventory);
    return verdict([
      takers.length < 2 &&
        `${takers.length} instance with promotion tier 0 or 1; allowed: at least 2, so that one takes over`,
      together && `all its instances are in ${stated[0]}; allowed: two zones`,
      spread === undefined
        ? 'it is in the default subnet group; allowed: one of the stack, over three zones'
        : spread < ZONES && `its subnet group spans ${spread} zones; allowed: at least ${ZONES}`,
    ]);
  },
};
