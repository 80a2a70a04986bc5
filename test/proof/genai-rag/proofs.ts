import { CATALOGUE, type CatalogueId, type CatalogueRow } from '../../../lib/checks';

/** The tier 1 and 2 rows that touch the pattern. */
export const ROWS: readonly (CatalogueRow & { readonly id: CatalogueId })[] = CATALOGUE.filter(
  ({ patterns, tier }) => patterns.includes('genai-rag') && tier !== 3,
);

/** Rows that a test of their own proves: its file and name. */
export const TESTS: Partial<Record<CatalogueId, readonly [string, string]>> = {
  's3-concurrent-writers': [
    'test/patterns/genai-rag/runtime/inspect-object.test.ts',
    'bears events that come twice, late and in any order',
  ],
  'ddb-prewarm-burst': ['test/lib/database/service-table.test.ts', 'is warm for the peak that was declared'],
  'sqs-idempotent-consumer': ['test/patterns/genai-rag/runtime/ingestion-storm.test.ts', 'by one job at a time'],
  'bedrock-guardrail-required': [
    'test/patterns/genai-rag/runtime/ask-in-trouble.test.ts',
    'that blocks an answer after its first words replaces them, and they are not kept',
  ],
  'rag-knowledge-base': ['test/patterns/genai-rag/runtime/isolation.test.ts', 'holds for 10,000 requests'],
  'bedrock-token-budget': [
    'test/patterns/genai-rag/runtime/ask-bounds.test.ts',
    'lets in no more at once than its bound holds, to the token',
  ],
  'iac-env-profiles': ['test/patterns/genai-rag/stages.test.ts', 'prod keeps its data'],
  'cdk-default-rules-as-errors': ['test/proof/rule-packs.test.ts', 'are really on'],
};

/** What handles a row where no resource can say so. */
export const STATED: Partial<Record<CatalogueId, string>> = {
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
};
