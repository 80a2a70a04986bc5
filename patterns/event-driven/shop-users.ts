import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { refusePoolSettings } from '../../lib/security/pool-settings';
import { UserDirectory } from '../../lib/security/user-directory';
import type { StageSettings } from '../../lib/stage/stage';
import { AllowedEmailDomains } from '../../lib/users/allowed-email-domains';
import { refuse } from '../../lib/validation/refuse';
import type { EventDrivenShopProps, SignInUsers } from './event-driven-shop-props';

/** Who may sign in to the shop. */
export interface ShopUsers {
  /** The user pool that the shop made; undefined when you brought one. */
  readonly own?: UserDirectory;
  readonly signIn: SignInUsers;
}

/**
 * Your user pool, or a new one of the shop.
 *
 * @throws RefusedValueError for settings of a pool that you brought
 */
export function shopUsers(
  scope: Construct,
  stage: StageSettings,
  existing: SignInUsers | undefined,
  encryptionKey: IKey,
  {
    mailFrom,
    selfSignUp,
    allowedEmailDomains,
    mfa,
  }: Pick<EventDrivenShopProps, 'mailFrom' | 'selfSignUp' | 'allowedEmailDomains' | 'mfa'>,
): ShopUsers {
  if (existing === undefined) {
    const email = mailFrom === undefined ? undefined : { from: mailFrom };
    const own = new UserDirectory(scope, 'Users', { stage, email, selfSignUp, mfa });
    if (allowedEmailDomains !== undefined) {
      new AllowedEmailDomains(scope, 'SignUp', { stage, encryptionKey, users: own, allowedEmailDomains });
    }
    return { own, signIn: { userPool: own.userPool, clients: [own.client] } };
  }
  refusePoolSettings(scope, '', { selfSignUp, allowedEmailDomains, mfa });
  if (mailFrom === undefined) return { signIn: existing };
  return refuse(scope, {
    prop: 'mailFrom',
    value: mailFrom,
    allowed: 'only without existing.users',
    fix: 'set it where that user pool is created',
    catalogueId: 'cognito-ses-for-email',
  });
}
