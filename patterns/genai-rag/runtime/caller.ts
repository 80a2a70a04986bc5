import { Problem } from '../../../lib/runtime/problem';
import { TENANT_GROUP_PREFIX, TENANT_NAME } from '../contract';

/** Who asks, as the verified token says. */
export interface Caller {
  /** What retrieval and documents are divided by: `t-<name>` or `u-<sub>`. */
  readonly tenant: string;
  /** The token's subject. */
  readonly user: string;
}

/** The part of a REST API's event that a Cognito authorizer writes; no client can (cognito-native-jwt-authorizer). */
export interface AuthorizedEvent {
  readonly requestContext: { readonly authorizer?: Readonly<Record<string, unknown>> | null };
}

/** AWS: Cognito, `sub` is a UUID. Nothing else may become a part of a key. */
const SUBJECT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The tenant and the user of a request, from the verified claims and from nothing else: path, query, headers and body may say what
 * they like.
 *
 * @throws Problem 401 without a subject; 403 for a tenant's group that names none, and for a user of several tenants
 */
export function callerOf({ requestContext }: AuthorizedEvent): Caller {
  const claims = requestContext.authorizer?.['claims'];
  if (typeof claims !== 'object' || claims === null) throw unauthorized();
  const { sub: user, 'cognito:groups': groups } = claims as Readonly<Record<string, unknown>>;
  if (typeof user !== 'string' || !SUBJECT.test(user)) throw unauthorized();
  const [name, ...others] = tenantsOf(groups);
  if (others.length > 0) {
    throw new Problem(
      403,
      'tenant_ambiguous',
      'You belong to several tenants. Ask an administrator to remove you from all but one.',
    );
  }
  return { tenant: name === undefined ? `u-${user}` : `t-${name}`, user };
}

/** Names of the tenants, each once. */
function tenantsOf(groups: unknown): string[] {
  const names = namesOf(groups)
    .filter((group) => group.startsWith(TENANT_GROUP_PREFIX))
    .map((group) => group.slice(TENANT_GROUP_PREFIX.length));
  if (names.every((name) => TENANT_NAME.test(name))) return [...new Set(names)];
  throw new Problem(
    403,
    'tenant_invalid',
    'Your group does not name a valid tenant. Ask an administrator to correct it.',
  );
}

/** A REST API writes a list as `a,b`, an HTTP API as `[a b]`. */
function namesOf(groups: unknown): string[] {
  const list = Array.isArray(groups) ? groups.map(String) : typeof groups === 'string' ? [groups] : [];
  return list.flatMap((text) => text.replace(/^\[(.*)\]$/s, '$1').split(/[,\s]+/)).filter((name) => name !== '');
}

function unauthorized(): Problem {
  return new Problem(401, 'unauthorized', 'Sign in and send the token as Authorization: Bearer.');
}
