import type { TemplateResource } from '../../../template/template-resource';
import type { Place } from '../place';
import { type Answer, type Aws, type Check, cannotTell, ok, type Question, willFail } from '../question';

/** Whether SES sends the mail of user pools that send by it (AWS: Cognito, email settings; SES, sandbox). */
export const ses: Check = {
  id: 'ses',
  questions: (place) =>
    place.ofType('AWS::Cognito::UserPool').flatMap((pool): readonly Question[] => {
      const settings = pool.properties['EmailConfiguration'];
      if (typeof settings !== 'object' || settings === null) return [];
      const { EmailSendingAccount, SourceArn } = settings as Readonly<Record<string, unknown>>;
      if (EmailSendingAccount !== 'DEVELOPER') return [];
      return questionsFor(place, pool, SourceArn);
    }),
};

function questionsFor(place: Place, pool: TemplateResource, sourceArn: unknown): readonly Question[] {
  const [, region, identity] =
    /^arn:[^:]+:ses:([^:]+):[^:]*:identity\/(.+)$/.exec(place.textOf(pool, sourceArn) ?? '') ?? [];
  const resources = [pool];
  if (region === undefined || identity === undefined) {
    return [{ subject: 'sender', resources, ask: async () => cannotTell('Its SourceArn is known only at deployment') }];
  }
  return [
    { subject: `production access in ${region}`, resources, ask: (aws) => account(aws, region) },
    { subject: identity, resources, ask: (aws) => verified(aws, identity, region) },
  ];
}

async function account(aws: Aws, region: string): Promise<Answer> {
  const { ProductionAccessEnabled, SendingEnabled, EnforcementStatus } = await aws.call('ses:GetAccount', {}, region);
  if (SendingEnabled === false)
    return willFail(`SES has paused sending in ${region} (${EnforcementStatus}): open a case with AWS Support`);
  if (ProductionAccessEnabled === true) return ok('out of the sandbox');
  return willFail(
    `SES is in the sandbox in ${region}: it delivers to verified addresses alone, and at most 200 mails a day`,
    `aws sesv2 put-account-details --region ${region} --production-access-enabled --mail-type TRANSACTIONAL --website-url https://<your site>`,
  );
}

async function verified(aws: Aws, identity: string, region: string): Promise<Answer> {
  const found = await aws.call('ses:GetEmailIdentity', { EmailIdentity: identity }, region).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'NotFoundException') return undefined;
    throw error;
  });
  if (found?.VerifiedForSendingStatus === true) return ok(`verified in ${region}`);
  if (found !== undefined) {
    const command = `aws sesv2 get-email-identity --region ${region} --email-identity ${identity}`;
    return willFail(`SES knows ${identity} in ${region}, and it is not verified: publish its DKIM records`, command);
  }
  const command = `aws sesv2 create-email-identity --region ${region} --email-identity ${identity}`;
  return willFail(`SES does not know ${identity} in ${region}`, command);
}
