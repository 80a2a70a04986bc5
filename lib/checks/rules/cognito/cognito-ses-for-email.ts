import { notApplicable, type Rule, verdict } from '../../rule';

/**
 * The built-in sender stops at 50 emails a day; production needs SES. Judged are pools with a login page, where anybody may sign
 * up and ask for codes.
 */
export const cognitoSesForEmail: Rule = {
  id: 'cognito-ses-for-email',
  types: ['AWS::Cognito::UserPool'],
  check: (pool, inventory) => {
    const page = inventory
      .ofType('AWS::Cognito::UserPoolDomain')
      .some((domain) => inventory.names(domain, domain.get('UserPoolId'), pool));
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
