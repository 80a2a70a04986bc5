import type { LocalUserPool } from '../../../local/aws/user-pool';
import { type AdministeredPool, LocalUserPoolAdmin } from '../../../local/aws/user-pool-admin';

const NOW = Date.parse('2026-01-01T00:00:00Z');
export const ADDRESS = 'a@example.com';
export const PASSWORD = 'Correct-horse-1';

/** What an administrator does, each call in a pool of its own that has the user `a@example.com`. */
export function administratorOf(
  pool: LocalUserPool,
  settings: Partial<AdministeredPool> = {},
  flows = ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
) {
  let ids = 0;
  const clients = new Map([
    ['app', { flows, hidesUsers: true, validitySeconds: 3600 }],
    ['telling', { flows, hidesUsers: false, validitySeconds: 3600 }],
  ]);
  const service = new LocalUserPoolAdmin(
    [{ pool, usernameAttributes: ['email'], clients, ...settings }],
    () => NOW,
    () => `id-${++ids}`,
  );
  const ask = (action: string, input: object) => service.call(action, { UserPoolId: pool.id, ...input });
  const user = { Username: ADDRESS, MessageAction: 'SUPPRESS' };
  const ready = ask('AdminCreateUser', user).then(() =>
    ask('AdminSetUserPassword', { ...user, Password: PASSWORD, Permanent: true }),
  );
  const call = async (action: string, input: object) => {
    await ready;
    return ask(action, input);
  };
  const create = (Username: string, input: object = {}) =>
    call('AdminCreateUser', { Username, MessageAction: 'SUPPRESS', ...input });
  const setPassword = (Password: string, Username = ADDRESS) =>
    call('AdminSetUserPassword', { Username, Password, Permanent: true });
  const signIn = (parameters: object = {}, ClientId = 'app') =>
    call('AdminInitiateAuth', {
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: ADDRESS, PASSWORD, ...parameters },
    });
  const drop = (Username: string) => call('AdminDeleteUser', { Username });
  return { call, create, setPassword, signIn, drop };
}
