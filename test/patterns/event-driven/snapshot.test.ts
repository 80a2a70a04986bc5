import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { eventDrivenTemplate, readable } from '../../synthesize';

describe('the template of the event-driven pattern', () => {
  for (const stage of STAGE_NAMES) {
    it(`is as committed in ${stage}`, async () => {
      await expect(readable(eventDrivenTemplate(stage).toJSON())).toMatchFileSnapshot(
        `../../snapshots/event-driven.${stage}.json`,
      );
    });
  }

  it('does not churn: a changed handler changes nothing in the snapshot', () => {
    const template = JSON.stringify(eventDrivenTemplate('prod').toJSON());
    const rebuilt = template
      .replace(/[0-9a-f]{64}/g, 'f'.repeat(64))
      .replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, `$1${'e'.repeat(32)}`);
    expect(rebuilt).not.toBe(template);
    expect(readable(JSON.parse(rebuilt))).toBe(readable(JSON.parse(template)));
  });
});
