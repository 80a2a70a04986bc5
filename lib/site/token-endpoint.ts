/** Tokens of one person who signed in. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** E-mail address, to show who is signed in. */
  readonly email: string;
}

/** The login refused: what was shown to it is used up, too old or not its own. */
export class SignInRefused extends Error {}

interface TokenAnswer {
  readonly access_token: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly expires_in: number;
}

/**
 * Asks a login's token endpoint (docs.aws.amazon.com/cognito: token-endpoint).
 *
 * @param nonce what the identity token has to carry; none is asked for when tokens are refreshed
 * @throws SignInRefused when the login says no
 * @throws TypeError when it cannot be reached
 */
export async function requestTokens(
  loginUrl: string,
  form: Readonly<Record<string, string>>,
  nonce?: string,
): Promise<Tokens> {
  const response = await fetch(`${loginUrl}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
  // 429 and 5xx are no verdict: the same question may be asked again.
  if (response.status === 429 || response.status >= 500) throw new TypeError(`The login answered ${response.status}`);
  if (!response.ok) throw new SignInRefused(`The login refused (${response.status}). Sign in again.`);
  const answer = (await response.json()) as TokenAnswer;
  const identity = answer.id_token === undefined ? {} : claimsOf(answer.id_token);
  if (nonce !== undefined && identity['nonce'] !== nonce)
    throw new SignInRefused('The response belongs to another sign-in. Sign in again.');
  return {
    accessToken: answer.access_token,
    // A pool that rotates refresh tokens sends a new one each time; others send it once.
    refreshToken: answer.refresh_token ?? form['refresh_token'] ?? '',
    expiresAt: Date.now() + answer.expires_in * 1000,
    email: String(identity['email'] ?? ''),
  };
}

/** The token came from its issuer over TLS, which is proof enough of it (OpenID Connect Core 3.1.3.7, 6). */
function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const payload = token.split('.')[1] ?? '';
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}
