import { type App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Mfa } from 'aws-cdk-lib/aws-cognito';
import { describe, expect, it } from 'vitest';
import { type StageName, stages } from '../../../lib';
import { allPacks } from '../../../lib/checks/all-packs';
import { UserDirectory, type UserDirectoryProps } from '../../../lib/security/user-directory';
import { resourcesOf, testApp, validationReport } from '../../synthesize';

function fixture(stage: StageName, props: Partial<UserDirectoryProps> = {}, app: App = testApp()) {
  const stack = new Stack(app, 'Mine');
  const directory = new UserDirectory(stack, 'People', { stage: stages[stage], ...props });
  const template = () => Template.fromStack(stack);
  const pool = () => Object.values(resourcesOf(template(), 'AWS::Cognito::UserPool'))[0]?.Properties ?? {};
  return { stack, directory, template, pool };
}

const ANY_PARTITION = { Ref: 'AWS::Partition' };
const identity = (domain: unknown) => ({
  'Fn::Join': [
    '',
    [
      'arn:',
      ANY_PARTITION,
      ':ses:',
      { Ref: 'AWS::Region' },
      ':',
      { Ref: 'AWS::AccountId' },
      ...(typeof domain === 'string' ? [`:identity/${domain}`] : [':identity/', domain]),
    ],
  ],
});

describe('a user directory', () => {
  it.each([
    ['dev', undefined, true],
    ['staging', undefined, true],
    ['prod', undefined, false],
    ['prod', true, true],
    ['dev', false, false],
  ] as const)('in %s with selfSignUp %s lets anyone make an account: %s', (stage, selfSignUp, expected) => {
    expect(fixture(stage, { selfSignUp }).pool()['AdminCreateUserConfig']).toEqual({
      AllowAdminCreateUserOnly: !expected,
    });
  });

  it('offers TOTP, wants long passwords, and says what it is billed as', () => {
    expect(fixture('prod').pool()).toMatchObject({
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      Policies: { PasswordPolicy: { MinimumLength: 12, RequireSymbols: true } },
      UserPoolTier: 'ESSENTIALS',
      DeletionProtection: 'ACTIVE',
    });
  });

  it('requires TOTP of everyone, says what follows, and has nothing to excuse then', () => {
    const { stack, pool } = fixture('prod', { mfa: Mfa.REQUIRED });
    expect(pool()).toMatchObject({ MfaConfiguration: 'ON', EnabledMfas: ['SOFTWARE_TOKEN_MFA'] });
    Annotations.fromStack(stack).hasInfo('/Mine/People', Match.stringLikeRegexp('MFA_SETUP and SOFTWARE_TOKEN_MFA'));
    const { violations, acknowledged } = validationReport(
      (app) => void fixture('prod', { mfa: Mfa.REQUIRED, email: { from: 'a@example.com' } }, app),
      (app) => allPacks(app, { strict: true }),
    );
    expect(violations.filter(({ ruleName }) => /COG2|mfa/.test(ruleName))).toEqual([]);
    expect(acknowledged.filter(({ ruleName }) => /COG2|mfa/.test(ruleName))).toEqual([]);
  });

  it('has no MFA where that is off, which a strict stage refuses', () => {
    const { pool } = fixture('dev', { mfa: Mfa.OFF });
    expect(pool()['MfaConfiguration']).toBe('OFF');
    expect(pool()).not.toHaveProperty('EnabledMfas');
    expect(() => fixture('prod', { mfa: Mfa.OFF })).toThrow(
      "Mine/People: mfa is 'OFF'; allowed: OPTIONAL or ON in a strict stage, such as prod. [cognito-mfa-and-password]",
    );
  });

  it('says nothing of MFA by default', () => {
    Annotations.fromStack(fixture('prod').stack).hasNoInfo('*', Match.anyValue());
  });

  it('leaves mail to Cognito, and asks nothing, unless mail is spoken of', () => {
    const { template, pool } = fixture('prod');
    expect(pool()).not.toHaveProperty('EmailConfiguration');
    expect(template().findParameters('*', { AllowedPattern: Match.anyValue() })).toEqual({});
  });

  it.each(['dev', 'prod'] as const)('sends through SES from the address that is passed, in %s', (stage) => {
    const { template, pool } = fixture(stage, { email: { from: 'accounts@mail.example.com' } });
    expect(pool()['EmailConfiguration']).toEqual({
      EmailSendingAccount: 'DEVELOPER',
      From: 'accounts@mail.example.com',
      SourceArn: identity('mail.example.com'),
    });
    expect(template().findParameters('*', { AllowedPattern: Match.anyValue() })).toEqual({});
  });

  it('asks for the address at deployment where the stage is strict', () => {
    const { template, pool } = fixture('prod', { email: {} });
    const [[name, parameter] = ['', {}]] = Object.entries(
      template().findParameters('*', { AllowedPattern: Match.anyValue() }),
    );
    expect(name).toContain('PeopleMailFrom');
    expect(new RegExp((parameter as { AllowedPattern: string }).AllowedPattern).test('no address')).toBe(false);
    expect(parameter).not.toHaveProperty('Default');
    expect(pool()['EmailConfiguration']).toEqual({
      EmailSendingAccount: 'DEVELOPER',
      From: { Ref: name },
      SourceArn: identity({ 'Fn::Select': [1, { 'Fn::Split': ['@', { Ref: name }] }] }),
    });
  });

  it('warns elsewhere that Cognito stops at 50 mails a day', () => {
    const { stack, pool } = fixture('staging', { email: {} });
    expect(pool()).not.toHaveProperty('EmailConfiguration');
    Annotations.fromStack(stack).hasWarning('/Mine/People', Match.stringLikeRegexp('50 messages a day'));
  });

  it.each(['accounts', 'accounts@', '@example.com', 'accounts@example', 'a b@example.com'])(
    'refuses the address %j',
    (from) => {
      expect(() => fixture('dev', { email: { from } })).toThrow(
        `Mine/People: email.from is '${from}'; allowed: an e-mail address, such as accounts@example.com. [cognito-ses-for-email]`,
      );
    },
  );

  it('comes with a client for the API, or without', () => {
    const withClient = fixture('dev');
    withClient.template().resourceCountIs('AWS::Cognito::UserPoolClient', 1);
    expect(withClient.stack.resolve(withClient.directory.client.userPoolClientId)).toEqual({ Ref: expect.any(String) });
    const without = fixture('dev', { client: false });
    without.template().resourceCountIs('AWS::Cognito::UserPoolClient', 0);
    expect(() => without.directory.client).toThrow(
      'Mine/People: client is false; allowed: true. Fix: use the existing client',
    );
  });

  it('stands twice in a stack', () => {
    const { stack } = fixture('prod', { email: {} });
    new UserDirectory(stack, 'Others', { stage: stages.prod, email: {} });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Cognito::UserPool', 2);
    expect(Object.keys(template.findParameters('*', { AllowedPattern: Match.anyValue() }))).toHaveLength(2);
  });
});
