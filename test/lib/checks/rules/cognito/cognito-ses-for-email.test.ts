import { cognitoSesForEmail } from '../../../../../lib/checks/rules/cognito/cognito-ses-for-email';
import { cases, type Literals, PARAMETER, ref } from '../../literal-fixture';

const EMAIL = 'Pool.EmailConfiguration';
const pool: Literals = {
  Pool: ['AWS::Cognito::UserPool', { EmailConfiguration: { EmailSendingAccount: 'DEVELOPER', SourceArn: 'arn' } }],
  Page: ['AWS::Cognito::UserPoolDomain', { UserPoolId: ref('Pool') }],
};
const says = 'EmailSendingAccount is COGNITO_DEFAULT: 50 e-mails a day; allowed: DEVELOPER, which is SES';

cases(cognitoSesForEmail, pool, [
  ['compliant', 'mail goes by SES'],
  ['violation', 'it goes by Cognito', { [`${EMAIL}.EmailSendingAccount`]: 'COGNITO_DEFAULT' }, says],
  ['violation', 'it does not say', { [EMAIL]: undefined }, says],
  ['compliant', 'a function sends it', { [EMAIL]: undefined, 'Pool.LambdaConfig.CustomEmailSender.LambdaArn': 'arn' }],
  ['violation', 'SES has no identity', { [`${EMAIL}.SourceArn`]: undefined }, 'SourceArn names no identity of SES'],
  ['not-applicable', 'there is no login page', { [EMAIL]: undefined, Page: undefined }],
  ['not-applicable', 'the page is another’s', { [EMAIL]: undefined, 'Page.UserPoolId': 'other' }],
  ['not-applicable', 'in development', { [EMAIL]: undefined }, { strict: false }],
  ['cannot-tell', 'a parameter says it', { [`${EMAIL}.EmailSendingAccount`]: PARAMETER }],
]);
