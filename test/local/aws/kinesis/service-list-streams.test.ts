import {
  KinesisClient,
  ListStreamsCommand,
  type ListStreamsCommandInput,
  paginateListStreams,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalKinesis } from '../../../../local/aws/kinesis/service';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';

const store = new LocalKinesis({ account: '111111111111', region: 'eu-west-1' });
let aws: LocalAws;
let kinesis: KinesisClient;

beforeAll(async () => {
  aws = await startLocalAws({ kinesis: store });
  kinesis = new KinesisClient({
    endpoint: aws.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(() => {
  kinesis.destroy();
  return aws.close();
});

const names = Array.from({ length: 205 }, (_, index) => `s-${String(index).padStart(3, '0')}`);
const list = (input: ListStreamsCommandInput) => kinesis.send(new ListStreamsCommand(input));

describe("Kinesis's list of streams", () => {
  it('is empty without any', async () => {
    expect(await list({})).toMatchObject({ StreamNames: [], StreamSummaries: [], HasMoreStreams: false });
  });

  it('has a hundred by default, in the order of their names, and tells of more', async () => {
    for (const name of [...names].reverse()) {
      store.createStream({ name, shards: 1, retention: 86_400, maxRecordBytes: 1_048_576, encrypted: false });
    }
    const { StreamNames, StreamSummaries, HasMoreStreams, NextToken } = await list({});
    expect(StreamNames).toEqual(names.slice(0, 100));
    expect([HasMoreStreams, typeof NextToken]).toEqual([true, 'string']);
    expect(StreamSummaries?.[1]).toEqual({
      StreamName: 's-001',
      StreamARN: 'arn:aws:kinesis:eu-west-1:111111111111:stream/s-001',
      StreamStatus: 'ACTIVE',
    });
  });

  it('goes on by token, or behind a name', async () => {
    const all: string[] = [];
    const sizes: number[] = [];
    for await (const { StreamNames = [] } of paginateListStreams({ client: kinesis, pageSize: 60 }, {})) {
      all.push(...StreamNames);
      sizes.push(StreamNames.length);
    }
    expect([all, sizes]).toEqual([names, [60, 60, 60, 25]]);
    const last = await list({ ExclusiveStartStreamName: 's-199' });
    expect(last).toMatchObject({ StreamNames: names.slice(200), HasMoreStreams: false });
    expect(last.NextToken).toBeUndefined();
  });

  it('has no more than a hundred whatever is asked for, and refuses what may not be', async () => {
    expect((await list({ Limit: 10_000 })).StreamNames).toHaveLength(100);
    for (const Limit of [0, 10_001]) {
      await expect(list({ Limit })).rejects.toThrow(/Value at 'limit' failed to satisfy constraint/);
    }
    await expect(list({ NextToken: 's-100', ExclusiveStartStreamName: 's-100' })).rejects.toThrow(/does not support/);
  });
});
