import { Annotations } from 'aws-cdk-lib';
import {
  AccessLevel,
  type AddBehaviorOptions,
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  type IOrigin,
  S3OriginAccessControl,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Construct } from 'constructs';
import { covers, withSlash } from '../facts/path-patterns';
import { accountWideName } from '../naming/account-wide-name';
import { handles } from '../validation/explain';
import { refuse } from '../validation/refuse';
import { apiBehavior } from './api-behavior';
import { EdgeDistribution, type EdgeDistributionProps } from './edge-distribution';
import { type SiteConnections, siteHeaders } from './security-headers';
import type { SiteBucket } from './site-bucket';
import { SPA_ROUTER } from './spa-router';

/** Props of {@link SiteDistribution}. */
export interface SiteDistributionProps extends EdgeDistributionProps {
  readonly site: SiteBucket;
  /** What answers `/api/*`: `OriginSecret.originOf(api)`, or a VPC origin. */
  readonly api: IOrigin;
  /** Origins that the pages of the site may connect to. */
  readonly connections: SiteConnections;
  /**
   * A region between all edges and the site's bucket (cloudfront-origin-shield), near the bucket. It bills each request that
   * passes; hashed files are fetched once for each edge and year, so few sites gain by it. @default - none
   */
  readonly originShieldRegion?: string;
}

/** Where the API is. It is the first behaviour, so none takes requests from it (cloudfront-path-routing). */
const API_PATTERN = '/api/*';

/** CloudFront in front of a single-page site in a bucket and its API. */
export class SiteDistribution extends EdgeDistribution {
  private readonly patterns = [API_PATTERN];

  /** @throws RefusedValueError for a name outside of its zone, or a stack that does not say its region. */
  constructor(scope: Construct, id: string, props: SiteDistributionProps) {
    super(scope, id, props, (self) => ({
      defaultBehavior: siteBehavior(self, props),
      additionalBehaviors: { [API_PATTERN]: apiBehavior(self, props.api, props.domain) },
      defaultRootObject: 'index.html',
    }));
    handles(
      this.distribution,
      'cloudfront-path-routing',
      'cloudfront-spa-fallback-keeps-api-errors',
      'cloudfront-behavior-order',
      'cloudfront-functions-vs-lambda-edge',
      'cloudfront-s3-oac',
      ...(props.originShieldRegion === undefined ? [] : (['cloudfront-origin-shield'] as const)),
    );
    Annotations.of(this.distribution).acknowledgeWarning(
      '@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
      'The root has a page and query strings stay at the edge, so no one can list the bucket; a missing file is 404.',
    );
  }

  /**
   * Adds a behaviour for a path, behind those that are there.
   *
   * @param pattern such as `/docs/*`
   * @throws RefusedValueError for a pattern that an earlier one covers, or that covers everything.
   */
  addBehavior(pattern: string, origin: IOrigin, options: AddBehaviorOptions = {}): void {
    const earlier = this.patterns.find((known) => covers(known, pattern));
    if (earlier !== undefined || covers(pattern, '/*')) {
      refuse(this, {
        prop: 'pattern',
        value: pattern,
        allowed:
          earlier === undefined
            ? 'a path: what no behaviour names is the site'
            : `a path that ${earlier} does not cover, since the first behaviour that fits answers`,
        fix: `pass a path such as /docs/*; these are in use: ${this.patterns.join(', ')}`,
        catalogueId: 'cloudfront-behavior-order',
      });
    }
    this.patterns.push(pattern);
    this.distribution.addBehavior(withSlash(pattern), origin, {
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      ...options,
    });
  }
}

function siteBehavior(scope: Construct, props: SiteDistributionProps): BehaviorOptions {
  const { site, originShieldRegion, connections } = props;
  const router = new EdgeFunction(scope, 'SpaRouter', {
    functionName: accountWideName(scope, 'SpaRouter', 64),
    code: FunctionCode.fromInline(SPA_ROUTER),
    runtime: FunctionRuntime.JS_2_0,
    comment: 'Paths inside the single-page application get index.html',
  });
  handles(router, 'cloudfront-functions-vs-lambda-edge', 'cloudfront-spa-fallback-keeps-api-errors');
  return {
    // Who may list learns that a file is not there (404), who may only read is refused (403). The listing itself stays out of
    // reach: the root has a page, and query strings do not get to the bucket.
    origin: S3BucketOrigin.withOriginAccessControl(site.bucket, {
      originAccessControl: new S3OriginAccessControl(scope, 'OriginAccess', {
        originAccessControlName: accountWideName(scope, 'OriginAccess', 64),
      }),
      originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
      originShieldRegion,
    }),
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
    cachePolicy: CachePolicy.CACHING_OPTIMIZED,
    compress: true,
    responseHeadersPolicy: siteHeaders(scope, 'SiteHeaders', connections, props.domain),
    functionAssociations: [{ function: router, eventType: FunctionEventType.VIEWER_REQUEST }],
  };
}
