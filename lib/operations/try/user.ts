import { randomBytes } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  InvalidParameterException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { CommandError } from '../terminal';
import { SIGN_IN_FLOW, type SignIn } from './commands-to-paste';

/** A user of a dev stack, made for a moment. */
export class TriedUser {
  constructor(
    private readonly cognito: CognitoIdentityProviderClient,
    readonly signIn: SignIn,
  ) {}

  /** @throws CommandError for a user who exists: whoever that is keeps the password */
  async create(): Promise<void> {
    const { userPoolId, user } = this.signIn;
    try {
      await this.cognito.send(
        new AdminCreateUserCommand({
          UserPoolId: userPoolId,
          Username: user,
          MessageAction: 'SUPPRESS',
          UserAttributes: [
            { Name: 'email', Value: user },
            { Name: 'email_verified', Value: 'true' },
          ],
        }),
      );
    } catch (error) {
      if (!(error instanceof UsernameExistsException)) throw error;
      throw new CommandError(`The user ${user} exists already, and is left alone: pass another --email, or none.`);
    }
  }

  /** Sets the password, and signs in. @returns an access token @throws CommandError for a client that does not take that */
  async token(): Promise<string> {
    const { userPoolId, clientId, user, password } = this.signIn;
    await this.cognito.send(
      new AdminSetUserPasswordCommand({ UserPoolId: userPoolId, Username: user, Password: password, Permanent: true }),
    );
    const { AuthenticationResult, ChallengeName } = await this.authenticate(clientId);
    if (AuthenticationResult?.AccessToken !== undefined) return AuthenticationResult.AccessToken;
    throw new CommandError(
      `Cognito asks for ${ChallengeName ?? 'more'} before it signs ${user} in, which groundplan try cannot answer: ` +
        'sign in by the site, or by an app of your own.',
    );
  }

  async delete(): Promise<void> {
    const { userPoolId, user } = this.signIn;
    await this.cognito.send(new AdminDeleteUserCommand({ UserPoolId: userPoolId, Username: user }));
  }

  private async authenticate(clientId: string) {
    const { userPoolId, user, password } = this.signIn;
    try {
      return await this.cognito.send(
        new AdminInitiateAuthCommand({
          UserPoolId: userPoolId,
          ClientId: clientId,
          AuthFlow: SIGN_IN_FLOW,
          AuthParameters: { USERNAME: user, PASSWORD: password },
        }),
      );
    } catch (error) {
      if (!(error instanceof InvalidParameterException) || !/flow not enabled/i.test(error.message)) throw error;
      throw new CommandError(
        `The client ${clientId} does not take ${SIGN_IN_FLOW}: deploy the stack again in stage dev, or allow it on your own client.`,
      );
    }
  }
}

/** An address that is no one's: example.com is kept for documentation (RFC 2606). */
export function newAddress(): string {
  return `try-${randomBytes(4).toString('hex')}@example.com`;
}

/** A password of all four kinds of characters, which a shell and the AWS CLI's lists take as they are. */
export function newPassword(): string {
  return `Try-1${randomBytes(18).toString('base64url')}`;
}
