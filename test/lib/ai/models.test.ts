import { CfnParameter, Lazy } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { EmbeddingModel } from '../../../lib/ai/embedding-model';
import { GenerationModel } from '../../../lib/ai/generation-model';
import { Guardrail } from '../../../lib/ai/guardrail';
import { ENDED_MODELS } from '../../../lib/facts/model-lifecycle';
import { emptyFixture, IRELAND, knowledgeFixture, only, statementsFor, text } from './knowledge-fixture';

const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
const GUARDRAIL = 'arn:aws:bedrock:eu-west-1:111111111111:guardrail/gr1';
/** Any numbered version of this guardrail, and never its draft. */
const WITH_GUARDRAIL = {
  StringLike: { 'bedrock:GuardrailIdentifier': ['?', '??', '???', '????'].map((number) => `${GUARDRAIL}:${number}`) },
};

function statementsOf(model: GenerationModel, env = IRELAND) {
  const { stack, role } = emptyFixture('dev', env);
  const guardrail = Guardrail.fromGuardrailAttributes(stack, { guardrailId: 'gr1', version: '3' });
  model.grantInvoke(role, guardrail);
  const statements = statementsFor(Template.fromStack(stack), 'bedrock:InvokeModel');
  return {
    stack,
    statements: statements.map(({ Action, Resource, Condition }) => ({
      action: Action,
      resources: [Resource].flat().map(text),
      condition: Condition as { StringEquals: Record<string, string> },
    })),
  };
}

