import { describe, expect, it } from 'vitest';
import { notRun } from '../../../local/engine/coverage';

describe('what the engine knows', () => {
  it('lists what has no data path', () => {
    const Resources = {
      A: { Type: 'AWS::SQS::Queue' },
      B: { Type: 'AWS::CloudWatch::Dashboard' },
      C: { Type: 'AWS::WAFv2::WebACL' },
    };
    expect(notRun({ Resources })).toEqual({ dashboards: 1, firewalls: 1 });
  });

  it('names every resource that data might pass through and that it cannot run', () => {
    const Resources = { Feed: { Type: 'AWS::MSK::Cluster' }, Disk: { Type: 'AWS::EFS::FileSystem' } };
    expect(() => notRun({ Resources })).toThrow(
      'The local engine does not know how to run Feed (AWS::MSK::Cluster), Disk (AWS::EFS::FileSystem)',
    );
  });
});
