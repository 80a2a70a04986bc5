import { describe, it } from 'vitest';
import { expectCommitted, expectCommittedDifference } from '../../snapshots/committed-fixture';
import { genAiRagTemplate } from '../../synthesize';

const template = (...of: Parameters<typeof genAiRagTemplate>) => genAiRagTemplate(...of).toJSON();

describe('the templates of the GenAI application', () => {
  it('are as committed in dev', async () => {
    await expectCommitted('genai-rag.dev', template('dev', 's3-vectors'));
  });

  it.each([
    ['staging', 'staging', 's3-vectors', 'dev'],
    ['prod', 'prod', 's3-vectors', 'dev'],
    ['dev-opensearch', 'dev', 'opensearch', 'dev'],
    ['dev-opensearch-nextgen', 'dev', 'opensearch-nextgen', 'dev'],
    ['prod-opensearch', 'prod', 'opensearch', 'prod'],
  ] as const)('differ in %s by what is committed', async (name, stage, store, fromStage) => {
    const templates = [template(fromStage, 's3-vectors'), template(stage, store)] as const;
    await expectCommittedDifference(`genai-rag.${name}`, templates, [fromStage, name]);
  });
});
