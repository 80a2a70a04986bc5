import { cognitoMfaAndPassword } from '../../../../../lib/checks/rules/cognito/cognito-mfa-and-password';
import { bounds, cases, type Literals } from '../../literal-fixture';

const pool: Literals = {
  Pool: [
    'AWS::Cognito::UserPool',
    {
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      Policies: { PasswordPolicy: { MinimumLength: 12 } },
    },
  ],
};
const neither = 'neither an authenticator app nor a passkey can be used';
const FACTORS = 'Pool.Policies.SignInPolicy.AllowedFirstAuthFactors';

bounds(cognitoMfaAndPassword, pool, 'Pool.Policies.PasswordPolicy.MinimumLength', {
  min: 12,
  unset: 'violation',
  says: 'characters; allowed: at least 12',
});
cases(cognitoMfaAndPassword, pool, [
  ['compliant', 'a second factor must be used', { 'Pool.MfaConfiguration': 'ON' }],
  ['violation', 'it may not', { 'Pool.MfaConfiguration': 'OFF' }, 'MfaConfiguration is OFF; allowed: OPTIONAL or ON'],
  ['violation', 'nothing is said', { 'Pool.MfaConfiguration': undefined }, 'MfaConfiguration is OFF'],
  ['violation', 'it goes by SMS', { 'Pool.EnabledMfas': ['SMS_MFA'] }, neither],
  ['compliant', 'a passkey may be used', { 'Pool.EnabledMfas': [], [FACTORS]: ['PASSWORD', 'WEB_AUTHN'] }],
  ['violation', 'a password alone', { 'Pool.EnabledMfas': [], [FACTORS]: ['PASSWORD'] }, neither],
  ['violation', 'passwords may have eight', { 'Pool.Policies': undefined }, 'passwords may have 8 characters'],
]);
