import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../../cdk.json';
import { STAGE_NAMES } from '../../../lib';
import { GenAiRag } from '../../../patterns/genai-rag';
import { RagEnvironment } from '../../../patterns/genai-rag/contract';
import { genAiRag } from '../../../patterns/genai-rag/pattern';
import { GroundplanApp } from '../../../patterns/groundplan-app';
import { genAiRagStack, genAiRagTemplate, MAIL_FROM, resourcesOf, testApp } from '../../synthesize';

/** Types that hold data, keys, users or logs. Vectors are a copy of the documents, and of no use without their knowledge base. */
const STATEFUL = /^AWS::(Cognito::UserPool|DynamoDB::Table|KMS::Key|Logs::LogGroup|S3::Bucket)$/;
const STORES = ['s3-vectors', 'opensearch', 'opensearch-nextgen'] as const;

describe('dev leaves nothing behind', () => {
  it.each(STORES)('retains no resource but what an account has once, and empties its buckets, with %s', (store) => {
    const resources = Object.values(resourcesOf(genAiRagTemplate('dev', store)));
    const kept = resources.filter(
      ({ DeletionPolicy, Type }) => DeletionPolicy?.startsWith('Retain') && !/Version$/.test(Type),
    );
    expect(kept.map(({ Type }) => Type).filter((type) => STATEFUL.test(type))).toEqual([]);
    const emptied = resources.filter(({ Type }) => Type === 'Custom::S3AutoDeleteObjects');
    expect(emptied).toHaveLength(resources.filter(({ Type }) => Type === 'AWS::S3::Bucket').length);
  });
});

describe('prod keeps its data', () => {
  it.each(STORES)('retains all that is stateful, and protects the stack, with %s', (store) => {
    for (const [id, { Type, DeletionPolicy }] of Object.entries(resourcesOf(genAiRagTemplate('prod', store)))) {
      if (STATEFUL.test(Type)) expect([id, DeletionPolicy]).toEqual([id, 'RetainExceptOnCreate']);
    }
    expect(genAiRagStack(testApp(), 'prod').terminationProtection).toBe(true);
  });
});

it.each(STAGE_NAMES)('has a firewall in %s, unless it is dev', (stage) => {
  const firewalls = genAiRagTemplate(stage).findResources('AWS::WAFv2::WebACL');
  expect(Object.keys(firewalls)).toHaveLength(stage === 'dev' ? 0 : 1);
});

it('dev has a firewall that is asked for', () => {
  const template = Template.fromStack(genAiRagStack(testApp(), 'dev', { site: { firewall: true } }));
  template.resourceCountIs('AWS::WAFv2::WebACL', 1);
});

it('two of them in one stack work', () => {
  const app = testApp();
  const stack = genAiRagStack(app);
  new GenAiRag(stack, 'Second', { mailFrom: MAIL_FROM });
  Template.fromStack(stack).resourceCountIs('AWS::Bedrock::KnowledgeBase', 2);
});

it.each(STAGE_NAMES)('keeps its vectors in S3 in %s, and in nothing that bills while idle', (stage) => {
  const template = Template.fromStack(genAiRagStack(testApp(), stage));
  template.resourceCountIs('AWS::S3Vectors::Index', 1);
  template.resourceCountIs('AWS::OpenSearchServerless::Collection', 0);
});

describe('the app', () => {
  const build = async (context: Readonly<Record<string, string>>) => {
    const app = await GroundplanApp.create({
      context: { ...cdkJson.context, ...context },
      builtinCloudFormationValidation: false,
      patterns: [genAiRag],
    });
    return Template.fromStack(app.node.findChild('GenAiRag') as Stack);
  };
  const modelOf = (template: Template) =>
    Object.values(resourcesOf(template, 'AWS::Lambda::Function')).flatMap(({ Properties }) => {
      const { Variables = {} } = (Properties['Environment'] ?? {}) as { Variables?: Record<string, unknown> };
      return Variables[RagEnvironment.modelId] ?? [];
    });

  it.each([
    ['opensearch', 'CLASSIC'],
    ['opensearch-nextgen', 'NEXTGEN'],
  ])('takes the vector store %s', async (vectorStore, Generation) => {
    const template = await build({ vectorStore });
    template.hasResourceProperties('AWS::OpenSearchServerless::CollectionGroup', { Generation });
  });

  it('takes a model, and so a region that has no default', async () => {
    const region = 'eu-west-2';
    await expect(build({ region })).rejects.toThrow(/-c model=global\.amazon\.nova-2-lite-v1:0/);
    for (const model of ['global.amazon.nova-2-lite-v1:0', 'amazon.nova-lite-v1:0']) {
      expect(modelOf(await build({ region, model }))).toEqual([model]);
    }
  });

  it.each([
    ['Amazon Nova', /context model is 'Amazon Nova'; allowed: the id of a model/],
    ['arn:aws:bedrock:eu-west-1:111111111111:application-inference-profile/abc', /context model is/],
    ['nova', /context model is/],
    ['anthropic.claude-v2', /ended on/],
    ['eu.amazon.nova-2-lite-v1:0', /in us-east-1.*\[bedrock-inference-profile\]/],
    ['uk.amazon.nova-lite-v1:0', /a geography \(.*\[bedrock-inference-profile\]/],
  ])('refuses the model %s', async (model, message) => {
    await expect(build({ model })).rejects.toThrow(message);
  });
});
