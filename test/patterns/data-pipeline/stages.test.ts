import { describe, expect, it } from 'vitest';
import { dataPipelineStack, dataPipelineTemplate, resourcesOf, testApp } from '../../synthesize';

/** Types that hold data, keys or logs. */
const STATEFUL = /^AWS::(DynamoDB::Table|KMS::Key|Kinesis::Stream|Logs::LogGroup|S3::Bucket)$/;

describe('dev leaves nothing behind', () => {
  const resources = Object.values(resourcesOf(dataPipelineTemplate('dev')));

  it('retains no resource, and empties its buckets', () => {
    expect(
      resources.filter(({ DeletionPolicy, Type }) => DeletionPolicy?.startsWith('Retain') && !Type.endsWith('Version')),
    ).toEqual([]);
    const buckets = resources.filter(({ Type }) => Type === 'AWS::S3::Bucket');
    const emptied = resources.filter(({ Type }) => Type === 'Custom::S3AutoDeleteObjects');
    expect([buckets.length, emptied.length]).toEqual([3, 3]);
  });

  it('deletes saved queries with their workgroup', () => {
    dataPipelineTemplate('dev').hasResourceProperties('AWS::Athena::WorkGroup', { RecursiveDeleteOption: true });
  });
});

describe('prod keeps its data', () => {
  it('retains all that is stateful, and protects the stack', () => {
    for (const [id, { Type, DeletionPolicy }] of Object.entries(resourcesOf(dataPipelineTemplate('prod')))) {
      if (STATEFUL.test(Type)) expect([id, DeletionPolicy]).toEqual([id, 'RetainExceptOnCreate']);
    }
    expect(dataPipelineStack(testApp(), 'prod').terminationProtection).toBe(true);
  });
});

it('the way of an event is encrypted with the one key of the pattern', () => {
  const resources = Object.values(resourcesOf(dataPipelineTemplate('prod')));
  expect(resources.filter(({ Type }) => Type === 'AWS::KMS::Key')).toHaveLength(1);
  const [stream] = resources.filter(({ Type }) => Type === 'AWS::Kinesis::Stream');
  expect(stream?.Properties['StreamEncryption']).toMatchObject({ EncryptionType: 'KMS' });
});
