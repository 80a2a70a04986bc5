import { Duration } from 'aws-cdk-lib';
import type { ErrorResponse } from 'aws-cdk-lib/aws-cloudfront';

/**
 * How long edges keep an error (cloudfront-error-caching-ttl); what is not in here would be kept for 10 s, and a code without a
 * time for 300 s. It holds even for an answer that says `no-store`, and for the API, whose answers differ from caller to caller:
 * so a client error is not kept at all, and a server error for one second, which spares an origin in trouble. No code has a page:
 * it would replace the API's own errors, too (cloudfront-spa-fallback-keeps-api-errors).
 */
export const ERROR_RESPONSES: readonly ErrorResponse[] = [
  ...[400, 403, 404, 405, 414, 416].map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
  ...[500, 501, 502, 503, 504].map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(1) })),
];
