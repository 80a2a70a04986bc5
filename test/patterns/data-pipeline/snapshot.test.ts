import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { dataPipelineStack, dataPipelineTemplate, readable, resourcesOf, testApp } from '../../synthesize';

const snapshot = (name: string) => `../../snapshots/data-pipeline.${name}.json`;

describe('the template of the data pipeline', () => {
  for (const stage of STAGE_NAMES) {
    it(`is as committed in ${stage}`, async () => {
      await expect(readable(dataPipelineTemplate(stage).toJSON())).toMatchFileSnapshot(snapshot(stage));
    });
  }

  it.each([
    ['a warehouse', 'warehouse', { warehouse: true }],
    ['an API for roles', 'api-for-roles', { api: { authorizer: 'iam' } }],
  ] as const)('gets from %s what is committed', async (_, name, props) => {
    const before = resourcesOf(dataPipelineTemplate('staging'));
    const after = resourcesOf(Template.fromStack(dataPipelineStack(testApp(), 'staging', props)));
    const changed = Object.entries(after).filter(([id, now]) => JSON.stringify(now) !== JSON.stringify(before[id]));
    const gone = Object.keys(before).filter((id) => !(id in after));
    await expect(readable({ changed: Object.fromEntries(changed), gone })).toMatchFileSnapshot(snapshot(name));
  });
});
