import { createHash } from 'node:crypto';
import { RagEnvironment } from '../../../patterns/genai-rag/contract';
import { AskFixture } from '../../patterns/genai-rag/runtime/ask-fixture';
import {
  BUCKET,
  DATA_SOURCE,
  DocumentsFixture,
  KNOWLEDGE_BASE,
  TABLE,
} from '../../patterns/genai-rag/runtime/documents-fixture';
import type { HandlerProof } from '../pattern-proof';
import { ANSWER_PROOFS } from './answer-proofs';
import { DOCUMENT_PROOFS } from './document-proofs';
import { type FixtureProof, holds } from './fixture-proof';

async function answers(proof: FixtureProof<AskFixture>, isTakenOut: boolean): Promise<boolean> {
  const fixture = await new AskFixture().start();
  try {
    // Handlers have the time of day.
    fixture.timing.pass(Date.now() - fixture.timing.now());
    fixture.document('t-acme', 'fares', 'The fare of a day is 12 euros.');
    Object.assign(process.env, proof.environment);
    return await holds(proof, fixture, isTakenOut);
  } finally {
    await fixture.stop();
  }
}

async function documents(proof: FixtureProof<DocumentsFixture>, isTakenOut: boolean): Promise<boolean> {
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
    return await holds(proof, fixture, isTakenOut);
  } finally {
    await fixture.stop();
  }
}

/** Runs with an environment of its own: the handlers read theirs from this process. */
async function apart(run: () => Promise<boolean>): Promise<boolean> {
  const before = { ...process.env };
  try {
    return await run();
  } finally {
    process.env = before;
  }
}

/** The proofs of the rows that live in handler code. */
export const HANDLER_PROOFS: readonly HandlerProof[] = [
  ...ANSWER_PROOFS.map(([id, proof]) => ({
    id,
    of: proof.of,
    holds: (isTakenOut: boolean) => apart(() => answers(proof, isTakenOut)),
  })),
  ...DOCUMENT_PROOFS.map(([id, proof]) => ({
    id,
    of: proof.of,
    holds: (isTakenOut: boolean) => apart(() => documents(proof, isTakenOut)),
  })),
];
