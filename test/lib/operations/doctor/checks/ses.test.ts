import { describe, expect, it } from 'vitest';
import { ses } from '../../../../../lib/operations/doctor/checks/ses';
import { denied, Refusal } from '../account-fixture';
import { type Resources, useDoctor } from '../doctor-fixture';

const { told, account } = useDoctor();
const pool = (EmailConfiguration?: unknown): Resources => ({
  Users: { Type: 'AWS::Cognito::UserPool', Properties: { EmailConfiguration } },
});
const SENDER = {
  'Fn::Join': [
    '',
    ['arn:', { Ref: 'AWS::Partition' }, ':ses:us-east-1:', { Ref: 'AWS::AccountId' }, ':identity/example.com'],
  ],
};
const POOL = pool({ EmailSendingAccount: 'DEVELOPER', SourceArn: SENDER, From: 'shop@example.com' });

describe('mail by SES', () => {
  it('that may be sent is fine; SES is asked where the sender is', async () => {
    expect((await told(ses.id, POOL)).map(({ is, subject }) => [is, subject])).toEqual([
      ['ok', 'production access in us-east-1'],
      ['ok', 'example.com'],
    ]);
    const asked = account().asked.filter(({ action }) => action.startsWith('ses:'));
    expect(asked.map(({ action, region }) => `${action} ${region}`).sort()).toEqual([
      'ses:GetAccount us-east-1',
      'ses:GetEmailIdentity us-east-1',
    ]);
  });

  it.each([
    [{ ProductionAccessEnabled: false, SendingEnabled: true }, /is in the sandbox in us-east-1/],
    [
      { ProductionAccessEnabled: true, SendingEnabled: false, EnforcementStatus: 'SHUTDOWN' },
      /has paused sending in us-east-1 \(SHUTDOWN\)/,
    ],
  ])('fails in an account with %j', async (answer, reason) => {
    const found = await told(ses.id, POOL, { 'ses:GetAccount': () => answer });
    expect(found.find(({ is }) => is === 'will-fail')?.reason).toMatch(reason);
  });

  it.each([
    [
      () => ({ VerifiedForSendingStatus: false }),
      'aws sesv2 get-email-identity --region us-east-1 --email-identity example.com',
    ],
    [
      () => new Refusal('NotFoundException', 'not found', 404),
      'aws sesv2 create-email-identity --region us-east-1 --email-identity example.com',
    ],
  ])('fails from a sender that is not verified: %#', async (answer, command) => {
    const found = await told(ses.id, POOL, { 'ses:GetEmailIdentity': answer });
    expect(found.find(({ is }) => is === 'will-fail')?.commands).toEqual([command]);
  });

  it('is not asked of a pool that sends by Cognito', async () => {
    expect(await told(ses.id, pool())).toEqual([]);
    expect(await told(ses.id, pool({ EmailSendingAccount: 'COGNITO_DEFAULT' }))).toEqual([]);
  });

  it('cannot tell for a sender that deployment decides, or without permission', async () => {
    expect(await told(ses.id, pool({ EmailSendingAccount: 'DEVELOPER', SourceArn: { Ref: 'Sender' } }))).toMatchObject([
      { is: 'cannot-tell', subject: 'sender' },
    ]);
    expect((await told(ses.id, POOL, { 'ses:GetAccount': denied }))[0]).toMatchObject({
      is: 'cannot-tell',
      reason: 'no permission for ses:GetAccount in us-east-1',
    });
  });
});
