import { cloudfrontTls } from '../../../../../lib/checks/rules/cloudfront/cloudfront-tls';
import { type Case, cases, type Literals, PARAMETER } from '../../literal-fixture';

const CERTIFICATE = 'Site.DistributionConfig.ViewerCertificate';
const CUSTOM = 'Site.DistributionConfig.Origins.0.CustomOriginConfig';
const site: Literals = {
  Site: [
    'AWS::CloudFront::Distribution',
    {
      DistributionConfig: {
        ViewerCertificate: { AcmCertificateArn: 'arn', MinimumProtocolVersion: 'TLSv1.2_2021' },
        CacheBehaviors: [{ ViewerProtocolPolicy: 'https-only' }],
        DefaultCacheBehavior: { ViewerProtocolPolicy: 'redirect-to-https' },
        Origins: [
          { Id: 'api', CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] } },
        ],
      },
    },
  ],
};
const without = 'of its behaviours answers without TLS; allowed: ViewerProtocolPolicy redirect-to-https or https-only';
const VIEWER = 'Site.DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy';
const VERSION = `${CERTIFICATE}.MinimumProtocolVersion`;
const old = (policy: string) => `MinimumProtocolVersion is ${policy}; allowed: TLSv1.2_2021 or later`;

cases(cloudfrontTls, site, [
  ['compliant', 'nothing goes without TLS'],
  ['violation', 'requests may', { [VIEWER]: 'allow-all' }, `1 ${without}`],
  ['violation', 'all may', { [VIEWER]: undefined, 'Site.DistributionConfig.CacheBehaviors.0': {} }, `2 ${without}`],
  ['cannot-tell', 'a parameter says it', { [VIEWER]: PARAMETER }],
  ...['SSLv3', 'TLSv1', 'TLSv1_2016', 'TLSv1.1_2016', 'TLSv1.2_2018', 'TLSv1.2_2019'].map(
    (policy): Case => ['violation', `its policy is ${policy}`, { [VERSION]: policy }, old(policy)],
  ),
  ...['TLSv1.2_2021', 'TLSv1.2_2025', 'TLSv1.3_2025'].map(
    (policy): Case => ['compliant', `its policy is ${policy}`, { [VERSION]: policy }],
  ),
  ['violation', 'it says no policy', { [VERSION]: undefined }, old('TLSv1')],
  ['violation', 'its certificate is in IAM', { [CERTIFICATE]: { IamCertificateId: 'abc' } }, old('TLSv1')],
  ['compliant', 'its certificate is CloudFront’s', { [CERTIFICATE]: { CloudFrontDefaultCertificate: true } }],
  ['compliant', 'it says no certificate', { [CERTIFICATE]: undefined }],
  ['cannot-tell', 'a parameter is its policy', { [VERSION]: PARAMETER }],
  [
    'violation',
    'it asks without TLS',
    { [`${CUSTOM}.OriginProtocolPolicy`]: 'http-only' },
    'it asks the origin api without TLS',
  ],
  [
    'violation',
    'it asks as it is asked',
    { [`${CUSTOM}.OriginProtocolPolicy`]: 'match-viewer' },
    'the origin api without TLS',
  ],
  ['cannot-tell', 'a parameter says how it asks', { [`${CUSTOM}.OriginProtocolPolicy`]: PARAMETER }],
  ...['SSLv3', 'TLSv1', 'TLSv1.1'].map(
    (protocol): Case => [
      'violation',
      `it speaks ${protocol}`,
      { [`${CUSTOM}.OriginSSLProtocols`]: ['TLSv1.2', protocol] },
      `it speaks TLSv1.2, ${protocol} with the origin api`,
    ],
  ),
  ['compliant', 'it says no protocol', { [`${CUSTOM}.OriginSSLProtocols`]: undefined }],
  ['compliant', 'its origin is a bucket', { 'Site.DistributionConfig.Origins.0': { Id: 'pages', S3OriginConfig: {} } }],
]);
