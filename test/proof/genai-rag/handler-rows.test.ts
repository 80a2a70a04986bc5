import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { RagEnvironment } from '../../../patterns/genai-rag/contract';
import { AskFixture } from '../../patterns/genai-rag/runtime/ask-fixture';
import {
  BUCKET,
  DATA_SOURCE,
  DocumentsFixture,
  KNOWLEDGE_BASE,
  TABLE,
} from '../../patterns/genai-rag/runtime/documents-fixture';
import { ANSWER_PROOFS } from './answer-proofs';
import { DOCUMENT_PROOFS } from './document-proofs';
import { type HandlerProof, holds } from './handler-proof';

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

async function answers(proof: HandlerProof<AskFixture>, isWeakened: boolean): Promise<boolean> {
  const fixture = await new AskFixture().start();
  try {
    // Handlers have the time of day.
    fixture.timing.pass(Date.now() - fixture.timing.now());
    fixture.document('t-acme', 'fares', 'The fare of a day is 12 euros.');
    Object.assign(process.env, proof.environment);
    return await holds(proof, fixture, isWeakened);
  } finally {
    await fixture.stop();
  }
}

async function documents(proof: HandlerProof<DocumentsFixture>, isWeakened: boolean): Promise<boolean> {
  const fixture = new DocumentsFixture();
  await fixture.start();
  try {
    fixture.now = Date.now();
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: fixture.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'Function',
      AWS_SECRET_ACCESS_KEY: 'local',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
      POWERTOOLS_METRICS_NAMESPACE: 'test',
      POWERTOOLS_SERVICE_NAME: 'documents',
      [RagEnvironment.documentsTable]: TABLE,
      [RagEnvironment.documentsBucket]: BUCKET,
      [RagEnvironment.documentsMaxBytes]: String(50 * 1024 ** 2),
      [RagEnvironment.urlSeconds]: '600',
      [RagEnvironment.knowledgeBaseId]: KNOWLEDGE_BASE,
      [RagEnvironment.dataSourceId]: DATA_SOURCE,
      [RagEnvironment.originVerifiers]: createHash('sha256').update('secret').digest('hex'),
      ...proof.environment,
    });
    return await holds(proof, fixture, isWeakened);
  } finally {
    await fixture.stop();
  }
}

const cases = [
  ...ANSWER_PROOFS.map(([id, proof]) => [id, proof.of ?? '', (weak: boolean) => answers(proof, weak)] as const),
  ...DOCUMENT_PROOFS.map(([id, proof]) => [id, proof.of ?? '', (weak: boolean) => documents(proof, weak)] as const),
];

describe.each(cases)('%s %s', (_id, _of, proves) => {
  it('holds', async () => {
    expect(await proves(false)).toBe(true);
  });

  it('does not hold when its handling is taken out of the handler', async () => {
    expect(await proves(true)).toBe(false);
  });
});
