import { CannotTell } from '../../../template/template-resource';
import { mustHold, type Rule } from '../../rule';

/** A pattern or other top-level construct of a stack is one data domain. */
function domainOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

export const kmsOneKeyPerDataDomain: Rule = {
  id: 'kms-one-key-per-data-domain',
  title: 'Data that belongs together shares one customer-managed key',
  why: 'Each customer-managed key costs $1 a month, and its requests. A key for each queue, table and bucket multiplies that, and protects the data no better than one for all of them.',
  fix: 'Make one AWS::KMS::Key for each application or kind of data, and name it in every store. In the CDK, pass the same Key as encryptionKey.',
  severity: 'advice',
  profile: 'cost',
  address: 'https://aws.amazon.com/kms/pricing/',
  example: {
    fixed: {
      OrdersKey: {
        Type: 'AWS::KMS::Key',
        Properties: { EnableKeyRotation: true },
        Metadata: { 'aws:cdk:path': 'Shop/Orders/Key/Resource' },
      },
      LakeKey: {
        Type: 'AWS::KMS::Key',
        Properties: { EnableKeyRotation: true },
        Metadata: { 'aws:cdk:path': 'Shop/Lake/Key/Resource' },
      },
    },
    broken: [{ 'LakeKey.Metadata.aws:cdk:path': 'Shop/Orders/LakeKey/Resource' }],
  },
  types: ['AWS::KMS::Key'],
  check: (key, inventory) => {
    const domain = domainOf(key.path);
    const others = inventory.ofType('AWS::KMS::Key').filter(({ stack }) => stack === key.stack);
    if (!key.path.includes('/') && others.length > 1) throw new CannotTell('the template has no construct paths');
    const keys = inventory
      .ofType('AWS::KMS::Key')
      .filter((each) => each.stack === key.stack && domainOf(each.path) === domain);
    return mustHold(
      keys.length === 1,
      `${keys.length} keys in ${domain}, each a dollar a month; allowed: one for a data domain`,
    );
  },
};
