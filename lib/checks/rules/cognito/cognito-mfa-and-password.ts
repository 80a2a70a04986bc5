import { type Rule, verdict } from '../../rule';

const SHORTEST = 12;

/** MFA and password policy are the pool's job. */
export const cognitoMfaAndPassword: Rule = {
  id: 'cognito-mfa-and-password',
  types: ['AWS::Cognito::UserPool'],
  check: (pool) => {
    const mfa = String(pool.literal('MfaConfiguration') ?? 'OFF');
    const totp = pool.list('EnabledMfas').includes('SOFTWARE_TOKEN_MFA');
    const passkey = pool.list('Policies.SignInPolicy.AllowedFirstAuthFactors').includes('WEB_AUTHN');
    const length = pool.number('Policies.PasswordPolicy.MinimumLength') ?? 8;
    return verdict([
      !['ON', 'OPTIONAL'].includes(mfa) && `MfaConfiguration is ${mfa}; allowed: OPTIONAL or ON`,
      !totp && !passkey && 'neither an authenticator app nor a passkey can be used; allowed: SOFTWARE_TOKEN_MFA',
      length < SHORTEST && `passwords may have ${length} characters; allowed: at least ${SHORTEST}`,
    ]);
  },
};
