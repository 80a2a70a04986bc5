import { expect, it } from 'vitest';
import { outboxEvents } from '../../../lib/runtime/outbox-events';

const recordOf = (NewImage: Record<string, unknown>) => ({ dynamodb: { NewImage } });
const fact = (type: string, cents: string) =>
  recordOf({ pk: { S: 'x' }, type: { S: type }, detail: { M: { cents: { N: cents } } } });

it('makes an event of each record, in order, with numbers that are numbers', async () => {
  expect(await outboxEvents([fact('a', '12'), fact('b', '-1')])).toEqual([
    { type: 'a', detail: { cents: 12 } },
    { type: 'b', detail: { cents: -1 } },
  ]);
});

it.each([
  ['no item', {}],
  ['nothing', { dynamodb: {} }],
  ['no type', recordOf({ detail: { M: {} } })],
  ['a type that is no text', recordOf({ type: { N: '1' }, detail: { M: {} } })],
  ['no detail', recordOf({ type: { S: 'a' } })],
  ['a detail that is text', recordOf({ type: { S: 'a' }, detail: { S: 'x' } })],
  ['a detail that is null', recordOf({ type: { S: 'a' }, detail: { NULL: true } })],
])('refuses a record with %s', async (_, record) => {
  await expect(outboxEvents([fact('a', '1'), record])).rejects.toThrow('The stream record holds no fact');
});
