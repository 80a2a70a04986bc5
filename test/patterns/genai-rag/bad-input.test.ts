import { join } from 'node:path';
import { Duration, Size, Stack } from 'aws-cdk-lib';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { stages } from '../../../lib';
import {
  Chunking,
  EmbeddingModel,
  GenAiRag,
  type GenAiRagProps,
  GenerationModel,
  VectorStore,
} from '../../../patterns/genai-rag';
import { genAiRagStack, testApp } from '../../synthesize';

const build = (props: GenAiRagProps) => genAiRagStack(testApp(), 'dev', props).rag;

/** An application with something that is there, in a stack of its own. */
function buildWith(props: (stack: Stack) => GenAiRagProps): GenAiRag {
  const stack = new Stack(testApp(), 'Mine', { env: { account: '111111111111', region: 'us-east-1' } });
  return new GenAiRag(stack, 'Rag', props(stack));
}

const knowledgeBase = (stack: Stack) => ({
  knowledgeBaseId: 'KBOFMINE01',
  dataSourceId: 'DSOFMINE01',
  bucket: Bucket.fromBucketName(stack, 'Bucket', 'mine'),
});
const guardrail = { guardrailId: 'guardrailofmine', version: '7' };

describe('it refuses with one clear error', () => {
  const cases: readonly (readonly [string, GenAiRagProps, RegExp])[] = [
    [
      'answers of no token',
      { answers: { bounds: { maxTokens: 0 } } },
      /answers.bounds.maxTokens is 0; allowed: a whole number from 1.*\[bedrock-token-budget\]/,
    ],
    ['half a passage', { answers: { bounds: { maxPassages: 0.5 } } }, /answers.bounds.maxPassages is 0.5/],
    [
      'more passages than there can be',
      { answers: { bounds: { maxPassages: 101 } } },
      /maxPassages is 101; allowed: a whole number from 1 to 100/,
    ],
    [
      'a budget of a tenant below that of a user',
      { answers: { bounds: { tenantDailyTokens: 199_999 } } },
      /answers.bounds.dailyTokens is 200000; allowed: at most 199999, which is tenantDailyTokens/,
    ],
    [
      'a budget of the stack below that of a tenant',
      { answers: { bounds: { tenantDailyTokens: 300_001, stackDailyTokens: 300_000 } } },
      /answers.bounds.tenantDailyTokens is 300001; allowed: at most 300000, which is stackDailyTokens/,
    ],
    [
      'a budget of the stack below that of a user',
      { answers: { bounds: { stackDailyTokens: 1 } } },
      /answers.bounds.dailyTokens is 200000; allowed: at most 1,/,
    ],
    [
      'no whole budget of a tenant',
      { answers: { bounds: { tenantDailyTokens: 1e6 + 0.5 } } },
      /tenantDailyTokens is 1000000.5/,
    ],
    ['no budget of the stack at all', { answers: { bounds: { stackDailyTokens: 0 } } }, /stackDailyTokens is 0/],
    ['an answer of an hour', { answers: { bounds: { answerSeconds: 3600 } } }, /answerSeconds is 3600/],
    ['questions without end', { answers: { bounds: { questionsPerMinute: Number.POSITIVE_INFINITY } } }, /PerMinute/],
    [
      'a bound that is no number',
      { answers: { bounds: { dailyTokens: Number.NaN } } },
      /answers.bounds.dailyTokens is/,
    ],
    [
      'a day without room for one question',
      { answers: { bounds: { dailyTokens: 5000 } } },
      /answers.bounds.dailyTokens is 5000; allowed: at least/,
    ],
    [
      'nobody who answers',
      { answers: { concurrency: 0 } },
      /reservedConcurrency is '0.*\[lambda-reserved-sum-within-pool\]/,
    ],
    [
      'more answers at once than the account has',
      { answers: { concurrency: 2000 } },
      /reservedConcurrency is '2000.*\[lambda-reserved-sum-within-pool\]/,
    ],
    [
      'a model past its end of life',
      { answers: { model: GenerationModel.foundationModel('anthropic.claude-v2') } },
      /ended on 2025-07-21.*\[bedrock-model-lifecycle\]/,
    ],
    [
      'a model by its id that runs by a profile alone',
      { answers: { model: GenerationModel.foundationModel('amazon.nova-2-lite-v1:0') } },
      /model is 'amazon.nova-2-lite-v1:0'.*\[bedrock-inference-profile\]/,
    ],
    [
      'a profile of another geography',
      { answers: { model: GenerationModel.inferenceProfile('eu.amazon.nova-2-lite-v1:0') } },
      /in us-east-1.*\[bedrock-inference-profile\]/,
    ],
    [
      'vectors of a length that the model does not make',
      { knowledge: { embedding: EmbeddingModel.titanTextV2(300) } },
      /embedding.dimensions is 300; allowed: 256, 512, 1024.*\[rag-knowledge-base\]/,
    ],
    [
      'chunks that do not end',
      { knowledge: { chunking: Chunking.fixedSize({ overlapPercent: 100 }) } },
      /chunking.overlapPercent is 100/,
    ],
    [
      'a capacity between steps',
      { knowledge: { vectorStore: VectorStore.openSearchServerless({ maxCapacity: 3 }) } },
      /maxCapacity is 3.*\[rag-vector-store-cost\]/,
    ],
    [
      'a topic with a long name',
      { answers: { guardrail: { deniedTopics: [{ name: 'x'.repeat(101), definition: 'It.' }] } } },
      /topic.name is.*\[bedrock-guardrail-policies\]/,
    ],
    [
      'a grounding that blocks everything',
      { answers: { guardrail: { grounding: { grounding: 1 } } } },
      /grounding is 1; allowed: 0 to 0.99/,
    ],
    [
      'personal data by a name of ours',
      { answers: { guardrail: { personalData: { email: { input: 'mask', output: 'mask' } } } } },
      /policies.personalData is 'email'/,
    ],
    [
      'documents of 51 MiB',
      { documents: { maxSize: Size.mebibytes(51) } },
      /maxSize is '53477376 bytes'; allowed: 1 to 52428800 bytes.*\[rag-knowledge-base\]/,
    ],
    ['documents of nothing', { documents: { maxSize: Size.bytes(0) } }, /maxSize is '0 bytes'/],
    [
      'a URL that lives an hour',
      { documents: { urlLifetime: Duration.hours(1) } },
      /urlLifetime is '3600 s'.*\[s3-presign-expiry-5-15-min\]/,
    ],
    ['a site that is not built', { site: { folder: '/nowhere' } }, /folder is '\/nowhere'/],
    ['mail from nowhere', { mailFrom: 'nobody' }, /email.from is 'nobody'/],
    ['alarms to nowhere', { alarmEmail: 'nobody' }, /alarmEmail is 'nobody'.*\[cw-alarm-has-action\]/],
    [
      'a regional web ACL',
      { existing: { webAclArn: 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/a/b' } },
      /\[waf-on-cloudfront\]/,
    ],
    [
      'a draft of a guardrail',
      { existing: { guardrail: { ...guardrail, version: 'DRAFT' } } },
      /guardrail.version is 'DRAFT'.*\[bedrock-guardrail-required\]/,
    ],
    [
      'the ARN of a guardrail as its id',
      { existing: { guardrail: { ...guardrail, guardrailId: 'arn:aws:bedrock:us-east-1:111111111111:guardrail/g' } } },
      /guardrail.guardrailId is 'arn:/,
    ],
    [
      'policies for a guardrail of yours',
      { answers: { guardrail: { profanity: false } }, existing: { guardrail } },
      /answers.guardrail is .*profanity.*; allowed: no value with existing.guardrail/,
    ],
  ];
  it.each(cases)('%s', (_, props, message) => {
    expect(() => build(props)).toThrow(message);
  });

  const theirs: readonly (readonly [string, (stack: Stack) => GenAiRagProps, RegExp])[] = [
    [
      'a choice for a knowledge base of yours',
      (stack) => ({
        knowledge: { embedding: undefined, vectorStore: VectorStore.s3Vectors() },
        existing: { knowledgeBase: knowledgeBase(stack) },
      }),
      /knowledge is \[?.*vectorStore.*\]?; allowed: no value with existing.knowledgeBase.*\[rag-knowledge-base\]/,
    ],
    [
      'the ARN of a knowledge base as its id',
      (stack) => ({
        existing: {
          knowledgeBase: {
            ...knowledgeBase(stack),
            knowledgeBaseId: 'arn:aws:bedrock:us-east-1:111111111111:knowledge-base/KBOFMINE01',
          },
        },
      }),
      /knowledgeBaseId is 'arn:/,
    ],
    [
      'a data source without an id',
      (stack) => ({ existing: { knowledgeBase: { ...knowledgeBase(stack), dataSourceId: '' } } }),
      /dataSourceId is ''/,
    ],
    ...['https://login.example.com/', 'https://login.example.com/oauth2', 'http://login.example.com', 'login'].map(
      (loginUrl) =>
        [
          `the login ${loginUrl}`,
          (stack: Stack) => ({
            existing: { users: { userPool: UserPool.fromUserPoolId(stack, 'Users', 'us-east-1_mine'), loginUrl } },
          }),
          /existing.users.loginUrl is '.*'; allowed: https:\/\/ and a host name/,
        ] as const,
    ),
    [
      'a name outside of its zone',
      (stack) => ({
        site: {
          domain: {
            names: ['ask.example.org'],
            hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
              hostedZoneId: 'Z1',
              zoneName: 'example.com',
            }),
          },
        },
      }),
      /ask.example.org/,
    ],
  ];
  it.each(theirs)('%s', (_, props, message) => {
    expect(() => buildWith(props)).toThrow(message);
  });

  it('a stack that does not say its region', () => {
    const stack = new Stack(testApp(), 'Nowhere');
    expect(() => new GenAiRag(stack, 'Rag', { stage: stages.dev })).toThrow(/region/);
  });
});

