import type { JwtPayload } from 'jsonwebtoken';
import type { ResolvedResource, ResolvedTemplate } from '../assembly/resolved-template';
import { type LocalUserPool, verifiedClaims } from '../aws/user-pool';

/** Claims as a REST API hands them to a function; undefined for a caller who is not let in. */
export type TokenCheck = (token: string | undefined, now: number) => Readonly<Record<string, string>> | undefined;

interface Method {
  readonly AuthorizationType?: string;
  readonly AuthorizerId?: string;
  readonly AuthorizationScopes?: readonly string[];
}

/**
 * Who may call a method of a REST API; undefined for anyone.
 *
 * Without scopes the authorizer takes identity tokens alone; with scopes access tokens alone, of which one scope must be among the
 * method's (docs.aws.amazon.com/apigateway: apigateway-enable-cognito-user-pool; awslabs/nx-plugin-for-aws pull request 828 saw the
 * first of it in AWS). The token may come after `Bearer` (docs.aws.amazon.com/cognito:
 * user-pool-accessing-resources-api-gateway-and-lambda).
 *
 * @throws Error naming the method, for an authorization that is not known here
 */
export function tokenCheckOf(
  template: ResolvedTemplate,
  { logicalId, properties }: ResolvedResource,
  userPools: readonly LocalUserPool[],
): TokenCheck | undefined {
  const { AuthorizationType = 'NONE', AuthorizerId, AuthorizationScopes: scopes = [] } = properties as Method;
  if (AuthorizationType === 'NONE') return undefined;
  const authorizer = template.ofType('AWS::ApiGateway::Authorizer').find(({ name }) => name === AuthorizerId);
  const { Type, IdentitySource, ProviderARNs = [] } = (authorizer?.properties ?? {}) as Record<string, unknown>;
  if (AuthorizationType !== 'COGNITO_USER_POOLS' || Type !== 'COGNITO_USER_POOLS')
    throw new Error(`${logicalId}: the authorization type ${AuthorizationType} is not known here`);
  if (IdentitySource !== 'method.request.header.Authorization')
    throw new Error(`${logicalId}: the identity source ${String(IdentitySource)} is not known here`);
  const pools = userPools.filter(({ id }) => (ProviderARNs as string[]).some((arn) => arn.endsWith(`/${id}`)));
  if (pools.length === 0) throw new Error(`${logicalId}: its user pool is not in the template`);
  return (token, now) => {
    const bare = token?.replace(/^Bearer /i, '') ?? '';
    for (const pool of pools) {
      const claims = verifiedClaims(bare, pool, now);
      if (claims !== undefined && isMeant(claims, scopes)) return inText(claims);
    }
    return undefined;
  };
}

function isMeant(claims: JwtPayload, scopes: readonly string[]): boolean {
  if (scopes.length === 0) return claims['token_use'] === 'id';
  const given = String(claims['scope'] ?? '').split(' ');
  return claims['token_use'] === 'access' && given.some((scope) => scopes.includes(scope));
}

/**
 * Every claim as text: lists with commas in between, two times as Java prints dates (repost.aws: QUFJRBaEJRSmmqarNrvCWoQA has an
 * event; openillumi.com: en-api-gateway-cognito-jwt-claim-conversion-zero-trust has one with two groups).
 */
function inText(claims: JwtPayload): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      name === 'exp' || name === 'iat'
        ? javaDate(Number(value))
        : Array.isArray(value)
          ? value.join(',')
          : String(value),
    ]),
  );
}

/** For example `Tue Apr 04 18:39:39 UTC 2023`. */
function javaDate(seconds: number): string {
  const [weekday, day, month, year, time] = new Date(seconds * 1000).toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}
