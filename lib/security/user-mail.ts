import { CfnParameter, Fn, Stack, Token } from 'aws-cdk-lib';
import type { CfnUserPool } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { EMAIL } from '../validation/email';
import { refuse, warn } from '../validation/refuse';

/** Sender address of e-mail to users. */
export interface UserMail {
  /**
   * An address of a domain that SES has verified in this region, outside of SES's sandbox. @default - prod asks at deployment, by a
   * template parameter; elsewhere Cognito sends by itself, 50 mails a day at most
   */
  readonly from?: string;
}

/**
 * The settings for sending through SES, or nothing for Cognito's own sender (cognito-ses-for-email).
 *
 * @throws RefusedValueError for an address that cannot be one.
 */
export function mailSettings(
  scope: Construct,
  { from }: UserMail,
  stage: StageSettings,
): CfnUserPool.EmailConfigurationProperty | undefined {
  if (from !== undefined && !Token.isUnresolved(from) && !EMAIL.test(from)) {
    refuse(scope, {
      prop: 'email.from',
      value: from,
      allowed: 'an e-mail address, such as accounts@example.com',
      fix: 'correct the address; SES must have verified its domain',
      catalogueId: 'cognito-ses-for-email',
    });
  }
  const address = from ?? addressToAskFor(scope, stage);
  if (address === undefined) return undefined;
  return {
    emailSendingAccount: 'DEVELOPER',
    from: address,
    sourceArn: Stack.of(scope).formatArn({ service: 'ses', resource: 'identity', resourceName: domainOf(address) }),
  };
}

function addressToAskFor(scope: Construct, { strict, name }: StageSettings): string | undefined {
  // 50 mails a day are enough for those who develop.
  if (name === 'dev') return undefined;
  if (!strict) {
    warn(
      scope,
      'cognito-ses-for-email',
      'Cognito sends e-mail to users itself, which is limited to 50 messages a day. Pass email.from to use SES.',
    );
    return undefined;
  }
  return new CfnParameter(scope, 'MailFrom', {
    description:
      'Sender address of e-mail to users, in a domain that SES has verified. Pass it at synth to omit this parameter.',
    allowedPattern: EMAIL.source,
    constraintDescription: 'must be an e-mail address',
  }).valueAsString;
}

function domainOf(address: string): string {
  return Token.isUnresolved(address) ? Fn.select(1, Fn.split('@', address)) : address.slice(address.indexOf('@') + 1);
}
