import { codeChallenge, randomValue } from './pkce';
import { requestTokens, SignInRefused, type Tokens } from './token-endpoint';

/** Where and as what a site signs people in. */
export interface SignInSettings {
  /** Origin of the managed login. */
  readonly loginUrl: string;
  /** Of a public client, without a secret. */
  readonly clientId: string;
  /** Path that the login sends people back to. */
  readonly callbackPath: string;
  /** Path that people come to after they signed out. */
  readonly signedOutPath: string;
  readonly scopes: readonly string[];
}

/** What is remembered while a person is at the login. */
interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnTo: string;
}

const TOKENS = 'sign-in.tokens';
const ATTEMPT = 'sign-in.attempt';
/** A token is renewed this long before it expires, so that none expires on its way. */
const RENEW_BEFORE_MS = 30_000;

/** No one is signed in, or no longer. */
export class SignedOut extends Error {}

/**
 * Signs people in by the authorization code flow with PKCE. Tokens live in the tab's session storage: they end with the tab,
 * and no other site can read them.
 */
export class SignIn {
  private renewal: Promise<string> | undefined;

  constructor(private readonly settings: SignInSettings) {}

  /** E-mail address of who is signed in; undefined when no one is. */
  get email(): string | undefined {
    return this.tokens()?.email;
  }

  /** Leaves for the login. Ends at `returnTo`, a path of this site. */
  async start(returnTo: string): Promise<void> {
    const attempt: Attempt = { state: randomValue(), nonce: randomValue(), verifier: randomValue(), returnTo };
    sessionStorage.setItem(ATTEMPT, JSON.stringify(attempt));
    const { loginUrl, clientId, scopes } = this.settings;
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: this.callbackUrl,
      scope: scopes.join(' '),
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await codeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
    });
    location.assign(`${loginUrl}/oauth2/authorize?${query}`);
  }

  /**
   * Takes what the login sent a person back with.
   *
   * @returns where the person wanted to go
   * @throws SignInRefused for an answer to a question that this tab did not ask, or a code that the login does not take
   */
  async finish(answer: URLSearchParams): Promise<string> {
    const stored = sessionStorage.getItem(ATTEMPT);
    sessionStorage.removeItem(ATTEMPT);
    if (stored === null) throw new SignInRefused('This sign-in was not started in this tab. Sign in again.');
    const attempt = JSON.parse(stored) as Attempt;
    const code = answer.get('code');
    if (answer.get('state') !== attempt.state)
      throw new SignInRefused('This sign-in was not started in this tab. Sign in again.');
    if (code === null)
      throw new SignInRefused(answer.get('error_description') ?? 'The login returned no authorization code');
    const { loginUrl, clientId } = this.settings;
    const form = {
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: this.callbackUrl,
      code,
      code_verifier: attempt.verifier,
    };
    this.keep(await requestTokens(loginUrl, form, attempt.nonce));
    return attempt.returnTo;
  }

  /**
   * A token for the API, renewed when it is about to expire.
   *
   * @param refused a token that the API did not take, so that another is fetched whatever its time says
   * @throws SignedOut when no one is signed in, or the login does not renew any more
   */
  async accessToken(refused?: string): Promise<string> {
    const tokens = this.tokens();
    if (tokens === undefined) throw new SignedOut('You are not signed in');
    const good = tokens.expiresAt - RENEW_BEFORE_MS > Date.now() && tokens.accessToken !== refused;
    if (good) return tokens.accessToken;
    // Requests at the same time renew once: a rotated refresh token is good for one use.
    this.renewal ??= this.renew(tokens).finally(() => {
      this.renewal = undefined;
    });
    return this.renewal;
  }

  /** Forgets the tokens, and leaves for the login's own sign-out: its session would sign the next person in as this one. */
  leave(): void {
    this.forget();
    const { loginUrl, clientId, signedOutPath } = this.settings;
    const query = new URLSearchParams({ client_id: clientId, logout_uri: `${location.origin}${signedOutPath}` });
    location.assign(`${loginUrl}/logout?${query}`);
  }

  private async renew(tokens: Tokens): Promise<string> {
    const { loginUrl, clientId } = this.settings;
    const form = { grant_type: 'refresh_token', client_id: clientId, refresh_token: tokens.refreshToken };
    try {
      const renewed = await requestTokens(loginUrl, form);
      this.keep({ ...renewed, email: renewed.email || tokens.email });
      return renewed.accessToken;
    } catch (error) {
      if (!(error instanceof SignInRefused)) throw error;
      this.forget();
      throw new SignedOut('The session has ended');
    }
  }

  private get callbackUrl(): string {
    return `${location.origin}${this.settings.callbackPath}`;
  }

  private tokens(): Tokens | undefined {
    const stored = sessionStorage.getItem(TOKENS);
    return stored === null ? undefined : (JSON.parse(stored) as Tokens);
  }

  private keep(tokens: Tokens): void {
    sessionStorage.setItem(TOKENS, JSON.stringify(tokens));
  }

  private forget(): void {
    sessionStorage.removeItem(TOKENS);
  }
}
