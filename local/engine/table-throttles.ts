import { cancelled } from '../aws/dynamodb/transaction-cancelled';
import { AwsError } from '../aws/service';
import type { RecordedCall } from '../aws/wire';
import { DYNAMODB_LIMITS } from '../limits/dynamodb';
import type { Random } from './random';

/** How a write is throttled: of a table with provisioned throughput, and of one on demand, and within a transaction. */
const WAYS = [
  {
    error: 'ProvisionedThroughputExceededException',
    reason: 'ProvisionedThroughputExceeded',
    message:
      'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning ' +
      'level with the UpdateTable API.',
  },
  {
    error: 'ThrottlingException',
    reason: 'ThrottlingError',
    message:
      'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or ' +
      'index so please try again shortly.',
  },
] as const;

/** A write that was throttled. */
export interface Throttled {
  readonly error: AwsError;
  readonly table: string;
}

/**
 * The answer to a write that is throttled. A transaction is cancelled, with the reason at one of its items, and the SDK does
 * not try it again (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html). AWS documents both
 * ways for single writes of on-demand tables, so that either may come.
 */
export function throttledWrite({ action, input }: RecordedCall, random: Random): Throttled {
  const { error, reason, message } = WAYS[random() < 0.5 ? 0 : 1];
  if (action !== 'TransactWriteItems') {
    return { error: new AwsError(error, message), table: String(input['TableName'] ?? '') };
  }
  const items = Array.isArray(input['TransactItems']) ? (input['TransactItems'] as unknown[]) : [];
  const at = Math.floor(random() * items.length);
  const reasons = items.map((_, index) => (index === at ? { Code: reason, Message: message } : { Code: 'None' }));
  return { error: cancelled(DYNAMODB_LIMITS.rows.transactionThrottled, reasons), table: tableOf(items[at]) };
}

/** The table of a write of a transaction: `{ Put: { TableName, … } }`. */
function tableOf(item: unknown): string {
  const [write] = Object.values((item ?? {}) as Readonly<Record<string, { readonly TableName?: unknown }>>);
  return String(write?.TableName ?? '');
}
