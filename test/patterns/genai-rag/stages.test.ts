import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../../cdk.json';
import { STAGE_NAMES } from '../../../lib';
import { GenAiRag } from '../../../patterns/genai-rag';
import { GroundplanApp } from '../../../patterns/groundplan-app';
import { genAiRagStack, genAiRagTemplate, MAIL_FROM, resourcesOf, testApp } from '../../synthesize';

/** Types that hold data, keys, users or logs. Vectors are a copy of the documents, and of no use without their knowledge base. */
const STATEFUL = /^AWS::(Cognito::UserPool|DynamoDB::Table|KMS::Key|Logs::LogGroup|S3::Bucket)$/;
const STORES = ['s3-vectors', 'opensearch'] as const;

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

it('the app takes the vector store', async () => {
  const context = { ...cdkJson.context, vectorStore: 'opensearch' };
  const built = await GroundplanApp.create({ context, builtinCloudFormationValidation: false });
  const stack = built.node.findChild('GenAiRag') as Stack;
  Template.fromStack(stack).resourceCountIs('AWS::OpenSearchServerless::Collection', 1);
});
