import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { FetchError, JwtBaseError, WaitPeriodNotYetEndedJwkError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { Problem } from '../../../lib/runtime/problem';

/** What tells who sends a request. */
export interface TokenSettings {
  readonly userPoolId: string;
  readonly clientId: string;
  /** Where the user pool's keys are asked for, without its path. @default - Cognito in the pool's Region */
  readonly endpoint?: string | undefined;
}

/**
 * Checks access tokens of one client of one user pool, by the pool's keys, which are fetched once and again when a key is new.
 *
 * @returns the subject of a token given as `Authorization: Bearer`; throws Problem 401 without a good one
 */
export function tokenCheck({ userPoolId, clientId, endpoint }: TokenSettings): (header?: string) => Promise<string> {
  const fetcher = endpoint === undefined ? undefined : { fetch: (uri: string) => fetchFrom(endpoint, uri) };
  const verifier = CognitoJwtVerifier.create(
    { userPoolId, clientId, tokenUse: 'access' },
    { jwksCache: new SimpleJwksCache(fetcher && { fetcher }) },
  );
  const known = new KnownTokens();
  return async (header = '') => {
    const [, token] = /^Bearer ([\w.-]+)$/i.exec(header) ?? [];
    if (token === undefined) throw unauthorized();
    const subject = known.subjectOf(token);
    if (subject !== undefined) return subject;
    try {
      const { sub, exp } = await verifier.verify(token);
      known.keep(token, sub, exp);
      return sub;
    } catch (error) {
      // What is wrong with the token is its sender's affair; that the keys could not be had is ours.
      const isOurs = error instanceof FetchError || error instanceof WaitPeriodNotYetEndedJwkError;
      if (error instanceof JwtBaseError && !isOurs) throw unauthorized();
      throw new KeysUnavailable('The keys of the user pool cannot be had', { cause: error });
    }
  };
}

/** Milliseconds that a check of a token counts, so that a key which was withdrawn is soon of no more use. */
const CHECK_COUNTS_MS = 60_000;
const MOST_TOKENS = 1000;

/** Tokens that were checked a moment ago: the same person asks many times, and a signature is the dearest part of a request. */
class KnownTokens {
  readonly #known = new Map<string, { readonly subject: string; readonly until: number }>();

  subjectOf(token: string): string | undefined {
    const found = this.#known.get(token);
    return found !== undefined && Date.now() < found.until ? found.subject : undefined;
  }

  /** @param expiry seconds since 1970 */
  keep(token: string, subject: string, expiry: number): void {
    this.#known.delete(token);
    this.#known.set(token, { subject, until: Math.min(expiry * 1000, Date.now() + CHECK_COUNTS_MS) });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_TOKENS && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** Marks what a caller may try again. */
class KeysUnavailable extends Error {
  readonly code = 'KEYS_UNAVAILABLE';
}

async function fetchFrom(endpoint: string, uri: string): Promise<ArrayBuffer> {
  const answer = await fetch(`${endpoint.replace(/\/$/, '')}${new URL(uri).pathname}`);
  if (!answer.ok) throw new Error(`${endpoint} answered ${answer.status}`);
  return answer.arrayBuffer();
}

function unauthorized(): Problem {
  return new Problem(401, 'unauthorized', 'Sign in and send the token as Authorization: Bearer.');
}
