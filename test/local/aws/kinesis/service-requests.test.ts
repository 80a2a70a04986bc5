import { beforeEach, describe, expect, it } from 'vitest';
import { LocalKinesis } from '../../../../local/aws/kinesis/service';
import type { LocalKinesisStream } from '../../../../local/aws/kinesis/stream';
import { AwsError, type LocalInput } from '../../../../local/aws/service';

const DEFINITION = { retention: 3600, maxRecordBytes: 1024 * 1024, encrypted: false };
const RECORD = { PartitionKey: 'k', Data: 'eA==' };

let kinesis: LocalKinesis;
let stream: LocalKinesisStream;
beforeEach(() => {
  kinesis = new LocalKinesis({ account: '111111111111', region: 'eu-west-1' });
  stream = kinesis.createStream({ ...DEFINITION, name: 'clicks', shards: 2 });
});

/** The code that a request is refused with. */
function refusal(action: string, input: LocalInput): string {
  try {
    return `taken: ${JSON.stringify(kinesis.call(action, input))}`;
  } catch (error) {
    if (error instanceof AwsError) return error.code;
    throw error;
  }
}
const put = (input: LocalInput) => refusal('PutRecord', { StreamName: 'clicks', ...RECORD, ...input });

describe('a stream', () => {
  it('is named by its name, its ARN, or both', () => {
    const { arn } = stream;
    for (const input of [{}, { StreamARN: arn }, { StreamName: undefined, StreamARN: arn }]) {
      expect(put(input)).toMatch(/^taken/);
    }
    expect(stream.records()).toHaveLength(3);
  });

  it('is not that of another account or region, nor a consumer of it', () => {
    kinesis.registerConsumer(`${stream.arn}/consumer/reader:1`, stream.arn);
    for (const StreamARN of [
      'arn:aws:kinesis:eu-west-1:222222222222:stream/clicks',
      'arn:aws:kinesis:us-east-1:111111111111:stream/clicks',
      `${stream.arn}/consumer/reader:1`,
    ]) {
      expect(put({ StreamName: undefined, StreamARN })).toBe('ResourceNotFoundException');
    }
    expect(stream.records()).toEqual([]);
  });

  it('has a name and an ARN that look like one', () => {
    for (const StreamName of ['', 'x/clicks', 'two words', 'x'.repeat(129), stream.arn]) {
      expect(put({ StreamName })).toBe('ValidationException');
    }
    for (const StreamARN of ['clicks', 'arn:aws:dynamodb:eu-west-1:111111111111:stream/clicks']) {
      expect(put({ StreamName: undefined, StreamARN })).toBe('ValidationException');
    }
    expect(put({ StreamName: undefined })).toBe('ValidationException');
  });

  it('of six shards has the ranges that Kinesis gives it: of one width, the last has what is left over', () => {
    const six = kinesis.createStream({ ...DEFINITION, name: 'six', shards: 6 });
    // As a stream of six was listed (github.com/uberbrodt/kcl_ex, test/support/kinesis_responses.ex); AWS does not document it.
    expect(six.shards.roots.map(({ range: [from] }) => String(from))).toEqual([
      '0',
      '56713727820156410577229101238628035242',
      '113427455640312821154458202477256070484',
      '170141183460469231731687303715884105726',
      '226854911280625642308916404954512140968',
      '283568639100782052886145506193140176210',
    ]);
    expect(six.shardOf('k', String(2n ** 128n - 1n)).id).toBe('shardId-000000000005');
  });
});

describe('a record', () => {
  it('needs a key and data, and PutRecords records: what is missing breaks a constraint', () => {
    for (const missing of ['PartitionKey', 'Data']) expect(put({ [missing]: undefined })).toBe('ValidationException');
    expect(refusal('PutRecords', { StreamName: 'clicks' })).toBe('ValidationException');
    expect(put({ Data: 5 })).toBe('SerializationException');
  });

  it('has a hash within the range, which is looked at once the stream is found', () => {
    const ExplicitHashKey = String(2n ** 128n);
    expect(put({ ExplicitHashKey })).toBe('InvalidArgumentException');
    expect(put({ ExplicitHashKey, StreamName: 'others' })).toBe('ResourceNotFoundException');
    const Records = [RECORD, { ...RECORD, ExplicitHashKey }];
    expect(refusal('PutRecords', { StreamName: 'clicks', Records })).toBe('InvalidArgumentException');
    expect(stream.records()).toEqual([]);
  });
});