describe('a model by its id alone', () => {
  it.each([
    ['eu.amazon.nova-2-lite-v1:0', 'amazon.nova-2-lite-v1:0'],
    ['global.anthropic.claude-opus-4-6-v1', 'anthropic.claude-opus-4-6-v1'],
    ['eu.ai21.jamba-1-5-large-v1:0', 'ai21.jamba-1-5-large-v1:0'],
  ])('is the profile %s by its form', (id, modelId) => {
    const model = GenerationModel.ofId(id);
    expect([model.idIn(emptyFixture().stack), model.modelId]).toEqual([id, modelId]);
    const resources = statementsOf(model).statements.flatMap((statement) => statement.resources);
    expect(resources.filter((arn) => arn.endsWith(`:inference-profile/${id}`))).toHaveLength(1);
  });

  it.each([
    'amazon.nova-lite-v1:0',
    'amazon.nova-lite-v1:0:24k',
    'deepseek.v3.2',
    'zai.glm-4.7',
    'minimax.minimax-m2.1',
  ])('is the model %s, which stays in the region', (id) => {
    const { statements } = statementsOf(GenerationModel.ofId(id));
    expect(statements.flatMap(({ resources }) => resources)).toEqual([
      `arn:aws:bedrock:eu-west-1::foundation-model/${id}`,
    ]);
  });

  it('is refused where it has the form of a profile, and no known geography', () => {
    expect(() => GenerationModel.ofId('uk.amazon.nova-lite-v1:0').idIn(emptyFixture().stack)).toThrow(
      /model is 'uk\.amazon\.nova-lite-v1:0'; allowed: a geography \(us, us-gov/,
    );
  });
});

describe('a model that answers (bedrock-inference-profile, bedrock-guardrail-required)', () => {
  it('may be called by its profile, in each region of the geography, with the guardrail alone', () => {
    const { statements } = statementsOf(GenerationModel.inferenceProfile('eu.amazon.nova-2-lite-v1:0'));
    const profile = 'arn:aws:bedrock:eu-west-1:111111111111:inference-profile/eu.amazon.nova-2-lite-v1:0';
    const regions = ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'];
    expect(statements).toEqual([
      { action: INVOKE, resources: [profile], condition: WITH_GUARDRAIL },
      {
        action: INVOKE,
        resources: regions.map((region) => `arn:aws:bedrock:${region}::foundation-model/amazon.nova-2-lite-v1:0`),
        condition: {
          ...WITH_GUARDRAIL,
          StringEquals: { 'bedrock:InferenceProfileArn': profile },
        },
      },
    ]);
  });

  it('is allowed in the region that a call comes from, besides those of its geography', () => {
    const env = { ...IRELAND, region: 'us-west-1' };
    const { statements } = statementsOf(GenerationModel.inferenceProfile('us.amazon.nova-2-lite-v1:0'), env);
    expect(statements[1]?.resources.map((arn) => arn.split(':')[3])).toEqual([
      'us-east-1',
      'us-east-2',
      'us-west-1',
      'us-west-2',
    ]);
  });

  it('goes anywhere by the ARN without a region, and only for a global profile', () => {
    const { statements } = statementsOf(GenerationModel.inferenceProfile('global.amazon.nova-2-lite-v1:0'));
    expect(statements.map(({ resources }) => resources)).toEqual([
      ['arn:aws:bedrock:eu-west-1:111111111111:inference-profile/global.amazon.nova-2-lite-v1:0'],
      ['arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-2-lite-v1:0'],
      ['arn:aws:bedrock:::foundation-model/amazon.nova-2-lite-v1:0'],
    ]);
    expect(statements.map(({ condition }) => condition.StringEquals['aws:RequestedRegion'])).toEqual([
      'eu-west-1',
      'eu-west-1',
      'unspecified',
    ]);
    for (const { condition } of statements) {
      expect(condition).toMatchObject(WITH_GUARDRAIL);
    }
  });

  it('stays in the region by its own id', () => {
    const { statements } = statementsOf(GenerationModel.foundationModel('amazon.nova-lite-v1:0'));
    expect(statements.map(({ resources }) => resources)).toEqual([
      ['arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0'],
    ]);
  });

  it('takes an application inference profile, whose ARN only the deployment knows', () => {
    const arn = Lazy.string({
      produce: () => 'arn:aws:bedrock:eu-west-1:111111111111:application-inference-profile/p1',
    });
    const regions = ['eu-central-1', 'eu-west-3'];
    const model = GenerationModel.applicationInferenceProfile(arn, { modelId: 'amazon.nova-lite-v1:0', regions });
    const { statements } = statementsOf(model);
    expect(statements[0]?.resources).toEqual([
      'arn:aws:bedrock:eu-west-1:111111111111:application-inference-profile/p1',
    ]);
    expect(statements[1]?.resources.map((each) => each.split(':')[3])).toEqual([
      'eu-central-1',
      'eu-west-1',
      'eu-west-3',
    ]);
    expect(statements[1]?.condition.StringEquals['bedrock:InferenceProfileArn']).toMatch(/application-inference/);
  });

  it.each([
    ['us-east-1', 'us.amazon.nova-2-lite-v1:0'],
    ['eu-central-1', 'eu.amazon.nova-2-lite-v1:0'],
    ['ap-northeast-1', 'jp.amazon.nova-2-lite-v1:0'],
    ['ap-southeast-2', 'apac.amazon.nova-lite-v1:0'],
    ['ca-central-1', 'ca.amazon.nova-lite-v1:0'],
  ])('is by default one that stays in the geography of %s', (region, id) => {
    const { stack } = emptyFixture('dev', { ...IRELAND, region });
    expect(GenerationModel.default(stack).idIn(stack)).toBe(id);
  });

  it.each(['eu-west-2', 'sa-east-1'])('has no default in %s, and says at synth what to pass', (region) => {
    const { stack } = emptyFixture('dev', { ...IRELAND, region });
    GenerationModel.default(stack);
    expect(() => Template.fromStack(stack)).toThrow(
      /region is '.*Fix: pass a model: -c model=global\.amazon\.nova-2-lite-v1:0/,
    );
  });

  it('has no default where the region is not known', () => {
    const { stack } = emptyFixture('dev', {});
    expect(() => GenerationModel.default(stack)).toThrow(/only the deployment knows.*give the stack an env/);
  });

  it.each([
    [GenerationModel.foundationModel('amazon.nova-2-lite-v1:0'), /the model requires a profile/],
    [GenerationModel.foundationModel('anthropic.claude-haiku-4-5-20251001-v1:0'), /inferenceProfile/],
    [GenerationModel.foundationModel('eu.amazon.nova-lite-v1:0'), /use inferenceProfile/],
    [GenerationModel.inferenceProfile('amazon.nova-lite-v1:0'), /a geography \(us, us-gov/],
    [GenerationModel.inferenceProfile('us.amazon.nova-lite-v1:0'), /us\.amazon.* in eu-west-1.*global\.amazon/],
    [GenerationModel.inferenceProfile('eu.anthropic.claude-3-7-sonnet-20250219-v1:0'), /ended on 2026-07-30/],
    [
      GenerationModel.applicationInferenceProfile('arn:x', { modelId: 'amazon.nova-lite-v1:0', regions: [] }),
      /at least one/,
    ],
    [
      GenerationModel.applicationInferenceProfile('arn:x', { modelId: 'anthropic.claude-v2', regions: ['us-east-1'] }),
      /ended on/,
    ],
  ])('refuses what Bedrock would refuse (%#)', (model, message) => {
    const { stack } = emptyFixture();
    expect(() => model.idIn(stack)).toThrow(message);
    expect(() => statementsOf(model)).toThrow(message);
  });

  it('says what it cannot tell', () => {
    const { stack } = emptyFixture();
    const id = new CfnParameter(stack, 'Model').valueAsString;
    GenerationModel.foundationModel(id).idIn(stack);
    const warnings = Annotations.fromStack(stack);
    warnings.hasWarning(
      '/Rag',
      Match.stringLikeRegexp('Cannot check whether the model is past its end of life.*bedrock-model-lifecycle'),
    );
    warnings.hasWarning('/Rag', Match.stringLikeRegexp('Cannot check whether the model requires an inference profile'));
    expect(() => GenerationModel.inferenceProfile(id).idIn(stack)).toThrow(/known at deployment only/);
  });

  it('warns of a model that ends soon', () => {
    const { stack } = emptyFixture();
    GenerationModel.inferenceProfile('eu.anthropic.claude-sonnet-4-5-20250929-v1:0').idIn(stack);
    Annotations.fromStack(stack).hasWarning('/Rag', Match.stringLikeRegexp('reaches its end of life on 2027-04-08'));
  });
});

describe('models past their end of life (bedrock-model-lifecycle)', () => {
  it.each([
    'anthropic.claude-3-5-sonnet-20241022-v2:0',
    'anthropic.claude-3-haiku-20240307-v1:0:48k',
    'anthropic.claude-instant-v1',
    'anthropic.claude-opus-4-20250514-v1:0',
    'amazon.titan-text-express-v1',
    'amazon.nova-premier-v1:0',
    'cohere.command-r-plus-v1:0',
    'meta.llama3-2-90b-instruct-v1:0',
  ])('knows %s', (id) => {
    expect(ENDED_MODELS.filter(({ pattern }) => pattern.test(id))).toHaveLength(1);
  });

  it.each([
    'anthropic.claude-opus-4-1-20250805-v1:0',
    'anthropic.claude-sonnet-4-5-20250929-v1:0',
    'anthropic.claude-sonnet-4-6',
    'anthropic.claude-haiku-5-5',
    'amazon.nova-lite-v1:0',
    'amazon.nova-2-lite-v1:0',
    'amazon.titan-embed-text-v2:0',
    'meta.llama3-3-70b-instruct-v1:0',
  ])('lets %s be', (id) => {
    expect(ENDED_MODELS.some(({ pattern }) => pattern.test(id))).toBe(false);
  });
});

describe('an embedding model (rag-knowledge-base)', () => {
  const modelIn = (embedding: EmbeddingModel) =>
    (
      only(knowledgeFixture({ embedding }).synthesize(), 'AWS::Bedrock::KnowledgeBase').Properties[
        'KnowledgeBaseConfiguration'
      ] as { VectorKnowledgeBaseConfiguration: Record<string, unknown> }
    ).VectorKnowledgeBaseConfiguration;

  it('is asked for vectors as long as the index holds', () => {
    const template = knowledgeFixture({ embedding: EmbeddingModel.titanTextV2(512) }).synthesize();
    expect(only(template, 'AWS::S3Vectors::Index').Properties['Dimension']).toBe(512);
    expect(modelIn(EmbeddingModel.titanTextV2(512))).toMatchObject({
      EmbeddingModelConfiguration: {
        BedrockEmbeddingModelConfiguration: { Dimensions: 512, EmbeddingDataType: 'FLOAT32' },
      },
    });
  });

  it('is not asked for a length where it has one alone', () => {
    const embedding = EmbeddingModel.of({ modelId: 'cohere.embed-multilingual-v3', dimensions: 1024, allowed: [1024] });
    expect(modelIn(embedding)).not.toHaveProperty('EmbeddingModelConfiguration');
  });

  it.each([
    [EmbeddingModel.titanTextV2(768), /embedding\.dimensions is 768; allowed: 256, 512, 1024/],
    [EmbeddingModel.cohereEmbedV4(3072), /allowed: 256, 512, 1024, 1536/],
    [EmbeddingModel.nova2(512), /allowed: 256, 384, 1024, 3072/],
    [EmbeddingModel.of({ modelId: 'x', dimensions: 2, allowed: [1] }), /allowed: 1 for x/],
  ])('refuses a dimension that it has not (%#)', (embedding, message) => {
    expect(() => knowledgeFixture({ embedding })).toThrow(message);
  });

  it('warns of a region that has not the model', () => {
    const { stack } = knowledgeFixture({ embedding: EmbeddingModel.nova2() });
    Annotations.fromStack(stack).hasWarning(
      '/Rag/Knowledge',
      Match.stringLikeRegexp('available in us-east-1 but not in eu-west-1'),
    );
  });
});
