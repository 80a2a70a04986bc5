import type { LoginClient } from '../aws/login-grants';
import type { LocalUserPool } from '../aws/user-pool';
import { UsageError } from './usage-error';

/** Opens a site. @throws UsageError for a port that is taken */
export async function onPort<Place>(port: number, open: () => Promise<Place>): Promise<Place> {
  try {
    return await open();
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    throw taken ? new UsageError(`Port ${port} is in use; choose another with --port`) : error;
  }
}

/** An access token as the site gets it. */
export function tokenOf(pool: LocalUserPool | undefined, user: string, client: LoginClient): string | undefined {
  return pool?.signIn({ user, ...client, scope: client.scopes.join(' ') }).accessToken;
}
