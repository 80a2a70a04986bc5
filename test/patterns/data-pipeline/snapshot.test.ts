import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { dataPipelineTemplate, readable } from '../../synthesize';

describe('the template of the data pipeline', () => {
  for (const stage of STAGE_NAMES) {
    it(`is as committed in ${stage}`, async () => {
      await expect(readable(dataPipelineTemplate(stage).toJSON())).toMatchFileSnapshot(
        `../../snapshots/data-pipeline.${stage}.json`,
      );
    });
  }
});
