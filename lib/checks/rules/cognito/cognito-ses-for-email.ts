import { notApplicable, type Rule, verdict } from '../../rule';

/**
 * The built-in sender stops at 50 emails a day; production needs SES. Judged are pools with a login page, where anyone may sign
 * up and ask for codes.
 */
export const cognitoSesForEmail: Rule = {
  id: 'cognito-ses-for-email',
  title: 'A user pool with a login page sends its mail through SES',
  why: 'The sender that is built into Cognito stops at 50 e-mails a day. After the 50th, codes are not sent: users can neither sign up nor reset a password until the next day.',
  fix: 'Set EmailConfiguration with EmailSendingAccount DEVELOPER and the SourceArn of an SES identity (UserPoolEmail.withSES in the CDK).',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html',
  example: {
    fixed: {
      Users: {
        Type: 'AWS::Cognito::UserPool',
        Properties: {
          EmailConfiguration: {
            EmailSendingAccount: 'DEVELOPER',
            SourceArn: 'arn:aws:ses:eu-west-1:111122223333:identity/example.com',
          },
        },
      },
      LoginPage: {
        Type: 'AWS::Cognito::UserPoolDomain',
        Properties: { UserPoolId: { Ref: 'Users' }, Domain: 'shop' },
      },
    },
    broken: [
      { 'Users.Properties.EmailConfiguration': null },
      { 'Users.Properties.EmailConfiguration.EmailSendingAccount': 'COGNITO_DEFAULT' },
      { 'Users.Properties.EmailConfiguration.SourceArn': null },
    ],
  },
  types: ['AWS::Cognito::UserPool'],
  check: (pool, inventory) => {
    const page = inventory.referrers('AWS::Cognito::UserPoolDomain', 'UserPoolId', pool).length > 0;
    // Fifty a day are enough for development.
    if (!page || !inventory.strict) return notApplicable;
    const sender = pool.literal('EmailConfiguration.EmailSendingAccount') ?? 'COGNITO_DEFAULT';
    return verdict([
      sender !== 'DEVELOPER' &&
        !pool.has('LambdaConfig.CustomEmailSender') &&
        `EmailSendingAccount is ${String(sender)}: 50 e-mails a day; allowed: DEVELOPER, which is SES`,
      sender === 'DEVELOPER' && !pool.has('EmailConfiguration.SourceArn') && 'SourceArn names no identity of SES',
    ]);
  },
};
