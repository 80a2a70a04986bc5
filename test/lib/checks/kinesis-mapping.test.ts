import { expect, it } from 'vitest';
import { streamRead } from '../../../lib/checks/kinesis-mapping';
import { CannotTell } from '../../../lib/template/template-resource';
import { att, type Change, changed, inventoryOf, type Literals, ref, resourceIn } from './literal-fixture';

const base: Literals = {
  Mapping: ['AWS::Lambda::EventSourceMapping', { EventSourceArn: att('Stream') }],
  Stream: ['AWS::Kinesis::Stream', {}],
  Reader: ['AWS::Kinesis::StreamConsumer', { StreamARN: att('Stream') }],
  Queue: ['AWS::SQS::Queue', {}],
};
const read = (change: Change = {}) => {
  const inventory = inventoryOf(changed(base, change));
  return streamRead(resourceIn(inventory, 'Mapping'), inventory)?.logicalId;
};
const source = 'Mapping.EventSourceArn';

it('finds the stream, itself or by a consumer', () => {
  expect([read(), read({ [source]: ref('Reader') })]).toEqual(['Stream', 'Stream']);
});

it('finds none for what is no stream of Kinesis', () => {
  expect([read({ [source]: att('Queue') }), read({ [source]: 'arn' })]).toEqual([undefined, undefined]);
  expect(read({ [source]: att('Queue'), 'Mapping.StartingPosition': 'LATEST' })).toBeUndefined();
});

it('cannot tell of a stream elsewhere', () => {
  const says = new CannotTell('the stream is not in these templates');
  expect(() => read({ [source]: 'arn', 'Mapping.StartingPosition': 'LATEST' })).toThrow(says);
  expect(() => read({ [source]: ref('Reader'), 'Reader.StreamARN': 'arn' })).toThrow(says);
});
