import type { Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../cdk.json';
import { GroundplanApp } from '../../patterns/groundplan-app';
import { MAIL_FROM, type TemplateResource } from '../synthesize';

const app = (context: Record<string, unknown>) =>
  new GroundplanApp({ context: { ...cdkJson.context, ...context }, builtinCloudFormationValidation: false });

/** Synthesizes without the report on standard error. */
function synthesize(built: GroundplanApp) {
  const write = process.stderr.write;
  process.stderr.write = () => true;
  try {
    return built.synth();
  } finally {
    process.stderr.write = write;
  }
}

describe('the CDK app', () => {
  it('passes every rule pack in prod, with and without an e-mail', async () => {
    for (const alarmEmail of ['ops@example.com', undefined]) {
      const prod = await app({ stage: 'prod', ...(alarmEmail !== undefined && { alarmEmail }) }).addChecks();
      expect(() => synthesize(prod)).not.toThrow();
    }
  });

  it('lets mail to the users of each pattern come from the address that is passed', () => {
    const senders = (context: Record<string, unknown>) =>
      synthesize(app(context))
        .stacks.flatMap(({ template }) => Object.values(template.Resources as Record<string, TemplateResource>))
        .flatMap(({ Type, Properties }) =>
          Type === 'AWS::Cognito::UserPool' ? [(Properties['EmailConfiguration'] as { From?: string })?.From] : [],
        );
    expect(senders({})).toEqual(Array(4).fill(undefined));
    expect(senders({ mailFrom: MAIL_FROM })).toEqual(Array(4).fill(MAIL_FROM));
  });

  it.each([
    ['prod', true],
    ['dev', false],
  ])('in %s a finding fails the synth: %s', async (stage, fails) => {
    const built = await app({ stage }).addChecks();
    new Queue(built.node.findChild('EventDriven') as Stack, 'Bare');
    if (fails) expect(() => synthesize(built)).toThrow(/[Vv]alidation/);
    else expect(() => synthesize(built)).not.toThrow();
  });
});
