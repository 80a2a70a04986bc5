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

/** Six storage copies do not give fast failover; a second instance in another AZ does. */
export const auroraReaderSecondAz: Rule = {
  id: 'aurora-reader-second-az',
  types: ['AWS::RDS::DBCluster'],
  check: (cluster, inventory) => {
    const aurora = String(cluster.literal('Engine') ?? '').startsWith('aurora');
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
