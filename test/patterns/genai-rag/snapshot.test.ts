import { describe, it } from 'vitest';
import { expectCommitted, expectCommittedDifference } from '../../snapshots/committed-fixture';
import { genAiRagTemplate } from '../../synthesize';

const template = (...of: Parameters<typeof genAiRagTemplate>) => genAiRagTemplate(...of).toJSON();

describe('the templates of the GenAI application', () => {
  it('are as committed in dev', async () => {
    await expectCommitted('genai-rag.dev', template('dev', 's3-vectors'));
  });

  it.each([
    ['staging', 'staging', 'opensearch', 'dev', 's3-vectors'],
    ['prod', 'prod', 'opensearch', 'dev', 's3-vectors'],
    ['dev-opensearch', 'dev', 'opensearch', 'dev', 's3-vectors'],
    ['prod-s3-vectors', 'prod', 's3-vectors', 'prod', 'opensearch'],
  ] as const)('differ in %s by what is committed', async (name, stage, store, fromStage, fromStore) => {
    const templates = [template(fromStage, fromStore), template(stage, store)] as const;
    await expectCommittedDifference(`genai-rag.${name}`, templates, [fromStage, name]);
  });
});
