import { literalOf } from '../../../template/template-resource';
import { behaviorsOf, originsOf } from '../../distribution';
import { type Rule, verdict } from '../../rule';

const ENCRYPTED = ['redirect-to-https', 'https-only'];
/** The oldest policy that is allowed; names have a version and a year. */
const OLDEST_POLICY = 'TLSv1.2_2021';
const OLD_POLICY = /^(SSLv3|TLSv1|TLSv1_.*|TLSv1\.1_.*|TLSv1\.2_201\d)$/;
const OLD_PROTOCOLS = ['SSLv3', 'TLSv1', 'TLSv1.1'];

interface CustomOrigin {
  readonly OriginProtocolPolicy?: unknown;
  readonly OriginSSLProtocols?: readonly string[];
}

/** TLS ends at the edge with a modern policy. */
export const cloudfrontTls: Rule = {
  id: 'cloudfront-tls',
  types: ['AWS::CloudFront::Distribution'],
  check: (distribution, inventory) => {
    const open = behaviorsOf(distribution, inventory).filter(
      ({ settings }) =>
        !ENCRYPTED.includes(String(literalOf(settings['ViewerProtocolPolicy'], 'ViewerProtocolPolicy'))),
    );
    const certificate = (distribution.literal('DistributionConfig.ViewerCertificate') ?? {}) as Record<string, unknown>;
    // With a name of CloudFront's own, its certificate sets the policy, and nothing else can be asked for.
    const own = 'AcmCertificateArn' in certificate || 'IamCertificateId' in certificate;
    const policy = String(literalOf(certificate['MinimumProtocolVersion'], 'MinimumProtocolVersion') ?? 'TLSv1');
    const origins = originsOf(distribution, inventory).flatMap(({ settings }) => {
      const custom = settings['CustomOriginConfig'] as CustomOrigin | undefined;
      return custom === undefined ? [] : [{ name: String(settings['Id']), custom }];
    });
    return verdict([
      open.length > 0 &&
        `${open.length} of its behaviours answers without TLS; allowed: ViewerProtocolPolicy ${ENCRYPTED.join(' or ')}`,
      own && OLD_POLICY.test(policy) && `MinimumProtocolVersion is ${policy}; allowed: ${OLDEST_POLICY} or later`,
      ...origins.map(
        ({ name, custom }) =>
          literalOf(custom.OriginProtocolPolicy, 'OriginProtocolPolicy') !== 'https-only' &&
          `it asks the origin ${name} without TLS; allowed: OriginProtocolPolicy https-only`,
      ),
      ...origins.map(
        ({ name, custom: { OriginSSLProtocols: protocols = [] } }) =>
          protocols.some((protocol) => OLD_PROTOCOLS.includes(protocol)) &&
          `it speaks ${protocols.join(', ')} with the origin ${name}; allowed: TLSv1.2`,
      ),
    ]);
  },
};
