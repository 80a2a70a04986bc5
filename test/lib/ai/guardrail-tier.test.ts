import type { Environment } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { type ExistingGuardrail, Guardrail } from '../../../lib/ai/guardrail';
import type { GuardrailPolicies } from '../../../lib/ai/guardrail-policies';
import { emptyFixture, only, statementsFor, text } from './knowledge-fixture';

function fixture(region: string | undefined, policies?: GuardrailPolicies) {
  const env: Environment = { ...(region !== undefined && { region, account: '111111111111' }) };
  const { stack, stage, key, role } = emptyFixture('dev', env);
  const guardrail = new Guardrail(stack, 'Guardrail', { stage, encryptionKey: key, policies });
  guardrail.grantApply(role);
  const template = Template.fromStack(stack);
  const { Properties } = only(template, 'AWS::Bedrock::Guardrail');
  const [apply] = statementsFor(template, 'bedrock:ApplyGuardrail');
  const said = Annotations.fromStack(stack);
  return {
    guardrail,
    properties: Properties,
    version: only(template, 'AWS::Bedrock::GuardrailVersion').logicalId,
    resources: [apply?.['Resource']].flat().map(text),
    warnings: said
      .findWarning('*', Match.stringLikeRegexp('bedrock-guardrail-policies'))
      .map(({ entry }) => String(entry.data)),
    notes: said
      .findInfo('*', Match.stringLikeRegexp('bedrock-guardrail-policies'))
      .map(({ entry }) => String(entry.data)),
  };
}

describe('a guardrail of the standard tier', () => {
  const { properties, resources, warnings, notes } = fixture('eu-west-1');

  it('is the default where the profile goes no further than the default model, and says where it judges', () => {
    expect(properties).toMatchObject({
      CrossRegionConfig: { GuardrailProfileArn: expect.anything() },
      ContentPolicyConfig: { ContentFiltersTierConfig: { TierName: 'STANDARD' } },
      TopicPolicyConfig: { TopicsTierConfig: { TierName: 'STANDARD' } },
    });
    expect(text((properties['CrossRegionConfig'] as Record<string, unknown>)['GuardrailProfileArn'])).toMatch(
      /:bedrock:eu-west-1:111111111111:guardrail-profile\/eu\.guardrail\.v1:0$/,
    );
    expect(warnings).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('may judge text in eu-central-1, eu-north-1')]);
  });

  it('may be applied with its profile in each region that judges, and nowhere else', () => {
    const regions = resources.flatMap((arn) => /:bedrock:([^:]*):111111111111:guardrail-profile/.exec(arn)?.[1] ?? []);
    expect(regions).toEqual(['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3']);
    expect(resources).toHaveLength(7);
  });

  it('takes longer topics', () => {
    const deniedTopics = [{ name: 'a', definition: 'x'.repeat(1000) }];
    expect(fixture('eu-west-1', { deniedTopics }).warnings).toEqual([]);
  });

  it('says nothing of where it judges to who asked for it', () => {
    expect(fixture('ap-northeast-1', { tier: 'standard' })).toMatchObject({ warnings: [], notes: [] });
  });

  it.each([
    ['sa-east-1', /policies\.tier is 'standard, in sa-east-1'.*use 'classic'/],
    [undefined, /only the deployment knows.*give the stack an env/],
  ])('is refused in %s', (region, message) => {
    expect(() => fixture(region, { tier: 'standard' })).toThrow(message);
  });
});

describe('a guardrail of the classic tier', () => {
  it.each([
    ['sa-east-1', /English, French and Spanish only: sa-east-1 has no guardrail profile/],
    ['ap-northeast-1', /judges in ap-northeast-1, ap-northeast-2.*or to 'standard'/],
    [undefined, /the stack has no explicit region/],
  ])('is the default in %s, with one warning', (region, message) => {
    const { properties, resources, warnings } = fixture(region);
    expect(properties).not.toHaveProperty('CrossRegionConfig');
    expect(JSON.stringify(properties)).not.toContain('Tier');
    expect(resources).toHaveLength(1);
    expect(warnings).toEqual([expect.stringMatching(message)]);
  });

  it.each(['sa-east-1', 'eu-west-1', undefined])('is taken without a word in %s by who asks for it', (region) => {
    const { properties, warnings, notes } = fixture(region, { tier: 'classic' });
    expect(properties).not.toHaveProperty('CrossRegionConfig');
    expect([...warnings, ...notes]).toEqual([]);
  });

  it('has another version than the standard one', () => {
    expect(fixture('eu-west-1', { tier: 'classic' }).version).not.toBe(fixture('eu-west-1').version);
  });
});

describe('a guardrail that is there', () => {
  function resourcesOf(region: string | undefined, existing: Partial<ExistingGuardrail>) {
    const { stack, role } = emptyFixture('dev', { ...(region !== undefined && { region, account: '111111111111' }) });
    Guardrail.fromGuardrailAttributes(stack, { guardrailId: 'abc', version: '1', ...existing }).grantApply(role);
    const [apply] = statementsFor(Template.fromStack(stack), 'bedrock:ApplyGuardrail');
    return [apply?.['Resource']].flat().map(text);
  }
  const profile = 'us.guardrail.v1:0';

  it('of the standard tier is applied with its profile in each region that judges', () => {
    const arns = resourcesOf('us-east-1', { profile }).map((arn) => arn.split(':').slice(3).join(':'));
    expect(arns.sort()).toEqual([
      'us-east-1:111111111111:guardrail-profile/us.guardrail.v1:0',
      'us-east-1:111111111111:guardrail/abc',
      'us-east-2:111111111111:guardrail-profile/us.guardrail.v1:0',
      'us-west-2:111111111111:guardrail-profile/us.guardrail.v1:0',
    ]);
    expect(resourcesOf('us-east-1', {})).toHaveLength(1);
  });

  it.each([undefined, 'eu-west-1'])(
    'is applied with its profile in any region where the table does not have it: %s',
    (region) => {
      expect(resourcesOf(region, { profile })).toContainEqual(
        expect.stringMatching(/:bedrock:\*:.*:guardrail-profile\/us\./),
      );
    },
  );

  it.each(['', 'us', 'arn:aws:bedrock:us-east-1:111111111111:guardrail-profile/us.guardrail.v1:0'])(
    'has no profile %j',
    (wrong) => {
      expect(() => resourcesOf('us-east-1', { profile: wrong })).toThrow(/guardrail\.profile is .*eu\.guardrail\.v1:0/);
    },
  );
});
