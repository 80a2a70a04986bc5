import { describe, expect, it } from 'vitest';
import { genAiRagTemplate, readable, resourcesOf } from '../../synthesize';

const snapshot = (name: string) => `../../snapshots/genai-rag.${name}.json`;

describe('the templates of the GenAI application', () => {
  it.each([
    ['dev', 'dev', 's3-vectors'],
    ['prod', 'prod', 'opensearch'],
  ] as const)('are as committed in %s', async (name, stage, store) => {
    await expect(readable(genAiRagTemplate(stage, store).toJSON())).toMatchFileSnapshot(snapshot(name));
  });

  it.each([
    ['staging', 'staging', 'opensearch', 'prod', 'opensearch'],
    ['dev-opensearch', 'dev', 'opensearch', 'dev', 's3-vectors'],
    ['prod-s3-vectors', 'prod', 's3-vectors', 'prod', 'opensearch'],
  ] as const)('differ in %s by what is committed', async (name, stage, store, fromStage, fromStore) => {
    const before = resourcesOf(genAiRagTemplate(fromStage, fromStore));
    const after = resourcesOf(genAiRagTemplate(stage, store));
    const changed = Object.entries(after).filter(([id, now]) => JSON.stringify(now) !== JSON.stringify(before[id]));
    const gone = Object.keys(before).filter((id) => !(id in after));
    await expect(readable({ changed: Object.fromEntries(changed), gone })).toMatchFileSnapshot(snapshot(name));
  });
});
