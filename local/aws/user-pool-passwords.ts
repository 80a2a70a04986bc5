import { COGNITO_LIMITS } from '../limits/cognito';
import { enforce, refused } from '../limits/limit';

const LIMITS = COGNITO_LIMITS.rows;

/** `Policies.PasswordPolicy` of a pool. */
export interface PasswordPolicy {
  readonly MinimumLength?: number;
  readonly RequireLowercase?: boolean;
  readonly RequireUppercase?: boolean;
  readonly RequireNumbers?: boolean;
  readonly RequireSymbols?: boolean;
}

/** Cognito's own (AWS: Cognito, password policies). */
const DEFAULT_POLICY: PasswordPolicy = {
  MinimumLength: 8,
  RequireLowercase: true,
  RequireUppercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
};

/** AWS: Cognito, password policies: what counts as a symbol. A space that is first or last does not, and none gets this far. */
const SYMBOL = /[\^$*.[\]{}()?\-"!@#%&/\\,><':;|_~`+=]/;

/** @throws AwsError for a password that a pool does not take */
export function checkPassword(password: string, policy: PasswordPolicy = DEFAULT_POLICY): void {
  enforce(LIMITS.password, password.length);
  if (/\s/.test(password)) {
    throw refused(LIMITS.password, "Value at 'password' failed to satisfy constraint: ^[\\S]+.*[\\S]+$");
  }
  const { MinimumLength = 8 } = policy;
  const missing = [
    password.length < MinimumLength && 'Password not long enough',
    policy.RequireLowercase === true && !/[a-z]/.test(password) && 'Password must have lowercase characters',
    policy.RequireUppercase === true && !/[A-Z]/.test(password) && 'Password must have uppercase characters',
    policy.RequireNumbers === true && !/\d/.test(password) && 'Password must have numeric characters',
    policy.RequireSymbols === true && !SYMBOL.test(password) && 'Password must have symbol characters',
  ].find((each) => each !== false);
  if (missing !== undefined) {
    throw refused(LIMITS.passwordPolicy, `Password did not conform with policy: ${missing}`);
  }
}
