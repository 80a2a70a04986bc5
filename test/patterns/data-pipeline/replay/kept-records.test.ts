import { describe, expect, it } from 'vitest';
import { readKept, Unreadable } from '../../../../patterns/data-pipeline/replay/kept-records';

const kinesis = {
  partitionKey: 'k',
  data: 'aGk=',
  sequenceNumber: '49',
  approximateArrivalTimestamp: 1_795_428_907.123,
};
const ARN = 'arn:aws:lambda:us-east-2:123456789012:function:myfunction';
const context = { functionArn: ARN, condition: 'RetryAttemptsExhausted' };
const batch = (records: unknown, requestContext: unknown = context) =>
  JSON.stringify({ requestContext, payload: JSON.stringify({ Records: records }) });
const one = (over: object) => batch([{ eventID: 'shardId-1:49', kinesis: { ...kinesis, ...over } }]);

describe('an object of a failure store', () => {
  it('is a batch that failed, as Lambda documents it', () => {
    expect(readKept(one({}))).toEqual([
      {
        partitionKey: 'k',
        data: 'aGk=',
        shard: 'shardId-1',
        sequenceNumber: '49',
        arrival: 1_795_428_907_123,
        reason: 'RetryAttemptsExhausted in myfunction',
      },
    ]);
    const versioned = batch([{ kinesis }], { ...context, functionArn: `${ARN}:live` });
    expect(readKept(versioned)[0]?.reason).toBe('RetryAttemptsExhausted in myfunction');
  });

  it('is told apart from JSON lines although it has but one', () => {
    const line =
      '{"shard":"shardId-1","sequenceNumber":"49","partitionKey":"k","arrival":7,"data":"aGk=","code":"NOT_JSON"}\n';
    const record = { partitionKey: 'k', data: 'aGk=', shard: 'shardId-1', sequenceNumber: '49', arrival: 7 };
    expect(readKept(line)).toEqual([{ ...record, reason: 'NOT_JSON' }]);
    expect(readKept(`${line}\r\n${line}`)).toHaveLength(2);
  });

  it('needs to tell neither where a record was nor why it is here', () => {
    expect(readKept('{"partitionKey":"k","data":""}')).toEqual([
      { partitionKey: 'k', data: '', reason: 'not sent before' },
    ]);
    expect(readKept(JSON.stringify({ payload: JSON.stringify({ Records: [{ kinesis }] }) }))[0]?.reason).toBe(
      'no reason recorded',
    );
  });

  it.each([
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    [batch([]), 'it has no records'],
    ['<xml/>', 'it is not a failed batch, and line 1 is not JSON'],
    ['[]', 'it is not a failed batch, and line 1 is not JSON'],
    [one({}).slice(0, -9), 'it is not a failed batch, and line 1 is not JSON'],
    ['{"partitionKey":"k","data":"aGk="}\n{"part', 'it is not a failed batch, and line 2 is not JSON'],
    ['{}', 'line 1 has no valid partition key'],
    ['{"partitionKey":"k","data":"aGk"}', 'line 1 has no data in base64'],
    [JSON.stringify({ payload: { Records: [] } }), 'its payload is not a JSON document in a string'],
    [JSON.stringify({ payload: '{"Records":[' }), 'its payload is not a JSON document in a string'],
    [JSON.stringify({ payload: '{}' }), 'its payload has no Records'],
    [batch([{ kinesis }, { dynamodb: {} }]), 'record 2 of its payload is not of a Kinesis stream'],
    [batch([null]), 'record 1 of its payload is not of a Kinesis stream'],
    [one({ partitionKey: '' }), 'record 1 of its payload has no valid partition key'],
    [one({ partitionKey: 7 }), 'record 1 of its payload has no valid partition key'],
    [one({ partitionKey: 'é'.repeat(257) }), 'record 1 of its payload has no valid partition key'],
    [one({ data: 'a?b=' }), 'record 1 of its payload has no data in base64'],
    [one({ data: undefined }), 'record 1 of its payload has no data in base64'],
  ])('is refused with a reason when it is something else: %s', (text, reason) => {
    expect(() => readKept(text)).toThrow(new Unreadable(reason));
  });

  it('may have no key, as in a stream that spreads records by itself: any other does', () => {
    const [record] = readKept(one({ partitionKey: null, sequenceNumber: '4959' }));
    expect(record?.partitionKey).toBe('4959');
  });

  it('may have a key as long as Kinesis takes, counted in characters', () => {
    expect(readKept(one({ partitionKey: '😀'.repeat(256) }))).toHaveLength(1);
  });
});