describe('a knowledge base and a guardrail of yours are yours to change', () => {
  const rag = buildWith((stack) => ({ existing: { knowledgeBase: knowledgeBase(stack), guardrail } }));

  it('so no topic is denied from here', () => {
    expect(() => rag.denyTopic({ name: 'Wages', definition: 'What people earn.' })).toThrow(
      /topic is 'Wages'; allowed: no value with existing.guardrail/,
    );
  });

  it('and no source is added', () => {
    const bucket = Bucket.fromBucketName(rag, 'Wiki', 'wiki');
    expect(() => rag.addDataSource('Wiki', { bucket })).toThrow(/allowed: no value with existing.knowledgeBase/);
  });
});

describe('a tool is refused', () => {
  const entry = join(__dirname, '../../package/fresh-app/loyalty.ts');
  const tool = { entry, description: 'Tells how warm it is.', inputSchema: { type: 'object' } };
  const rag = build({});

  it.each([
    ['with a name of two words', 'the weather', {}, /name is 'the weather'/],
    ['without a name', '', {}, /name is ''/],
    ['without a description', 'weather', { description: '' }, /description is '0 characters'/],
    ['of a list', 'weather', { inputSchema: { type: 'array' } }, /inputSchema.type is 'array'; allowed: 'object'/],
    ['that takes a minute', 'weather', { timeout: Duration.minutes(1) }, /timeout is '60 s'; allowed: at most 25 s/],
    [
      'that says more than an environment holds',
      'weather',
      { inputSchema: { type: 'object', description: 'x'.repeat(2300) } },
      /bytes with those of the other tools'; allowed: at most 2500 bytes.*\[lambda-env-4kb\]/,
    ],
  ] as const)('%s', (_, name, part, message) => {
    expect(() => rag.addTool(name, { ...tool, ...part })).toThrow(message);
  });

  it('the second time', () => {
    rag.addTool('weather', tool);
    expect(() => rag.addTool('weather', tool)).toThrow(/name is 'weather'.*no other tool uses/);
  });
});
