import { genAiRagTemplate } from '../../synthesize';
import { type PatternProof, rowsOf } from '../pattern-proof';
import { HANDLER_PROOFS } from './handler-proofs';
import {
  FURTHER,
  MUTATIONS,
  NEXTGEN_FURTHER,
  NEXTGEN_MUTATIONS,
  OPENSEARCH_FURTHER,
  OPENSEARCH_MUTATIONS,
} from './mutations';

/** How the GenAI application is proven. */
export const proof: PatternProof = {
  title: 'GenAI application',
  rows: rowsOf('genai-rag'),
  rowCount: 88,
  variants: [
    {
      name: '',
      templates: (stage) => ({ GenAiRag: genAiRagTemplate(stage).toJSON() }),
      minFindings: 300,
      mutations: MUTATIONS,
      further: FURTHER,
    },
    {
      name: 'with opensearch',
      templates: (stage) => ({ GenAiRag: genAiRagTemplate(stage, 'opensearch').toJSON() }),
      minFindings: 300,
      // Its floor was chosen: by the collection and by its group.
      acknowledged: ['rag-vector-store-cost', 'rag-vector-store-cost'],
      mutations: OPENSEARCH_MUTATIONS,
      further: OPENSEARCH_FURTHER,
    },
    {
      name: 'with opensearch-nextgen',
      templates: (stage) => ({ GenAiRag: genAiRagTemplate(stage, 'opensearch-nextgen').toJSON() }),
      minFindings: 300,
      mutations: NEXTGEN_MUTATIONS,
      further: NEXTGEN_FURTHER,
    },
  ],
  // A web ACL costs more than all of dev.
  acknowledgedInDev: ['waf-on-cloudfront'],
  handlers: HANDLER_PROOFS,
  tests: {
    's3-concurrent-writers': [
      {
        file: 'test/patterns/genai-rag/runtime/inspect-object.test.ts',
        name: 'bears events that come twice, late and in any order',
      },
    ],
    'ddb-prewarm-burst': [
      { file: 'test/lib/database/service-table.test.ts', name: 'is warm for the peak that was declared' },
    ],
    'sqs-idempotent-consumer': [
      { file: 'test/patterns/genai-rag/runtime/ingestion-storm.test.ts', name: 'by one job at a time' },
    ],
    'bedrock-guardrail-required': [
      {
        file: 'test/patterns/genai-rag/runtime/ask-in-trouble.test.ts',
        name: 'that blocks an answer after its first words replaces them, and they are not kept',
      },
    ],
    'rag-knowledge-base': [
      { file: 'test/patterns/genai-rag/runtime/isolation.test.ts', name: 'holds for 10,000 requests' },
    ],
    'bedrock-token-budget': [
      {
        file: 'test/patterns/genai-rag/runtime/ask-bounds.test.ts',
        name: 'lets in no more at once than its bound holds, to the token',
      },
    ],
    'iac-env-profiles': [{ file: 'test/patterns/genai-rag/stages.test.ts', name: 'prod keeps its data' }],
    'cdk-default-rules-as-errors': [{ file: 'test/proof/rule-packs.test.ts', name: 'are really on' }],
  },
  stated: {
    'lambda-sync-payload-6mb': 'the API: conversations come in pages, documents by presigned URLs, answers as a stream',
    's3-request-rate-per-prefix': "the S3 clients' retries",
    's3-multipart-over-100mb': 'documents of more than 50 MB are refused, which Bedrock would not ingest either',
    's3-presign-expiry-5-15-min': 'the documents API, and the props at synth',
    's3-no-object-lambda-or-select': 'nothing of the kind is used',
    's3-concurrent-writers': 'the inspection, which ends right in any order',
    'ddb-gsi-eventual': 'the repositories: lists by age alone are behind',
    'ddb-item-400kb-s3-pointer': 'the conversations: a long turn is a pointer to S3',
    'sqs-message-size-pointer': 'messages name objects and hold none',
    'sqs-idempotent-consumer': 'the inspection, which looks at what is there',
    'apigw-payload-10mb': 'the API: bodies of at most 64 KB, files by presigned URLs',
    'apigw-async-long-work': 'documents are ingested and deleted behind the API; answers stream',
    'iam-roles-not-users': 'there is no user',
    'waf-not-on-http-api': 'there is no HTTP API: the firewall is at CloudFront',
    'iac-env-profiles': '`StageSettings`',
    'cdk-default-rules-as-errors': '`cdk.json`',
  },
};
