import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { eventDrivenStack, eventDrivenTemplate, readable, resourcesOf, testApp } from '../../synthesize';

describe('the template of the event-driven pattern', () => {
  for (const stage of STAGE_NAMES) {
    it(`is as committed in ${stage}`, async () => {
      await expect(readable(eventDrivenTemplate(stage).toJSON())).toMatchFileSnapshot(
        `../../snapshots/event-driven.${stage}.json`,
      );
    });
  }

  it('gets from an edge what is committed', async () => {
    const env = { region: 'us-east-1' };
    const before = resourcesOf(Template.fromStack(eventDrivenStack(testApp(), 'staging', { env })));
    const after = resourcesOf(eventDrivenTemplate('staging', { edge: true }));
    const changed = Object.entries(after).filter(([id, now]) => JSON.stringify(now) !== JSON.stringify(before[id]));
    const gone = Object.keys(before).filter((id) => !(id in after));
    await expect(readable({ changed: Object.fromEntries(changed), gone })).toMatchFileSnapshot(
      '../../snapshots/event-driven.edge.json',
    );
  });

  it('does not churn: a changed handler changes nothing in the snapshot', () => {
    const template = JSON.stringify(eventDrivenTemplate('prod').toJSON());
    const rebuilt = template
      .replace(/[0-9a-f]{64}/g, 'f'.repeat(64))
      .replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, `$1${'e'.repeat(32)}`);
    expect(rebuilt).not.toBe(template);
    expect(readable(JSON.parse(rebuilt))).toBe(readable(JSON.parse(template)));
  });
});
