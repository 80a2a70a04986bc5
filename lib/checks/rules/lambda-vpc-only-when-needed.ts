import { unreachableFrom } from '../calls-from-a-vpc';
import { endpointsHeldBy, variablesOf } from '../endpoint-holders';
import { type Rule, verdict } from '../rule';

/** Services whose endpoints are in a VPC. */
const IN_VPC = [
  'AWS::RDS::',
  'AWS::ElastiCache::',
  'AWS::EFS::',
  'AWS::DocDB::',
  'AWS::Redshift',
  'AWS::OpenSearch',
  'AWS::MSK::',
  'AWS::MemoryDB::',
  'AWS::SecretsManager::',
];

/** VPC attach is no longer a cold-start penalty, but it still removes direct internet access, so attach only functions that reach VPC resources. */
export const lambdaVpcOnlyWhenNeeded: Rule = {
  id: 'lambda-vpc-only-when-needed',
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    const held = endpointsHeldBy(fn, inventory);
    // Without a subnet it is in no VPC (AWS: Lambda, VpcConfig).
    if (fn.list('VpcConfig.SubnetIds').length === 0) {
      return verdict(
        held.map(
          ({ variable, target }) =>
            target.flag('PubliclyAccessible') !== true &&
            `${variable} leads into a VPC, to ${target.logicalId}, and the function is in none; allowed: VpcConfig`,
        ),
      );
    }
    const reached = variablesOf(fn)
      .map(([, value]) => inventory.referent(fn, value)?.type ?? '')
      .filter((type) => IN_VPC.some((prefix) => type.startsWith(prefix)));
    const needed = held.length > 0 || reached.length > 0;
    const unreachable = needed ? unreachableFrom(fn, inventory) : [];
    return verdict([
      !needed && 'VpcConfig is set, and no variable names a database, cache or other thing in a VPC',
      unreachable.length > 0 &&
        `it may call ${unreachable.join(', ')}, and there is no way to it; allowed: a VPC endpoint for each, or a NAT gateway`,
    ]);
  },
};
