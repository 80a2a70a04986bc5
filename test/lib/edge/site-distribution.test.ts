import { type App, type Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { contentSecurityPolicy } from '../../../lib/edge/security-headers';
import { resourcesOf, testApp, validationReport } from '../../synthesize';
import { type EdgeOptions, edge, edgeStack, IRELAND, LOGIN, VIRGINIA } from './edge-fixture';

interface Behavior extends Record<string, unknown> {
  readonly PathPattern?: string;
  readonly TargetOriginId: string;
}

interface DistributionConfig extends Record<string, unknown> {
  readonly CacheBehaviors: readonly Behavior[];
  readonly DefaultCacheBehavior: Behavior;
  readonly CustomErrorResponses: readonly Record<string, unknown>[];
  readonly Origins: readonly Record<string, unknown>[];
}

function configOf(stack: Stack): DistributionConfig {
  const [distribution] = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::CloudFront::Distribution'));
  return distribution?.Properties['DistributionConfig'] as DistributionConfig;
}

const config = (options: EdgeOptions = {}) => configOf(edgeStack(testApp(), VIRGINIA, options).stack);

describe('the distribution', () => {
  it('has the API first, uncached and with all that identifies the caller, and the site behind', () => {
    const { CacheBehaviors, DefaultCacheBehavior, Origins } = config();
    const origin = ({ TargetOriginId }: Behavior) => Origins.find(({ Id }) => Id === TargetOriginId);
    const [api, ...more] = CacheBehaviors;
    expect(more).toEqual([]);
    expect(api).toMatchObject({
      PathPattern: '/api/*',
      // CachingDisabled, and AllViewerExceptHostHeader (AWS: managed policies).
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
      ViewerProtocolPolicy: 'https-only',
    });
    expect(api?.['FunctionAssociations']).toBeUndefined();
    expect(api === undefined ? undefined : origin(api)).toMatchObject({
      DomainName: 'abcdefghij.execute-api.eu-west-1.amazonaws.com',
      CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
      OriginCustomHeaders: [
        {
          HeaderName: 'x-origin-verify',
          HeaderValue: { 'Fn::GetAtt': [expect.stringMatching('^OriginSecret'), 'Value1'] },
        },
      ],
    });
    expect(DefaultCacheBehavior).toMatchObject({
      // CachingOptimized
      CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
      AllowedMethods: ['GET', 'HEAD'],
      ViewerProtocolPolicy: 'redirect-to-https',
      Compress: true,
      FunctionAssociations: [{ EventType: 'viewer-request' }],
    });
    expect(DefaultCacheBehavior['OriginRequestPolicyId']).toBeUndefined();
    expect(origin(DefaultCacheBehavior)).toMatchObject({
      OriginAccessControlId: { 'Fn::GetAtt': [expect.anything(), 'Id'] },
      S3OriginConfig: { OriginAccessIdentity: '' },
    });
  });

  it('keeps no client error, a server error for a second, and turns none into a page', () => {
    const { CustomErrorResponses } = config();
    const kept = (codes: number[], seconds: number) =>
      codes.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: seconds }));
    expect(CustomErrorResponses).toEqual([
      ...kept([400, 403, 404, 405, 414, 416], 0),
      ...kept([500, 501, 502, 503, 504], 1),
    ]);
  });

  it('speaks HTTP/2 and HTTP/3, over IPv6, and logs without cookies behind the firewall', () => {
    expect(config()).toMatchObject({
      HttpVersion: 'http2and3',
      IPV6Enabled: true,
      DefaultRootObject: 'index.html',
      Logging: { Prefix: 'cloudfront/' },
      WebACLId: { 'Fn::GetAtt': [expect.stringMatching('^FirewallWebAcl'), 'Arn'] },
    });
  });

  it.each([
    ['dev', 'PriceClass_100'],
    ['prod', 'PriceClass_All'],
  ] as const)('answers in %s from %s', (stage, PriceClass) => {
    expect(config({ stage })).toMatchObject({ PriceClass });
  });

  it('puts a shield before the bucket when asked to', () => {
    const shields = (options: EdgeOptions) => config(options).Origins.map(({ OriginShield }) => OriginShield);
    expect(shields({})).toEqual([undefined, undefined]);
    expect(shields({ distribution: { originShieldRegion: 'eu-west-1' } })).toEqual([
      { Enabled: true, OriginShieldRegion: 'eu-west-1' },
      undefined,
    ]);
  });

  it('lets itself alone read the bucket and see what is there', () => {
    const template = Template.fromStack(edgeStack(testApp(), VIRGINIA, { stage: 'prod' }).stack);
    const [policy] = Object.entries(resourcesOf(template, 'AWS::S3::BucketPolicy'))
      .filter(([id]) => id.startsWith('Site'))
      .map(
        ([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: Record<string, unknown>[] }).Statement,
      );
    const allowed = (policy ?? []).filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.flatMap(({ Action }) => Action)).toEqual(['s3:GetObject', 's3:ListBucket']);
    for (const { Principal, Condition } of allowed) {
      expect(Principal).toEqual({ Service: 'cloudfront.amazonaws.com' });
      expect(JSON.stringify(Condition)).toMatch(/"AWS:SourceArn".*:distribution\/.*"Ref":"EdgeDistribution/);
    }
  });

  describe('with names of yours', () => {
    it('answers by TLS 1.2 at the least, and the zone points at it by aliases', () => {
      const { stack, distribution } = edgeStack(testApp(), VIRGINIA, { names: ['app.example.com', 'example.com'] });
      expect(distribution.url).toBe('https://app.example.com');
      expect(configOf(stack)).toMatchObject({
        Aliases: ['app.example.com', 'example.com'],
        ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
      });
      const records = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::Route53::RecordSet'));
      expect(records.map(({ Properties: { Name, Type } }) => [Name, Type])).toEqual([
        ['app.example.com.', 'A'],
        ['app.example.com.', 'AAAA'],
        ['example.com.', 'A'],
        ['example.com.', 'AAAA'],
      ]);
      for (const { Properties } of records) expect(Properties['AliasTarget']).toBeDefined();
    });

    it('refuses a name outside of the zone', () => {
      expect(() => config({ names: ['app.example.org'] })).toThrow(
        "Shop/Edge: domain.names is 'app.example.org'; allowed: example.com, or names that end in .example.com. [route53-alias]",
      );
      expect(() => config({ names: ['myexample.com'] })).toThrow('[route53-alias]');
    });
  });

  describe('with a zone that is created here', () => {
    const create = (env: Environment, zoneOf: (stack: Stack) => Stack) => {
      const app = testApp();
      const stack = new Stack(app, 'Shop', { env });
      const hostedZone = new PublicHostedZone(zoneOf(stack), 'Zone', { zoneName: 'example.com' });
      const domain = { names: ['app.example.com'], hostedZone } as const;
      edge(stack, { distribution: { domain } });
      return app.synth();
    };

    it('refuses one of its own stack elsewhere than us-east-1, where the certificate would need the zone and the zone the firewall', () => {
      expect(() => create(IRELAND, (stack) => stack)).toThrow(
        "Shop/Edge: domain.hostedZone is 'Shop/Zone'; allowed: a zone of another stack, or one that exists: the certificate is in a stack of us-east-1, which cannot need this one. [route53-alias] Fix: create the zone in a stack of its own, or import it with HostedZone.fromHostedZoneAttributes",
      );
    });

    it('takes one of its own stack in us-east-1, and one of another stack anywhere', () => {
      expect(create(VIRGINIA, (stack) => stack).stacks).toHaveLength(1);
      const dns = (stack: Stack) => new Stack(stack.node.scope as App, 'Dns', { env: IRELAND });
      expect(create(IRELAND, dns).stacks).toHaveLength(3);
    });
  });

  describe('with further behaviours', () => {
    it('keeps their order', () => {
      const { stack, distribution } = edgeStack(testApp(), VIRGINIA);
      distribution.addBehavior('docs/*', new HttpOrigin('docs.example.com'));
      distribution.addBehavior('/legal/*', new HttpOrigin('docs.example.com'));
      const behaviors = configOf(stack).CacheBehaviors;
      expect(behaviors.map(({ PathPattern }) => PathPattern)).toEqual(['/api/*', '/docs/*', '/legal/*']);
      expect(behaviors[1]).toMatchObject({ ViewerProtocolPolicy: 'redirect-to-https' });
    });

    it.each([
      ['/api/*', 'a path that /api/* does not cover'],
      ['/api/v2/*', 'a path that /api/* does not cover'],
      ['api/?', 'a path that /api/* does not cover'],
      ['/docs/a/*', 'a path that /docs/* does not cover'],
      ['*', 'a path: what no behaviour names is the site'],
      ['/*', 'a path: what no behaviour names is the site'],
    ])('refuses %s: %s', (pattern, allowed) => {
      const { distribution } = edgeStack(testApp(), VIRGINIA);
      distribution.addBehavior('/docs/*', new HttpOrigin('docs.example.com'));
      expect(() => distribution.addBehavior(pattern, new HttpOrigin('docs.example.com'))).toThrow(
        `Shop/Edge: pattern is '${pattern}'; allowed: ${allowed}`,
      );
    });
  });
});

