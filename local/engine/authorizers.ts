import type { ResolvedResource, ResolvedTemplate } from '../assembly/resolved-template';
import { authorizedClaims, type Claims, type LocalUserPool } from '../aws/user-pool';

/** Headers of a request, names in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** Lets callers in: with their claims, as anybody, or not at all. */
export type Guard = (headers: Headers, now: number) => Claims | 'anybody' | undefined;

interface JwtAuthorizer {
  readonly IdentitySource?: readonly string[];
  readonly JwtConfiguration?: { readonly Issuer?: string; readonly Audience?: readonly string[] };
}

/**
 * Who may call a route of an HTTP API.
 *
 * @throws Error naming the route, for an authorization that is not known here
 */
export function guardOf(
  template: ResolvedTemplate,
  { logicalId, properties }: ResolvedResource,
  userPools: readonly LocalUserPool[],
): Guard {
  const type = properties['AuthorizationType'] ?? 'NONE';
  if (type === 'NONE') return () => 'anybody';
  if (type !== 'JWT') throw new Error(`${logicalId}: the authorization type ${String(type)} is not known here`);
  const authorizer = template
    .ofType('AWS::ApiGatewayV2::Authorizer')
    .find(({ name }) => name === properties['AuthorizerId']);
  const { IdentitySource = [], JwtConfiguration = {} } = (authorizer?.properties ?? {}) as JwtAuthorizer;
  const { Issuer, Audience = [] } = JwtConfiguration;
  const header = /^\$request\.header\.(.+)$/.exec(IdentitySource[0] ?? '')?.[1]?.toLowerCase();
  if (header === undefined) {
    throw new Error(`${logicalId}: the identity source ${String(IdentitySource[0])} is not known here`);
  }
  const pool = userPools.find(({ issuer }) => issuer === Issuer);
  if (pool === undefined) throw new Error(`${logicalId}: the issuer ${Issuer} is no user pool of the template`);
  return (headers, now) => {
    const token = headers[header]?.replace(/^Bearer /i, '');
    return token === undefined ? undefined : authorizedClaims(token, pool, Audience, now);
  };
}
