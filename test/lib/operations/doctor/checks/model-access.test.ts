import { describe, expect, it } from 'vitest';
import { modelAccess } from '../../../../../lib/operations/doctor/checks/model-access';
import { denied, Refusal } from '../account-fixture';
import { type Resources, useDoctor } from '../doctor-fixture';

const { told, account } = useDoctor();
const NOVA = 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0';
const CLAUDE = 'arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0';
const policy = (...Resource: readonly unknown[]): Resources => ({
  Policy: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: [{ Resource }] } } },
});
const PROFILE = {
  'Fn::Join': [
    '',
    ['arn:aws:bedrock:eu-west-1:', { Ref: 'AWS::AccountId' }, ':inference-profile/eu.amazon.nova-lite-v1:0'],
  ],
};
const available = {
  agreementAvailability: { status: 'AVAILABLE' },
  authorizationStatus: 'AUTHORIZED',
  entitlementAvailability: 'AVAILABLE',
  regionAvailability: 'AVAILABLE',
};
const model = (change: object) => ({
  'bedrock:GetFoundationModelAvailability': () => ({ ...available, ...change }),
});

describe('access to models', () => {
  it.each([
    [{}, 'ok'],
    [{ agreementAvailability: { status: 'NOT_AVAILABLE' } }, 'will-fail'],
    [{ agreementAvailability: { status: 'ERROR' } }, 'will-fail'],
    [{ agreementAvailability: { status: 'PENDING' } }, 'cannot-tell'],
    [{ authorizationStatus: 'NOT_AUTHORIZED' }, 'will-fail'],
    [{ entitlementAvailability: 'NOT_AVAILABLE' }, 'will-fail'],
    [{ regionAvailability: 'NOT_AVAILABLE' }, 'will-fail'],
  ])('%j: %s', async (change, expected) => {
    expect((await told(modelAccess.id, policy(NOVA), model(change))).map(({ is }) => is)).toEqual([expected]);
  });

  it('is asked for by a command, and for Anthropic by a form first', async () => {
    const none = model({ entitlementAvailability: 'NOT_AVAILABLE' });
    const [nova] = await told(modelAccess.id, policy(NOVA), none);
    expect(nova?.commands?.map((command) => command.split(' ')[2])).toEqual([
      'list-foundation-model-agreement-offers',
      'create-foundation-model-agreement',
    ]);
    const [claude] = await told(modelAccess.id, policy(CLAUDE), none);
    expect(claude?.commands?.[0]).toMatch(/^aws bedrock put-use-case-for-model-access /);
    expect(claude?.subject).toBe('anthropic.claude-3-haiku-20240307-v1:0');
  });

  it('of an inference profile is judged once, where the profile goes', async () => {
    expect(await told(modelAccess.id, policy(PROFILE, NOVA, NOVA.replace('eu-west-1', 'eu-central-1')))).toMatchObject([
      { is: 'ok', subject: 'eu.amazon.nova-lite-v1:0', reason: 'amazon.nova-lite-v1:0 can be called in eu-central-1' },
    ]);
    const asked = account().asked.filter(({ action }) => action.startsWith('bedrock:'));
    expect(asked.map(({ region, input }) => [region, input['id']])).toEqual([
      ['eu-west-1', 'eu.amazon.nova-lite-v1:0'],
      ['eu-central-1', 'amazon.nova-lite-v1:0'],
    ]);
  });

  it('of an inference profile that is not there fails', async () => {
    for (const answer of [new Refusal('ResourceNotFoundException', 'not found', 404), { status: 'INACTIVE' }]) {
      expect(
        await told(modelAccess.id, policy(PROFILE), { 'bedrock:GetInferenceProfile': () => answer }),
      ).toMatchObject([{ is: 'will-fail', commands: ['aws bedrock list-inference-profiles --region eu-west-1'] }]);
    }
    expect(
      await told(modelAccess.id, policy(PROFILE), { 'bedrock:GetInferenceProfile': () => ({ status: 'ACTIVE' }) }),
    ).toMatchObject([{ is: 'cannot-tell' }]);
  });

  it('to a model that Bedrock does not know fails', async () => {
    const unknown = {
      'bedrock:GetFoundationModelAvailability': () =>
        new Refusal('ValidationException', 'The provided model identifier is invalid'),
    };
    expect(await told(modelAccess.id, policy(NOVA), unknown)).toMatchObject([
      { is: 'will-fail', reason: 'Bedrock has no model amazon.nova-lite-v1:0 in eu-west-1' },
    ]);
  });

  it('is not asked for any model at all, nor where none is named, and cannot be told without permission', async () => {
    expect(await told(modelAccess.id, policy('arn:aws:bedrock:*::foundation-model/*', '*'))).toEqual([]);
    expect(
      await told(modelAccess.id, policy(NOVA), { 'bedrock:GetFoundationModelAvailability': denied }),
    ).toMatchObject([
      { is: 'cannot-tell', reason: 'no permission for bedrock:GetFoundationModelAvailability in eu-west-1' },
    ]);
  });
});
