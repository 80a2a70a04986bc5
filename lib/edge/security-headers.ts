import { Duration } from 'aws-cdk-lib';
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  type ResponseCustomHeader,
  ResponseHeadersPolicy,
  type ResponseSecurityHeadersBehavior,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { accountWideName } from '../naming/account-wide-name';
import { handles } from '../validation/explain';
import type { EdgeDomain } from './edge-domain';

/** Where a page may connect to, beside its own origin. */
export interface SiteConnections {
  /** Origins that scripts call, such as the login's and the uploads bucket's: `https://host`, no path. */
  readonly connectSources: readonly string[];
  /** Origins that images come from. @default - the page's own alone */
  readonly imageSources?: readonly string[];
}

/** Two years, as HSTS preload lists ask for (hstspreload.org). */
const HSTS_AGE = Duration.days(730);

/** Features of the browser that neither the site nor anything in it uses. */
const UNUSED_FEATURES = ['camera', 'geolocation', 'microphone', 'payment', 'usb'];

/**
 * Headers of the site's answers. The content security policy lets in files of the site alone: no inline script or style, no
 * frame around it, and calls to the origins that are named.
 */
export function siteHeaders(
  scope: Construct,
  id: string,
  connections: SiteConnections,
  domain?: EdgeDomain,
): ResponseHeadersPolicy {
  return headersPolicy(
    scope,
    id,
    {
      ...everywhere(domain),
      contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(connections), override: true },
    },
    [
      {
        header: 'permissions-policy',
        value: UNUSED_FEATURES.map((feature) => `${feature}=()`).join(', '),
        override: true,
      },
    ],
  );
}

/**
 * Headers of the API's answers: what tells browsers to take them for data alone, and not to keep them unless the API says for
 * how long.
 */
export function apiHeaders(scope: Construct, id: string, domain?: EdgeDomain): ResponseHeadersPolicy {
  return headersPolicy(scope, id, everywhere(domain), [
    { header: 'cache-control', value: 'no-store', override: false },
  ]);
}

/** @returns the policy as one header's value */
export function contentSecurityPolicy({ connectSources, imageSources = [] }: SiteConnections): string {
  const directives: Readonly<Record<string, readonly string[]>> = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'", 'data:', ...imageSources],
    'font-src': ["'self'"],
    'manifest-src': ["'self'"],
    'connect-src': ["'self'", ...connectSources],
    'form-action': ["'self'"],
    'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives)
    .map(([directive, sources]) => `${directive} ${[...new Set(sources)].join(' ')}`)
    .join('; ');
}

function everywhere(domain: EdgeDomain | undefined): ResponseSecurityHeadersBehavior {
  return {
    strictTransportSecurity: {
      accessControlMaxAge: HSTS_AGE,
      // Below the name of a zone are hosts of other teams, whom browsers would not reach without TLS for two years.
      includeSubdomains: domain === undefined || !domain.names.includes(domain.hostedZone.zoneName),
      override: true,
    },
    contentTypeOptions: { override: true },
    referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override: true },
    frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
  };
}

function headersPolicy(
  scope: Construct,
  id: string,
  securityHeadersBehavior: ResponseSecurityHeadersBehavior,
  customHeaders: ResponseCustomHeader[],
): ResponseHeadersPolicy {
  const policy = new ResponseHeadersPolicy(scope, id, {
    responseHeadersPolicyName: accountWideName(scope, id, 128),
    securityHeadersBehavior,
    customHeadersBehavior: { customHeaders },
    // It says who serves the files, which only an attacker has a use for.
    removeHeaders: ['server'],
  });
  handles(policy, 'tls-everywhere');
  return policy;
}
