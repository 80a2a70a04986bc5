import { textOf } from '../../../template/literal-text';
import { itemsOf, literalOf, mapOf } from '../../../template/template-resource';
import { behaviorsOf, originsOf } from '../../distribution';
import { type Rule, verdict } from '../../rule';

const ENCRYPTED = ['redirect-to-https', 'https-only'];
/** The oldest policy that is allowed; names have a version and a year. */
const OLDEST_POLICY = 'TLSv1.2_2021';
const OLD_POLICY = /^(SSLv3|TLSv1|TLSv1_.*|TLSv1\.1_.*|TLSv1\.2_201\d)$/;
const OLD_PROTOCOLS = ['SSLv3', 'TLSv1', 'TLSv1.1'];

export const cloudfrontTls: Rule = {
  id: 'cloudfront-tls',
  title: 'Viewers and origins are spoken to by TLS 1.2 or later alone',
  why: 'Without TLS, everyone on the way reads passwords and tokens. TLS 1.0 and 1.1 have known weaknesses, and browsers and card schemes no longer accept them.',
  fix: 'Set ViewerProtocolPolicy to redirect-to-https on each behaviour, MinimumProtocolVersion to TLSv1.2_2021 or later, and OriginProtocolPolicy to https-only with TLSv1.2.',
  severity: 'error',
  profile: 'security',
  address:
    'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html',
  example: {
    fixed: {
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            Origins: [
              {
                Id: 'shop',
                DomainName: 'origin.example.com',
                CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
              },
            ],
            CacheBehaviors: [{ PathPattern: '/pay/*', TargetOriginId: 'shop', ViewerProtocolPolicy: 'https-only' }],
            DefaultCacheBehavior: { TargetOriginId: 'shop', ViewerProtocolPolicy: 'redirect-to-https' },
            ViewerCertificate: {
              AcmCertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/shop',
              SslSupportMethod: 'sni-only',
              MinimumProtocolVersion: 'TLSv1.2_2021',
            },
          },
        },
      },
    },
    broken: [
      { 'Site.Properties.DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy': 'allow-all' },
      { 'Site.Properties.DistributionConfig.CacheBehaviors.0.ViewerProtocolPolicy': null },
      { 'Site.Properties.DistributionConfig.ViewerCertificate.MinimumProtocolVersion': 'TLSv1.2_2019' },
      { 'Site.Properties.DistributionConfig.ViewerCertificate.MinimumProtocolVersion': null },
      {
        'Site.Properties.DistributionConfig.Origins.0.CustomOriginConfig.OriginProtocolPolicy': 'match-viewer',
      },
      {
        'Site.Properties.DistributionConfig.Origins.0.CustomOriginConfig.OriginSSLProtocols': ['TLSv1.1', 'TLSv1.2'],
      },
    ],
  },
  types: ['AWS::CloudFront::Distribution'],
  check: (distribution, inventory) => {
    const open = behaviorsOf(distribution, inventory).filter(
      ({ settings }) =>
        !ENCRYPTED.includes(String(literalOf(settings['ViewerProtocolPolicy'], 'ViewerProtocolPolicy'))),
    );
    const certificate = distribution.map('DistributionConfig.ViewerCertificate');
    // With a name of CloudFront's own, its certificate sets the policy, and nothing else can be asked for.
    const own = 'AcmCertificateArn' in certificate || 'IamCertificateId' in certificate;
    const policy = String(literalOf(certificate['MinimumProtocolVersion'], 'MinimumProtocolVersion') ?? 'TLSv1');
    const origins = originsOf(distribution, inventory).flatMap(({ settings }) => {
      if (settings['CustomOriginConfig'] === undefined) return [];
      const custom = mapOf(settings['CustomOriginConfig'], 'CustomOriginConfig');
      const protocols = itemsOf(custom['OriginSSLProtocols'], 'OriginSSLProtocols').map(textOf);
      return [{ name: textOf(settings['Id']), policy: custom['OriginProtocolPolicy'], protocols }];
    });
    return verdict([
      open.length > 0 &&
        `${open.length} of its behaviours answers without TLS; allowed: ViewerProtocolPolicy ${ENCRYPTED.join(' or ')}`,
      own && OLD_POLICY.test(policy) && `MinimumProtocolVersion is ${policy}; allowed: ${OLDEST_POLICY} or later`,
      ...origins.map(
        ({ name, policy: asked }) =>
          literalOf(asked, 'OriginProtocolPolicy') !== 'https-only' &&
          `it asks the origin ${name} without TLS; allowed: OriginProtocolPolicy https-only`,
      ),
      ...origins.map(
        ({ name, protocols }) =>
          protocols.some((protocol) => OLD_PROTOCOLS.includes(protocol)) &&
          `it speaks ${protocols.join(', ')} with the origin ${name}; allowed: TLSv1.2`,
      ),
    ]);
  },
};
