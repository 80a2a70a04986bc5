import { textOf } from '../../../template/literal-text';
import { CannotTell, isIntrinsic } from '../../../template/template-resource';
import { mustHold, type Rule } from '../../rule';

/** ARNs of web ACLs for CloudFront say so. */
const GLOBAL = ':global/webacl/';

export const wafOnCloudfront: Rule = {
  id: 'waf-on-cloudfront',
  title: 'A distribution has a web ACL of the scope CLOUDFRONT',
  why: 'Without a web ACL every request reaches your code: floods, scanners and stolen logins too, and you pay for each. A regional web ACL cannot be attached to CloudFront.',
  fix: 'Make an AWS::WAFv2::WebACL of the Scope CLOUDFRONT in us-east-1, and name its ARN in WebACLId of the distribution. In the CDK, set webAclId.',
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-features.html',
  example: {
    fixed: {
      Distribution: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: { DistributionConfig: { Enabled: true, WebACLId: { 'Fn::GetAtt': ['WebAcl', 'Arn'] } } },
      },
      WebAcl: { Type: 'AWS::WAFv2::WebACL', Properties: { Scope: 'CLOUDFRONT', DefaultAction: { Allow: {} } } },
    },
    broken: [
      { 'Distribution.Properties.DistributionConfig.WebACLId': null },
      {
        'Distribution.Properties.DistributionConfig.WebACLId':
          'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/a1b2c3d4',
      },
      { 'WebAcl.Properties.Scope': 'REGIONAL' },
    ],
  },
  types: ['AWS::CloudFront::Distribution'],
  check: (distribution, inventory) => {
    const webAcl = distribution.get('DistributionConfig.WebACLId');
    if (webAcl === undefined || webAcl === '')
      return mustHold(false, 'WebACLId is not set: no firewall is in front of it');
    if (!isIntrinsic(webAcl)) return mustHold(textOf(webAcl).includes(GLOBAL), 'WebACLId is no web ACL for CloudFront');
    const found = inventory.mustFind(distribution, webAcl, 'the web ACL');
    if (found.type !== 'AWS::WAFv2::WebACL') throw new CannotTell(`${found.logicalId} makes the web ACL at deployment`);
    return mustHold(
      found.literal('Scope') === 'CLOUDFRONT',
      `the web ACL has the scope ${String(found.text('Scope'))}; allowed: CLOUDFRONT, in us-east-1`,
    );
  },
};
