import type { LocalUserPool } from '../aws/user-pool';
import type { LocalEngine } from '../engine/local-engine';
import { loginClient, userPoolOf } from '../scenarios/site-place';
import type { Actor } from './session';

/** The people of a run. Two are of one tenant, where a pattern has tenants. */
const NAMES = [
  ['ann', 'north'],
  ['ben', 'north'],
  ['eve', 'south'],
] as const;

/** New users for each run, so that what they find is of their run alone. */
export function newActors(engine: LocalEngine, run: string): readonly [Actor, ...Actor[]] {
  const pool = userPoolOf(engine);
  const { clientId, scopes } = loginClient(engine);
  const scope = scopes.length === 0 ? 'aws.cognito.signin.user.admin' : scopes.join(' ');
  const actor = ([name, tenant]: (typeof NAMES)[number]) =>
    new SignedIn(pool, { clientId, scope }, `${name}-${run}`, name, `${tenant}-${run}`);
  const [first, ...others] = NAMES;
  return [actor(first), ...others.map(actor)];
}

/** Signed in once, and signed for when it is needed: a signature takes as long as a request. */
class SignedIn implements Actor {
  readonly email: string;
  readonly marker: string;
  private current?: string;
  private past?: string;

  constructor(
    private readonly pool: LocalUserPool,
    private readonly client: { readonly clientId: string; readonly scope: string },
    word: string,
    readonly name: string,
    readonly tenant: string,
  ) {
    this.email = `${word}@example.com`;
    this.marker = `word-of-${word}`;
  }

  get token(): string {
    this.current ??= this.signIn();
    return this.current;
  }

  get expiredToken(): string {
    this.past ??= this.signIn(-60);
    return this.past;
  }

  private signIn(validitySeconds?: number): string {
    const { pool, client, email: user } = this;
    return pool.signIn({ ...client, user, ...(validitySeconds !== undefined && { validitySeconds }) }).accessToken;
  }
}
