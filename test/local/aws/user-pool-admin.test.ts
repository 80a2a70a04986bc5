import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/aws/server';
import type { PreSignUpEvent } from '../../../local/aws/sign-up';
import { authorizedClaims, LocalUserPool, verifiedClaims } from '../../../local/aws/user-pool';
import { LocalUserPoolAdmin } from '../../../local/aws/user-pool-admin';
import { FunctionError } from '../../../local/lambda/local-function';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const Username = 'alice@example.com';
const AuthParameters = { USERNAME: Username, PASSWORD: 'Correct-horse-1' };

describe('a local user pool, administered by the real client', () => {
  let ids = 0;
  const newId = () => `id-${++ids}`;
  const pool = new LocalUserPool('https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool', () => NOW, newId);
  const client = { flows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'], hidesUsers: true, validitySeconds: 600 };
  const service = new LocalUserPoolAdmin(
    [{ pool, usernameAttributes: ['email'], clients: new Map([['app', client]]) }],
    () => NOW,
    newId,
  );
  const UserPoolId = pool.id;
  const signIn = new AdminInitiateAuthCommand({
    UserPoolId,
    ClientId: 'app',
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters,
  });
  let aws: LocalAws;
  let cognito: CognitoIdentityProviderClient;
  beforeAll(async () => {
    aws = await startLocalAws({ 'cognito-idp': service });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    cognito = new CognitoIdentityProviderClient({ endpoint: aws.endpoint, region: 'eu-west-1', credentials });
  });
  afterAll(() => aws.close());

  it('makes a user, who has no password that lasts', async () => {
    const { User } = await cognito.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username,
        MessageAction: 'SUPPRESS',
        TemporaryPassword: AuthParameters.PASSWORD,
      }),
    );
    expect(User).toMatchObject({ UserStatus: 'FORCE_CHANGE_PASSWORD', Enabled: true, UserCreateDate: new Date(NOW) });
    expect(User?.Username).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(User?.Attributes).toContainEqual({ Name: 'email', Value: Username });
    expect(service.names(UserPoolId)).toEqual([Username]);
    expect(await cognito.send(signIn)).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED' });
  });

  it('signs in with the password that was set, for as long as the client says', async () => {
    const Password = AuthParameters.PASSWORD;
    await cognito.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }));
    const { AuthenticationResult = {}, ChallengeName } = await cognito.send(signIn);
    expect([ChallengeName, AuthenticationResult.ExpiresIn]).toEqual([undefined, 600]);
    const { AccessToken = '', IdToken = '' } = AuthenticationResult;
    const claims = authorizedClaims(AccessToken, pool, ['app'], NOW);
    expect(claims).toMatchObject({ token_use: 'access', scope: 'aws.cognito.signin.user.admin', client_id: 'app' });
    expect(verifiedClaims(AccessToken, pool, NOW + 599_000)).toBeDefined();
    expect(verifiedClaims(AccessToken, pool, NOW + 600_000)).toBeUndefined();
    expect(verifiedClaims(IdToken, pool, NOW)).toMatchObject({
      token_use: 'id',
      email: Username,
      sub: claims?.['sub'],
    });
  });

  it('asks for a new password where the last one was temporary', async () => {
    const temporary = { UserPoolId, Username, Password: AuthParameters.PASSWORD, Permanent: false };
    await cognito.send(new AdminSetUserPasswordCommand(temporary));
    expect(await cognito.send(signIn)).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED' });
  });

  it('forgets a user who is deleted, by name or by sub', async () => {
    await cognito.send(new AdminDeleteUserCommand({ UserPoolId, Username }));
    expect(service.names(UserPoolId)).toEqual([]);
    const { User } = await cognito.send(
      new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }),
    );
    await cognito.send(new AdminDeleteUserCommand({ UserPoolId, Username: User?.Username }));
    expect(service.names(UserPoolId)).toEqual([]);
  });

  it('does not pretend to do what it does not', async () => {
    const invited = new AdminCreateUserCommand({ UserPoolId, Username });
    await expect(cognito.send(invited)).rejects.toThrow('does not support AdminCreateUser with a message');
    const other = new AdminInitiateAuthCommand({ UserPoolId, ClientId: 'app', AuthFlow: 'USER_AUTH' });
    await expect(cognito.send(other)).rejects.toThrow('does not support AdminInitiateAuth with USER_AUTH');
    await expect(service.call('AdminGetUser', { UserPoolId })).rejects.toThrow('does not support AdminGetUser');
  });
});

describe('a pool with settings of its own', () => {
  const adminOf = (preSignUp?: (event: PreSignUpEvent) => Promise<unknown>, demandsSecondFactor = false) => {
    const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool';
    const pool = new LocalUserPool(
      issuer,
      () => NOW,
      () => 'id',
      preSignUp,
    );
    const client = { flows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'], hidesUsers: true, validitySeconds: 600 };
    const clients = new Map([['app', client]]);
    const service = new LocalUserPoolAdmin(
      [{ pool, usernameAttributes: ['email'], clients, demandsSecondFactor }],
      () => NOW,
      () => 'id',
    );
    return (action: string, input: object) => service.call(action, { UserPoolId: pool.id, ...input });
  };

  it("asks its trigger for an administrator's account, too, and makes none that it refuses", async () => {
    const events: PreSignUpEvent[] = [];
    const call = adminOf(async (event) => {
      events.push(event);
      throw new FunctionError('SignUpRefused', 'Not from there');
    });
    const create = () => call('AdminCreateUser', { Username, MessageAction: 'SUPPRESS' });
    await expect(create()).rejects.toThrow('PreSignUp failed with error Not from there.');
    // Refused again, and not "exists already".
    await expect(create()).rejects.toThrow('PreSignUp failed');
    expect(events[0]).toMatchObject({
      triggerSource: 'PreSignUp_AdminCreateUser',
      callerContext: { clientId: 'CLIENT_ID_NOT_APPLICABLE' },
      request: { userAttributes: { email: Username } },
    });
  });

  it('signs no one in by a password alone where it demands a second factor', async () => {
    const call = adminOf(undefined, true);
    await call('AdminCreateUser', { Username, MessageAction: 'SUPPRESS' });
    await call('AdminSetUserPassword', { Username, Password: AuthParameters.PASSWORD, Permanent: true });
    const answer = await call('AdminInitiateAuth', {
      ClientId: 'app',
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters,
    });
    expect(answer).toMatchObject({ ChallengeName: 'MFA_SETUP' });
    expect(answer['AuthenticationResult']).toBeUndefined();
  });
});
