import { type Rule, verdict } from '../../rule';

const SHORTEST = 12;

export const cognitoMfaAndPassword: Rule = {
  id: 'cognito-mfa-and-password',
  title: 'A user pool offers an authenticator app or a passkey, and asks for 12 characters or more',
  why: 'Passwords that leak elsewhere are tried on every login page. Without a second factor each one that fits opens an account, and short passwords are the first that attackers guess. Cognito allows 8 characters unless you say more.',
  fix: 'Set MfaConfiguration to OPTIONAL or ON with SOFTWARE_TOKEN_MFA in EnabledMfas (mfa and mfaSecondFactor in the CDK), and MinimumLength of PasswordPolicy to 12.',
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html',
  example: {
    fixed: {
      Users: {
        Type: 'AWS::Cognito::UserPool',
        Properties: {
          MfaConfiguration: 'OPTIONAL',
          EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
          Policies: { PasswordPolicy: { MinimumLength: 12 } },
        },
      },
    },
    broken: [
      { 'Users.Properties.MfaConfiguration': null },
      { 'Users.Properties.MfaConfiguration': 'OFF' },
      { 'Users.Properties.EnabledMfas': ['SMS_MFA'] },
      { 'Users.Properties.Policies.PasswordPolicy.MinimumLength': 11 },
      { 'Users.Properties.Policies': null },
    ],
  },
  types: ['AWS::Cognito::UserPool'],
  check: (pool) => {
    const mfa = pool.text('MfaConfiguration') ?? 'OFF';
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
