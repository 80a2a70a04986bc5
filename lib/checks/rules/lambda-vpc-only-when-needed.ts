import { compliant, mustHold, type Rule } from '../rule';

/** Services whose endpoints lie in a VPC. */
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
    if (!fn.has('VpcConfig')) return compliant;
    const reached = Object.values((fn.literal('Environment.Variables') ?? {}) as object)
      .map((value) => inventory.referent(fn, value)?.type ?? '')
      .filter((type) => IN_VPC.some((prefix) => type.startsWith(prefix)));
    return mustHold(
      reached.length > 0,
      'VpcConfig is set, and no variable names a database, cache or other thing in a VPC',
    );
  },
};
