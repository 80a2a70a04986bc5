import type { Construct } from 'constructs';
import { refuseSelfSignUp } from '../../lib/security/self-sign-up';
import { UserDirectory } from '../../lib/security/user-directory';
import type { StageSettings } from '../../lib/stage/stage';
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
 * @throws RefusedValueError for a sender of mail to the users of a pool that you brought
 */
export function shopUsers(
  scope: Construct,
  stage: StageSettings,
  existing: SignInUsers | undefined,
  { mailFrom, selfSignUp }: Pick<EventDrivenShopProps, 'mailFrom' | 'selfSignUp'>,
): ShopUsers {
  if (existing === undefined) {
    const email = mailFrom === undefined ? undefined : { from: mailFrom };
    const own = new UserDirectory(scope, 'Users', { stage, email, selfSignUp });
    return { own, signIn: { userPool: own.userPool, clients: [own.client] } };
  }
  refuseSelfSignUp(scope, 'selfSignUp', { selfSignUp });
  if (mailFrom === undefined) return { signIn: existing };
  return refuse(scope, {
    prop: 'mailFrom',
    value: mailFrom,
    allowed: 'only without existing.users',
    fix: 'set it where that user pool is created',
    catalogueId: 'cognito-ses-for-email',
  });
}
