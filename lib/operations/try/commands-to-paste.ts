import type { TriedRequest } from './first-request';

/** Who signs in, and where. */
export interface SignIn {
  readonly region: string;
  readonly userPoolId: string;
  readonly clientId: string;
  /** E-mail address. */
  readonly user: string;
  readonly password: string;
}

/** By password, for who has IAM's `cognito-idp:AdminInitiateAuth`; clients of dev stacks take it. */
export const SIGN_IN_FLOW = 'ADMIN_USER_PASSWORD_AUTH';

/**
 * The commands of a shell that do it again, with the AWS CLI and curl.
 *
 * @param isThere whether the user stays, so that none has to be made
 */
export function commandsToPaste(
  { region, userPoolId, clientId, user, password }: SignIn,
  again: TriedRequest,
  { isThere }: { readonly isThere: boolean },
): string {
  const cognito = (action: string, rest: string) =>
    `aws cognito-idp ${action} --region ${region} --user-pool-id ${userPoolId} ${rest}`;
  const named = '--username "$TRY_USER"';
  return [
    `TRY_USER=${user} TRY_PASSWORD=${password}`,
    ...(isThere
      ? []
      : [
          cognito('admin-create-user', `${named} --message-action SUPPRESS`),
          cognito('admin-set-user-password', `${named} --password "$TRY_PASSWORD" --permanent`),
        ]),
    `TOKEN=$(${cognito(
      'admin-initiate-auth',
      `--client-id ${clientId} --auth-flow ${SIGN_IN_FLOW} ` +
        '--auth-parameters "USERNAME=$TRY_USER,PASSWORD=$TRY_PASSWORD" --query AuthenticationResult.AccessToken --output text',
    )})`,
    curl(again),
  ].join('\n');
}

/** The line that deletes the user whom the commands made. */
export function deletion({ region, userPoolId, user }: SignIn): string {
  return `aws cognito-idp admin-delete-user --region ${region} --user-pool-id ${userPoolId} --username ${user}`;
}

/** A request as `curl` sends it; the token is in the variable `TOKEN`. */
export function curl({ method, url, headers = {}, body }: TriedRequest): string {
  const all = Object.entries({ ...(body !== undefined && { 'content-type': 'application/json' }), ...headers });
  return [
    `curl -s${method === 'GET' || (method === 'POST' && body !== undefined) ? '' : ` -X ${method}`} ${quoted(url)}`,
    '-H "authorization: Bearer $TOKEN"',
    // A key is new each time: the same one would get the answer of before.
    ...all.map(([name, value]) =>
      name === 'idempotency-key' ? '-H "idempotency-key: $(date +%s)"' : `-H ${quoted(`${name}: ${value}`)}`,
    ),
    ...(body === undefined ? [] : [`-d ${quoted(JSON.stringify(body))}`]),
  ].join(' ');
}

/** A text as a POSIX shell leaves it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
