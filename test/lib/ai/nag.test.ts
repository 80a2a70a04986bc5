import { type App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { DataKey, STAGE_NAMES, stages } from '../../../lib';
import { Guardrail } from '../../../lib/ai/guardrail';
import { InvocationLogs } from '../../../lib/ai/invocation-logs';
import { KnowledgeBase } from '../../../lib/ai/knowledge-base';
import { allPacks } from '../../../lib/checks/all-packs';
import { VECTOR_STORES, validationReport } from '../../synthesize';
import { IRELAND } from './knowledge-fixture';

/** Rules of what is around the blocks: nothing here starts ingestion, and the bucket is any. And the price that a store warns of. */
const AROUND =
  /-alarm$|pattern-has-alarms|rag-knowledge-base|bedrock-token-budget|^Annotation::groundplan:rag-vector-store-cost$/;

describe('the AI blocks under our rules and every pack of cdk-nag', () => {
  for (const name of STAGE_NAMES) {
    for (const [store, vectorStore] of Object.entries(VECTOR_STORES)) {
      it(`have no finding without a reason in ${name} with ${store}`, () => {
        const stage = stages[name];
        const { violations, acknowledged } = validationReport(
          (app: App) => {
            const stack = new Stack(app, 'Rag', { env: IRELAND });
            const { key: encryptionKey } = new DataKey(stack, 'Key', { stage, description: 'Documents' });
            const knowledge = new KnowledgeBase(stack, 'Knowledge', {
              stage,
              encryptionKey,
              vectorStore: vectorStore(),
            });
            const bucket = Bucket.fromBucketName(stack, 'Bucket', 'documents-of-mine');
            knowledge.addS3DataSource('Documents', { bucket, prefix: 'documents/' });
            new Guardrail(stack, 'Guardrail', { stage, encryptionKey });
            new InvocationLogs(stack, 'Logs', { stage, encryptionKey });
          },
          (app) => allPacks(app, { strict: name !== 'dev' }),
        );
        expect(
          violations
            .filter(({ ruleName }) => !AROUND.test(ruleName ?? ''))
            .map(({ ruleName, violatingConstructs }) => [
              ruleName,
              ...violatingConstructs.map(({ constructPath }) => constructPath),
            ]),
        ).toEqual([]);
        for (const { violatingConstructs, acknowledgedAt, reason, ruleName } of acknowledged) {
          expect(violatingConstructs.map(({ constructPath }) => constructPath)).toEqual([acknowledgedAt]);
          expect((reason ?? '').length, ruleName).toBeGreaterThan(40);
        }
      });
    }
  }
});
