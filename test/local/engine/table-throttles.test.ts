import { expect, it } from 'vitest';
import { seededRandom } from '../../../local/engine/random';
import { throttledWrite } from '../../../local/engine/table-throttles';

const call = (action: string, input: Record<string, unknown>) => ({
  accessKeyId: 'Handler',
  service: 'dynamodb' as const,
  action,
  input,
});

it('throttles single writes in both ways that AWS documents', () => {
  const random = seededRandom(1, 'ways');
  const found = Array.from({ length: 40 }, () => throttledWrite(call('PutItem', { TableName: 'Orders' }), random));
  expect(new Set(found.map(({ error }) => error.code))).toEqual(
    new Set(['ProvisionedThroughputExceededException', 'ThrottlingException']),
  );
  expect(new Set(found.map(({ table }) => table))).toEqual(new Set(['Orders']));
});

it('cancels a transaction, with the reason at the item whose table is throttled', () => {
  const random = seededRandom(1, 'ways');
  const TransactItems = [{ Put: { TableName: 'Service' } }, { Update: { TableName: 'Outbox' } }];
  const seen = new Set<string>();
  for (let index = 0; index < 80; index += 1) {
    const { error, table } = throttledWrite(call('TransactWriteItems', { TransactItems }), random);
    const reasons = error.members['CancellationReasons'] as { Code: string; Message?: string }[];
    expect(error.code).toBe('TransactionCanceledException');
    const at = table === 'Service' ? 0 : 1;
    expect(reasons[1 - at]).toEqual({ Code: 'None' });
    seen.add(`${table} ${reasons[at]?.Code}`);
  }
  expect([...seen].sort()).toEqual([
    'Outbox ProvisionedThroughputExceeded',
    'Outbox ThrottlingError',
    'Service ProvisionedThroughputExceeded',
    'Service ThrottlingError',
  ]);
});
