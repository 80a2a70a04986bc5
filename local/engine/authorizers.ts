import type { ResolvedResource, ResolvedTemplate } from '../assembly/resolved-template';
import type { LocalRole, SignedRequest } from '../aws/local-role';
import { authorizedClaims, type LocalUserPool } from '../aws/user-pool';
import { HTTP_API_LIMITS } from '../limits/api-gateway';
import { type ApiAnswer, message, refusalAnswer } from './api-answer';

const LIMITS = HTTP_API_LIMITS.rows;

/** What a guard says of a request. */
export interface Admission {
  /** Who calls, as `requestContext.authorizer` of an event says. @default - anyone */
  readonly authorizer?: Readonly<Record<string, unknown>>;
  /** What API Gateway answers in the integration's place. @default - the caller is let in */
  readonly refusal?: ApiAnswer;
}

/** Looks at who calls. Names of headers are in lower case. */
export type Guard = (request: SignedRequest, now: number) => Admission | Promise<Admission>;

/** Whom an API may know. */
export interface Callers {
  readonly userPools: readonly LocalUserPool[];
  /** Whose signatures are known. */
  readonly role: LocalRole;
}

interface JwtAuthorizer {
  readonly IdentitySource?: readonly string[];
  readonly JwtConfiguration?: { readonly Issuer?: string; readonly Audience?: readonly string[] };
}

/**
 * Who may call a route of an HTTP API.
 *
 * @throws Error naming the route, for an authorization that is not known here
 */
export function guardOf(template: ResolvedTemplate, route: ResolvedResource, { userPools, role }: Callers): Guard {
  const type = route.properties['AuthorizationType'] ?? 'NONE';
  if (type === 'NONE') return () => ({});
  if (type === 'AWS_IAM') return signatureGuard(role);
  if (type === 'JWT') return tokenGuard(template, route, userPools);
  throw new Error(`${route.logicalId}: the authorization type ${String(type)} is not known here`);
}

/**
 * Lets in what the role signed (docs.aws.amazon.com/apigateway: http-api-access-control-iam). Whether its policies allow the
 * call is not asked: permissions are not run here, test/proof/iam proves them.
 */
function signatureGuard(role: LocalRole): Guard {
  return async (request, now) =>
    (await role.signed(request, now)) ? { authorizer: { iam: role.identity } } : { refusal: message(403, 'Forbidden') };
}

function tokenGuard(
  template: ResolvedTemplate,
  { logicalId, properties }: ResolvedResource,
  userPools: readonly LocalUserPool[],
): Guard {
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
  const wanted = (properties['AuthorizationScopes'] ?? []) as readonly string[];
  return ({ headers }, now) => {
    const token = headers[header]?.replace(/^Bearer /i, '');
    const claims = token === undefined ? undefined : authorizedClaims(token, pool, Audience, now);
    if (claims === undefined) return { refusal: refusalAnswer(LIMITS.token) };
    // `scp` is looked at where there is no `scope` (docs.aws.amazon.com/apigateway: http-api-jwt-authorizer).
    const given = (claims['scope'] ?? claims['scp'] ?? '').split(' ').filter((scope) => scope !== '');
    if (wanted.length > 0 && !given.some((scope) => wanted.includes(scope))) {
      return { refusal: refusalAnswer(LIMITS.scope) };
    }
    return { authorizer: { jwt: { claims, scopes: wanted.length > 0 ? given : null } } };
  };
}
