import { CannotTell } from '../../../template/template-resource';
import { mustHold, type Rule } from '../../rule';

/** A pattern or other top-level construct of a stack is one data domain. */
function domainOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

/** Customer-managed keys cost $1 each plus calls: one per domain, not per resource. */
export const kmsOneKeyPerDataDomain: Rule = {
  id: 'kms-one-key-per-data-domain',
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
