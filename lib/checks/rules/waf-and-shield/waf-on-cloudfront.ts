import { CannotTell, isIntrinsic } from '../../../template/template-resource';
import { mustHold, type Rule } from '../../rule';

/** ARNs of web ACLs for CloudFront say so. */
const GLOBAL = ':global/webacl/';

/** Attach WAF at CloudFront for every public app. */
export const wafOnCloudfront: Rule = {
  id: 'waf-on-cloudfront',
  types: ['AWS::CloudFront::Distribution'],
  check: (distribution, inventory) => {
    const webAcl = distribution.get('DistributionConfig.WebACLId');
    if (webAcl === undefined || webAcl === '')
      return mustHold(false, 'WebACLId is not set: no firewall is in front of it');
    if (!isIntrinsic(webAcl)) return mustHold(String(webAcl).includes(GLOBAL), 'WebACLId is no web ACL for CloudFront');
    const found = inventory.mustFind(distribution, webAcl, 'the web ACL');
    if (found.type !== 'AWS::WAFv2::WebACL') throw new CannotTell(`${found.logicalId} makes the web ACL at deployment`);
    return mustHold(
      found.literal('Scope') === 'CLOUDFRONT',
      `the web ACL has the scope ${String(found.literal('Scope'))}; allowed: CLOUDFRONT, in us-east-1`,
    );
  },
};
