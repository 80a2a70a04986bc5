import { wafOnCloudfront } from '../../../../../lib/checks/rules/waf-and-shield/waf-on-cloudfront';
import { att, cases, type Literals, PARAMETER } from '../../literal-fixture';

const ACL = 'Site.DistributionConfig.WebACLId';
const site: Literals = {
  Site: ['AWS::CloudFront::Distribution', { DistributionConfig: { WebACLId: att('Acl') } }],
  Acl: ['AWS::WAFv2::WebACL', { Scope: 'CLOUDFRONT' }],
};
const none = 'WebACLId is not set: no firewall is in front of it';

cases(wafOnCloudfront, site, [
  ['compliant', 'a firewall is in front'],
  ['violation', 'none is', { [ACL]: undefined }, none],
  ['violation', 'none is, said so', { [ACL]: '' }, none],
  ['compliant', 'one of elsewhere is', { [ACL]: 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/a/b' }],
  [
    'violation',
    'one of a region is',
    { [ACL]: 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/a/b' },
    'WebACLId is no web ACL for CloudFront',
  ],
  [
    'violation',
    'one of the stack is for a region',
    { 'Acl.Scope': 'REGIONAL' },
    'the web ACL has the scope REGIONAL; allowed: CLOUDFRONT, in us-east-1',
  ],
  ['cannot-tell', 'a parameter is it', { [ACL]: PARAMETER }],
  ['cannot-tell', 'something makes it at deployment', { Acl: ['Custom::Acl', {}] }],
]);
