import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import { stages } from '../../../lib';
import { ServiceTable } from '../../../lib/database/service-table';
import { resourcesOf, testApp } from '../../synthesize';

function warmThroughput(expectedPeak?: { readsPerSecond: number; writesPerSecond: number }): unknown {
  const stack = new Stack(testApp(), 'Tables');
  const encryptionKey = new Key(stack, 'Key');
  new ServiceTable(stack, 'Sessions', {
    stage: stages.prod,
    encryptionKey,
    accessPatterns: ['one session, by id'],
    expectedPeak,
  });
  const [table] = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::DynamoDB::Table'));
  return table?.Properties['WarmThroughput'];
}

describe('a service table (ddb-prewarm-burst)', () => {
  it('is warm for the peak that was declared', () => {
    expect(warmThroughput({ readsPerSecond: 20_000, writesPerSecond: 6_000 })).toEqual({
      ReadUnitsPerSecond: 20_000,
      WriteUnitsPerSecond: 6_000,
    });
  });

  it('is never warmer than a new table already is, unless it must be', () => {
    expect(warmThroughput()).toBeUndefined();
    expect(warmThroughput({ readsPerSecond: 12_000, writesPerSecond: 4_000 })).toBeUndefined();
    expect(warmThroughput({ readsPerSecond: 100, writesPerSecond: 5_000 })).toEqual({
      ReadUnitsPerSecond: 12_000,
      WriteUnitsPerSecond: 5_000,
    });
  });
});
