import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  type IOrigin,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import type { EdgeDomain } from './edge-domain';
import { apiHeaders } from './security-headers';

/**
 * How a distribution passes on requests to an API: all of each, and nothing is kept (cloudfront-api-not-cached). Plain HTTP is
 * refused rather than redirected: a client that sends its token in the clear must hear of it.
 */
export function apiBehavior(scope: Construct, origin: IOrigin, domain?: EdgeDomain): BehaviorOptions {
  return {
    origin,
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    // The host must stay the API's own name, or it would not know itself.
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    responseHeadersPolicy: apiHeaders(scope, 'ApiHeaders', domain),
  };
}
