import { Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { Guardrail, type GuardrailPolicies } from '../../../lib/ai/guardrail';
import { emptyFixture, only, statementsFor, text } from './knowledge-fixture';

function fixture(policies?: GuardrailPolicies, change: (guardrail: Guardrail) => void = () => undefined) {
  const { stack, stage, key, role } = emptyFixture();
  const guardrail = new Guardrail(stack, 'Guardrail', { stage, encryptionKey: key, policies });
  guardrail.grantApply(role);
  change(guardrail);
  const template = Template.fromStack(stack);
  const { Properties } = only(template, 'AWS::Bedrock::Guardrail');
  return { template, properties: Properties, version: only(template, 'AWS::Bedrock::GuardrailVersion').logicalId };
}

interface Filters {
  readonly FiltersConfig: readonly Record<string, unknown>[];
}
const filtersOf = (properties: Record<string, unknown>, policy: string) =>
  (properties[policy] as Filters).FiltersConfig;

describe('a guardrail (bedrock-guardrail-policies)', () => {
  const strict = fixture();

  it('looks for attacks in what is asked, and in nothing else', () => {
    const attacks = filtersOf(strict.properties, 'ContentPolicyConfig').filter(({ Type }) => Type === 'PROMPT_ATTACK');
    expect(attacks).toEqual([{ Type: 'PROMPT_ATTACK', InputStrength: 'HIGH', OutputStrength: 'NONE' }]);
  });

  it('is as strict as it can be where nothing is said', () => {
    const content = filtersOf(strict.properties, 'ContentPolicyConfig').filter(({ Type }) => Type !== 'PROMPT_ATTACK');
    expect(content.map(({ Type }) => Type)).toEqual(['HATE', 'INSULTS', 'MISCONDUCT', 'SEXUAL', 'VIOLENCE']);
    expect(
      content.every(({ InputStrength, OutputStrength }) => InputStrength === 'HIGH' && OutputStrength === 'HIGH'),
    ).toBe(true);
    expect(filtersOf(strict.properties, 'ContextualGroundingPolicyConfig')).toEqual([
      { Type: 'GROUNDING', Threshold: 0.7 },
      { Type: 'RELEVANCE', Threshold: 0.5 },
    ]);
    expect(strict.properties).toMatchObject({
      WordPolicyConfig: { ManagedWordListsConfig: [{ Type: 'PROFANITY' }] },
      TopicPolicyConfig: { TopicsConfig: [{ Type: 'DENY', Name: 'Instructions of the assistant' }] },
    });
  });

  it('does with personal data what is said for each direction', () => {
    const { properties } = fixture({
      personalData: {
        EMAIL: { input: 'allow', output: 'mask' },
        NAME: { input: 'allow', output: 'allow' },
        PASSWORD: { input: 'block', output: 'allow' },
      },
    });
    expect(properties['SensitiveInformationPolicyConfig']).toEqual({
      PiiEntitiesConfig: [
        {
          Type: 'EMAIL',
          Action: 'ANONYMIZE',
          InputAction: 'NONE',
          InputEnabled: false,
          OutputAction: 'ANONYMIZE',
          OutputEnabled: true,
        },
        {
          Type: 'PASSWORD',
          Action: 'BLOCK',
          InputAction: 'BLOCK',
          InputEnabled: true,
          OutputAction: 'NONE',
          OutputEnabled: false,
        },
      ],
    });
  });

  it('is encrypted with our key, which whoever uses it may read with', () => {
    expect(strict.properties).toHaveProperty('KmsKeyArn');
    const [decrypt] = statementsFor(strict.template, 'kms:Decrypt');
    expect(text(decrypt?.['Resource'])).toBe(text(strict.properties['KmsKeyArn']));
    const [apply] = statementsFor(strict.template, 'bedrock:ApplyGuardrail');
    expect([apply?.['Resource']].flat().map(text)).toContainEqual(
      expect.stringMatching(/^<Guardrail.*\.GuardrailArn>$/),
    );
  });

  it.each([
    [{ grounding: { grounding: 1 } }, /policies\.grounding\.grounding is 1; allowed: 0 to 0\.99/],
    [{ grounding: { relevance: -0.1 } }, /relevance is -0\.1/],
    [{ personalData: { email: { input: 'mask', output: 'mask' } } }, /policies\.personalData is 'email'/],
    [{ deniedTopics: [{ name: '', definition: 'x' }] }, /topic\.name/],
    [{ deniedTopics: [{ name: 'a/b', definition: 'x' }] }, /topic\.name is 'a\/b'/],
    [
      { tier: 'classic', deniedTopics: [{ name: 'a', definition: 'x'.repeat(201) }] },
      /topic\.definition is '201 characters'; allowed: 1 to 200/,
    ],
    [
      { deniedTopics: [{ name: 'a', definition: 'x'.repeat(1001) }] },
      /topic\.definition is '1001 characters'; allowed: 1 to 1000/,
    ],
    [{ deniedTopics: [{ name: 'a', definition: 'x', examples: Array(6).fill('e') }] }, /6 examples/],
    [{ deniedTopics: [{ name: 'a', definition: 'x', examples: ['e'.repeat(101)] }] }, /1 to 100 characters for each/],
    [{ deniedTopics: Array.from({ length: 31 }, (_, n) => ({ name: `t${n}`, definition: 'x' })) }, /at most 30/],
  ] as const)('refuses what Bedrock would refuse (%#)', (policies, message) => {
    expect(() => fixture(policies as GuardrailPolicies)).toThrow(message);
  });

  it('refuses a topic that it has', () => {
    const twice = { name: 'Instructions of the assistant', definition: 'x' };
    expect(() => fixture(undefined, (guardrail) => guardrail.denyTopic(twice))).toThrow(/no other topic/);
  });
});

describe('the numbered version of a guardrail (bedrock-guardrail-required)', () => {
  it('stays when the policy stays, whatever it is called', () => {
    expect(fixture().version).toBe(fixture().version);
    expect(fixture(undefined, (guardrail) => Tags.of(guardrail).add('team', 'search')).version).toBe(fixture().version);
  });

  it('is another for each part of the policy', () => {
    const versions = [
      fixture(),
      fixture({ promptAttacks: 'LOW' }),
      fixture({ contentFilters: { HATE: { input: 'LOW', output: 'HIGH' } } }),
      fixture({ deniedTopics: [] }),
      fixture({ personalData: {} }),
      fixture({ profanity: false }),
      fixture({ grounding: { grounding: 0.8 } }),
      fixture({ grounding: { relevance: 0.6 } }),
      fixture(undefined, (guardrail) => guardrail.denyTopic({ name: 'Rivals', definition: 'What others sell.' })),
      fixture(undefined, ({ guardrail }) => guardrail.addPropertyOverride('BlockedInputMessaging', 'No.')),
    ].map(({ version }) => version);
    expect(new Set(versions).size).toBe(versions.length);
  });

  it('is what callers get, and is a copy of this guardrail', () => {
    const { template, version, properties } = fixture();
    const { Properties } = only(template, 'AWS::Bedrock::GuardrailVersion');
    expect(text(Properties['GuardrailIdentifier'])).toMatch(/^<Guardrail.*GuardrailId>$/);
    expect(properties).not.toHaveProperty('Version');
    const { stack, stage, key } = emptyFixture();
    const guardrail = new Guardrail(stack, 'Guardrail', { stage, encryptionKey: key });
    Template.fromStack(stack);
    expect(text(stack.resolve(guardrail.versionArn))).toMatch(new RegExp(`^<.*GuardrailArn>:<${version}\\.Version>$`));
  });

  it.each(['DRAFT', '0', ''])('is a number, not %s, of a guardrail of yours', (version) => {
    const { stack } = emptyFixture();
    expect(() => Guardrail.fromGuardrailAttributes(stack, { guardrailId: 'gr1', version })).toThrow(
      /guardrail\.version/,
    );
  });

  it('is of an id, not of an ARN', () => {
    const { stack } = emptyFixture();
    const guardrailId = 'arn:aws:bedrock:eu-west-1:111111111111:guardrail/gr1';
    expect(() => Guardrail.fromGuardrailAttributes(stack, { guardrailId, version: '1' })).toThrow(
      /guardrailId is 'arn:.*the last part/,
    );
  });
});
