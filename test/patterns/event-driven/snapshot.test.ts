import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { eventDrivenTemplate } from '../../synthesize';

/** Asset hashes and the hash in a version's logical id change with every build of a handler; nothing else is masked. */
function readable(template: unknown): string {
  return `${JSON.stringify(template, null, 2)
    .replace(/[0-9a-f]{64}/g, '<asset>')
    .replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1<version>')}\n`;
}

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
