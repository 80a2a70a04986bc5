import { describe, expect, it } from 'vitest';
import type { TemplateDocument } from '../../../local/assembly/resolved-template';
import { notRun } from '../../../local/engine/coverage';
import { webAppTemplate } from '../../synthesize';

describe('what the engine knows', () => {
  it('lists what has no data path', () => {
    const Resources = {
      A: { Type: 'AWS::SQS::Queue' },
      B: { Type: 'AWS::CloudWatch::Dashboard' },
      C: { Type: 'AWS::WAFv2::WebACL' },
    };
    expect(notRun({ Resources })).toEqual({ dashboards: 1, firewalls: 1 });
  });

  it('lists schedules unless it runs them', () => {
    const Resources = { Tick: { Type: 'AWS::Scheduler::Schedule' } };
    expect(notRun({ Resources })).toEqual({ schedules: 1 });
    expect(notRun({ Resources }, { schedules: true })).toEqual({});
  });

  it.each(['dev', 'prod'] as const)('knows all of the web app in %s', (stage) => {
    const kinds = notRun(webAppTemplate(stage).toJSON() as TemplateDocument);
    expect(Object.keys(kinds)).toEqual(expect.arrayContaining([expect.stringMatching(/^a database/), 'networks']));
  });

  it('names every resource that data might pass through and that it cannot run', () => {
    const Resources = { Feed: { Type: 'AWS::MSK::Cluster' }, Disk: { Type: 'AWS::EFS::FileSystem' } };
    expect(() => notRun({ Resources })).toThrow(
      'The local engine does not know how to run Feed (AWS::MSK::Cluster), Disk (AWS::EFS::FileSystem)',
    );
  });
});
