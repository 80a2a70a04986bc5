import { DYNAMODB_LIMITS } from '../../limits/dynamodb';
import { refused } from '../../limits/limit';
import { optionalText } from '../input';
import type { AwsError, LocalInput, LocalService } from '../service';
import type { LocalDynamoDb } from './store';
import { cancelled } from './transaction-cancelled';

const { transactionConflict, writeConflict, tokenInProgress } = DYNAMODB_LIMITS.rows;

const SINGLE_WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];

/**
 * DynamoDB whose writes take time: a transaction holds its items from its arrival to its answer, and whatever else would write
 * one of them meanwhile is refused. Single writes do not conflict with each other: DynamoDB serializes them.
 */
export class OverlappingWrites implements LocalService {
  /** Items that a transaction in flight holds. */
  private readonly held = new Set<string>();
  private readonly tokens = new Set<string>();

  constructor(
    private readonly store: LocalDynamoDb,
    /** Resolves when a write that begins now has ended. */
    private readonly inFlight: () => Promise<void>,
    /** Hears of each conflict. */
    private readonly onConflict: (tableName: string) => void = () => undefined,
  ) {}

  async call(action: string, input: LocalInput): Promise<LocalInput> {
    if (action === 'TransactWriteItems') return this.transact(input);
    if (!SINGLE_WRITES.includes(action)) return this.store.call(action, input);
    const { place, table } = this.store.placeOf(action, input);
    if (this.held.has(place)) {
      this.onConflict(table);
      throw refused(writeConflict, 'Transaction is ongoing for the item');
    }
    const output = this.store.call(action, input);
    await this.inFlight();
    return output;
  }

  private async transact(input: LocalInput): Promise<LocalInput> {
    if (this.store.wasDone(input)) return {};
    const token = optionalText(input, 'ClientRequestToken');
    if (token !== undefined && this.tokens.has(token)) {
      throw refused(tokenInProgress, 'The transaction with the given request token is already in progress');
    }
    const places = this.store.placesOf(input);
    if (places.some(({ place }) => this.held.has(place))) throw this.conflict(places);
    const own = places.map(({ place }) => place);
    for (const place of own) this.held.add(place);
    if (token !== undefined) this.tokens.add(token);
    try {
      await this.inFlight();
      // What it holds has not changed meanwhile, so that its conditions are as they were on arrival.
      return this.store.call('TransactWriteItems', input);
    } finally {
      for (const place of own) this.held.delete(place);
      if (token !== undefined) this.tokens.delete(token);
    }
  }

  private conflict(places: readonly { readonly place: string; readonly table: string }[]): AwsError {
    const reasons = places.map(({ place, table }) => {
      if (!this.held.has(place)) return { Code: 'None' };
      this.onConflict(table);
      return { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' };
    });
    return cancelled(transactionConflict, reasons);
  }
}