describe('headers', () => {
  const policies = (options: EdgeOptions = {}) => {
    const template = Template.fromStack(edgeStack(testApp(), VIRGINIA, options).stack);
    return Object.fromEntries(
      Object.entries(resourcesOf(template, 'AWS::CloudFront::ResponseHeadersPolicy')).map(([id, { Properties }]) => [
        id.startsWith('EdgeSite') ? 'site' : 'api',
        Properties['ResponseHeadersPolicyConfig'] as Record<string, Record<string, unknown>>,
      ]),
    );
  };

  it('let the site run its own files and call its login', () => {
    const { site } = policies();
    expect(site?.['SecurityHeadersConfig']).toMatchObject({
      ContentSecurityPolicy: {
        Override: true,
        ContentSecurityPolicy:
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; " +
          `connect-src 'self' ${LOGIN}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, IncludeSubdomains: true, Override: true },
      ContentTypeOptions: { Override: true },
      FrameOptions: { FrameOption: 'DENY', Override: true },
      ReferrerPolicy: { ReferrerPolicy: 'strict-origin-when-cross-origin', Override: true },
    });
  });

  it.each([
    ['below its names', ['app.example.com', 'www.example.com'], true],
    ["not below a zone's own name, where hosts of others are", ['www.example.com', 'example.com'], false],
  ] as const)('demand TLS for two years, %s', (_, names, isBelow) => {
    for (const policy of Object.values(policies({ names }))) {
      expect(policy['SecurityHeadersConfig']).toMatchObject({
        StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, IncludeSubdomains: isBelow },
      });
    }
  });

  it('leave the API its own cache-control, and say no-store where it has none', () => {
    const { api } = policies();
    expect(api?.['CustomHeadersConfig']).toEqual({
      Items: [{ Header: 'cache-control', Value: 'no-store', Override: false }],
    });
    expect(api?.['SecurityHeadersConfig']?.['ContentSecurityPolicy']).toBeUndefined();
    expect(api?.['SecurityHeadersConfig']).toMatchObject({ ContentTypeOptions: { Override: true } });
  });

  it('name each origin once', () => {
    const policy = contentSecurityPolicy({ connectSources: ['https://a', 'https://a'], imageSources: ['https://b'] });
    expect(policy).toContain("connect-src 'self' https://a;");
    expect(policy).toContain("img-src 'self' data: https://b;");
  });
});

describe('the built-in CloudFormation validator, as errors', () => {
  const before = process.env['CDK_VALIDATION'];
  beforeAll(() => {
    delete process.env['CDK_VALIDATION'];
  });
  afterAll(() => {
    process.env['CDK_VALIDATION'] = before;
  });

  for (const stage of STAGE_NAMES) {
    it(`finds neither an error nor a warning in ${stage}`, () => {
      const build = (app: App) => {
        edgeStack(app, IRELAND, { stage, names: ['app.example.com'] });
      };
      expect(validationReport(build, () => [], { validator: true }).violations).toEqual([]);
    });
  }
});
