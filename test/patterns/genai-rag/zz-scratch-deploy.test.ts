import { Stack, Duration, Size } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { it } from 'vitest';
import { JwtRestApi } from '../../../lib/api/jwt-rest-api';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Function as Fn } from 'aws-cdk-lib/aws-lambda';
import { Key } from 'aws-cdk-lib/aws-kms';
import { stages } from '../../../lib';
import { Chunking, EmbeddingModel, GenAiRag, type GenAiRagProps, GenerationModel, VectorStore } from '../../../patterns/genai-rag';
import { genAiRagStack, testApp } from '../../synthesize';

function api(scopes: string[], seconds: number, routes: string[], pool='arn:aws:cognito-idp:us-east-1:111111111111:userpool/us-east-1_a') {
  const stack = new Stack(testApp(), 'S', { env: { account: '111111111111', region: 'us-east-1' } });
  const a = new JwtRestApi(stack, 'A', { stage: stages.dev, encryptionKey: new Key(stack, 'K'), userPool: UserPool.fromUserPoolArn(stack, 'P', pool), scopes });
  const f = Fn.fromFunctionArn(stack, 'F', 'arn:aws:lambda:us-east-1:111111111111:function:f');
  for (const r of routes) a.route('GET', r, f);
  a.streamRoute('POST', '/api/x', f, Duration.seconds(seconds));
  return Object.keys(Template.fromStack(stack).findResources('AWS::ApiGateway::Deployment'))[0];
}
it('deployment', () => {
  const base = api(['openid'], 60, ['/api/a']);
  console.log('base', base, 'scopes', api(['openid', 'email'], 60, ['/api/a']) !== base, 'timeout', api(['openid'], 90, ['/api/a']) !== base, 'route', api(['openid'], 60, ['/api/a', '/api/b']) !== base, 'pool', api(['openid'], 60, ['/api/a'], 'arn:aws:cognito-idp:us-east-1:111111111111:userpool/us-east-1_b') !== base);
});
const cases: Record<string, GenAiRagProps> = {
  conc0: { answers: { concurrency: 0 } }, conc15: { answers: { concurrency: 1.5 } }, concNeg: { answers: { concurrency: -1 } }, conc2000: { answers: { concurrency: 2000 } },
  max0: { documents: { maxSize: Size.bytes(0) } }, max51: { documents: { maxSize: Size.mebibytes(51) } }, url: { documents: { urlLifetime: Duration.hours(1) } },
  emb: { knowledge: { embedding: EmbeddingModel.titanTextV2(300) } }, chunk: { knowledge: { chunking: Chunking.fixedSize({ overlapPercent: 0 }) } }, bigchunk: { knowledge: { chunking: Chunking.fixedSize({ maxTokens: 1_000_000 }) } },
  os: { knowledge: { vectorStore: VectorStore.openSearchServerless({ maxCapacity: 3 }) } },
  bound: { answers: { bounds: { maxTokens: 0 } } }, unknownBound: { answers: { bounds: { foo: 3 } as never } }, undef: { answers: { bounds: { maxTokens: undefined as never } } },
  model: { answers: { model: GenerationModel.foundationModel('amazon.nova-2-lite-v1:0') } }, ended: { answers: { model: GenerationModel.foundationModel('anthropic.claude-v2') } }, eu: { answers: { model: GenerationModel.inferenceProfile('eu.amazon.nova-2-lite-v1:0') } },
  folder: { site: { folder: '/nowhere' } }, mail: { mailFrom: 'nobody' }, alarm: { alarmEmail: 'nobody' },
  acl: { existing: { webAclArn: 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/a/b' } },
  guardVersion: { existing: { guardrail: { guardrailId: 'g', version: 'DRAFT' } } }, guardArn: { existing: { guardrail: { guardrailId: 'arn:aws:bedrock:us-east-1:111111111111:guardrail/abc', version: '1' } } },
  guardBoth: { answers: { guardrail: { profanity: false } }, existing: { guardrail: { guardrailId: 'abc', version: '1' } } },
  topic: { answers: { guardrail: { deniedTopics: [{ name: 'a'.repeat(101), definition: 'x' }] } } },
  pii: { answers: { guardrail: { personalData: { email: { input: 'mask', output: 'mask' } } } } }, piiTypo: { answers: { guardrail: { personalData: { E_MAIL: { input: 'mask', output: 'mask' } } } } },
  grounding: { answers: { guardrail: { grounding: { grounding: 1 } } } },
};
it.each(Object.entries(cases))('%s', (name, props) => {
  try { const s = genAiRagStack(testApp(), 'dev', props); Template.fromStack(s); console.log(name, 'PASSES'); } catch (e) { console.log(name, '->', String(e).slice(0, 260)); }
});
const ex = (f: (s: Stack) => GenAiRagProps) => { const s = new Stack(testApp(), 'Mine', { env: { account: '111111111111', region: 'us-east-1' } }); new GenAiRag(s, 'Rag', { ...f(s) }); return Template.fromStack(s); };
it('existing kb', () => {
  for (const [n, f] of Object.entries<(s: Stack) => GenAiRagProps>({
    imported: (s) => ({ existing: { knowledgeBase: { knowledgeBaseId: 'KB12345678', dataSourceId: 'DS12345678', bucket: Bucket.fromBucketName(s, 'B', 'mine-bucket') } } }),
    made: (s) => ({ existing: { knowledgeBase: { knowledgeBaseId: 'KB12345678', dataSourceId: 'DS12345678', bucket: new Bucket(s, 'B') } } }),
    junk: (s) => ({ existing: { knowledgeBase: { knowledgeBaseId: 'arn:aws:bedrock:us-east-1:1:knowledge-base/X', dataSourceId: '', bucket: new Bucket(s, 'B') } } }),
    both: (s) => ({ knowledge: { vectorStore: VectorStore.s3Vectors() }, existing: { knowledgeBase: { knowledgeBaseId: 'KB12345678', dataSourceId: 'DS12345678', bucket: new Bucket(s, 'B') } } }),
  })) {
    try {
      const t = ex(f);
      const csp = JSON.stringify(t.findResources('AWS::CloudFront::ResponseHeadersPolicy')).match(/connect-src.{0,500}/)?.[0];
      console.log(n, csp);
    } catch (e) { console.log(n, '->', String(e).slice(0, 300)); }
  }
});
