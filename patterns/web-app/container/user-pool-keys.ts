import { type Jwks, SimpleJwksCache } from 'aws-jwt-verify/jwk';

type Fetcher = NonNullable<NonNullable<ConstructorParameters<typeof SimpleJwksCache>[0]>['fetcher']>;

/** Milliseconds after a failure in which the keys are not asked for again: `Retry-After` of a 503 says a second. */
const RETRY_AFTER_MS = 1000;

/** Marks what a caller may try again: the user pool's keys cannot be fetched. */
export class KeysUnavailable extends Error {
  readonly code = 'KEYS_UNAVAILABLE';
}

/**
 * The keys of a user pool: fetched once, and again when a token names a key that is not among them. Tokens that name no real key cause
 * no storm of fetches: the penalty box of `aws-jwt-verify` lets one through in ten seconds, and a fetch that failed is not repeated
 * within a second.
 */
export class UserPoolKeys extends SimpleJwksCache {
  /** Whether there are keys to check tokens by, however old. */
  isKnown = false;
  readonly #now: () => number;
  #notBefore = 0;

  /** @param now milliseconds since 1970. @default Date.now */
  constructor(fetcher?: Fetcher, now: () => number = Date.now) {
    super(fetcher && { fetcher });
    this.#now = now;
  }

  /** @throws KeysUnavailable when they cannot be fetched, or could not a moment ago */
  override async getJwks(uri: string): Promise<Jwks> {
    if (this.#now() < this.#notBefore) throw new KeysUnavailable('The keys of the user pool could not be fetched');
    try {
      const jwks = await super.getJwks(uri);
      this.isKnown = true;
      return jwks;
    } catch (error) {
      this.#notBefore = this.#now() + RETRY_AFTER_MS;
      throw new KeysUnavailable('The keys of the user pool cannot be fetched', { cause: error });
    }
  }
}
