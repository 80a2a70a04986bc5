import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { cancellationOf } from '../../../lib/runtime/cancelled-transaction';
import { TableKeys } from '../../../lib/runtime/contract';
import { DocumentKeys } from '../contract';
import { uncontended } from './contention';
import { keyOf } from './documents-repository';
import { type Timing, WALL_TIME } from './timing';

/** What the knowledge base has yet to take note of: one for each document that changed. */
export interface PendingChange {
  readonly tenant: string;
  readonly documentId: string;
  readonly objectKey: string;
  readonly isDeleted: boolean;
  /** Whether its objects are to be gone, and not only were. */
  readonly deletesObjects: boolean;
  /** Whether something of it may be in the index already. */
  readonly mayBeIndexed: boolean;
  /** Of the document when it changed. */
  readonly version: string;
  /** When it changed last. Milliseconds since 1970, as all times here. */
  readonly at: number;
  /** Since when something of it waits. */
  readonly since: number;
  /** Jobs that did not settle it. */
  readonly attempts: number;
  /** Not taken into account before. */
  readonly notBefore: number;
  /** Token of the job that was counted last. */
  readonly countedBy?: string;
}

/** The ingestion job of ours. `starting` is written before Bedrock is asked, so that a crash in between cannot lose it. */
export interface IngestionJob {
  readonly state: 'starting' | 'running';
  /** For Bedrock, which answers the same token with the same job. */
  readonly token: string;
  readonly jobId?: string;
  readonly startedAt: number;
  /** It covers what changed until then. */
  readonly covers: number;
}

/** What a job did about a change. `again`: nothing, so the next job is to; `orphaned`: someone took its document's row out. */
export type Settlement = { readonly change: PendingChange } & (
  | { readonly outcome: 'indexed' | 'gone' | 'orphaned' }
  | { readonly outcome: 'failed'; readonly reason: string }
  | { readonly outcome: 'again'; readonly token: string; readonly notBefore: number }
);

type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** AWS: DynamoDB, a transaction has up to 100 items; a settlement takes two. */
const SETTLEMENTS_AT_ONCE = 50;
const { partition } = TableKeys;
const { sort } = DocumentKeys;

/** What waits, what runs, and where documents are. */
export interface Ingestion {
  readonly changes: readonly PendingChange[];
  readonly job?: IngestionJob;
  /** Whether documents were taken into another data source before, so that this one has nothing of them, changed or not. */
  readonly isMoving: boolean;
}

/** Pending changes of the knowledge base, and its job. */
export class IngestionState {
  constructor(
    private readonly table: string,
    private readonly dataSourceId: string,
    private readonly client: DynamoDBDocumentClient,
    private readonly newVersion: () => string,
    /** Of the waits between tries. */
    private readonly timing: Pick<Timing, 'after' | 'random'> = WALL_TIME,
  ) {}

  /** All of it, by one request for some 3,000 changes. */
  async read(): Promise<Ingestion> {
    const items: Record<string, unknown>[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await this.client.send(
        new QueryCommand({
          TableName: this.table,
          KeyConditionExpression: '#partition = :partition',
          ExpressionAttributeNames: { '#partition': partition },
          ExpressionAttributeValues: { ':partition': DocumentKeys.ingestion },
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      );
      items.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    const job = items.find((item) => item[sort] === DocumentKeys.job) as IngestionJob | undefined;
    const source = items.find((item) => item[sort] === DocumentKeys.source)?.['dataSourceId'];
    const { job: jobSort, source: sourceSort } = DocumentKeys;
    const changes = items.filter(({ [sort]: key }) => key !== jobSort && key !== sourceSort);
    return {
      changes: changes as unknown as PendingChange[],
      isMoving: source !== undefined && source !== this.dataSourceId,
      ...(job !== undefined && { job }),
    };
  }

  /** Books the one place for a job. @returns whether it was free */
  begin(job: IngestionJob): Promise<boolean> {
    const Item = { ...this.jobKey(), ...job };
    const put = new PutCommand({
      TableName: this.table,
      Item,
      ConditionExpression: `attribute_not_exists(${partition})`,
    });
    return this.ifStill(() => this.client.send(put));
  }

  /** Notes which job it became. @returns whether its place is still its own */
  run(token: string, jobId: string): Promise<boolean> {
    const update = new UpdateCommand({
      TableName: this.table,
      Key: this.jobKey(),
      UpdateExpression: 'SET #state = :running, jobId = :job',
      ConditionExpression: '#token = :token',
      ExpressionAttributeNames: { '#state': 'state', '#token': 'token' },
      ExpressionAttributeValues: { ':running': 'running', ':job': jobId, ':token': token },
    });
    return this.ifStill(() => this.client.send(update));
  }

  /** Gives the place back. */
  end(token: string): Promise<boolean> {
    return this.ifStill(() => this.client.send(new DeleteCommand(this.removal(token))));
  }

  /** Gives the place back after a job that ingested what there was, and notes where it took it. */
  complete(token: string): Promise<boolean> {
    const Item = { ...this.keyOf(DocumentKeys.source), dataSourceId: this.dataSourceId };
    const TransactItems = [{ Delete: this.removal(token) }, { Put: { TableName: this.table, Item } }];
    return this.ifStill(() => this.client.send(new TransactWriteCommand({ TransactItems })));
  }

  /**
   * Writes what became of changes, 50 in a request. A document that changed again in the meantime keeps its new change and status.
   *
   * @returns those that were written
   */
  async settle(settlements: readonly Settlement[], now: number): Promise<Settlement[]> {
    const settled: Settlement[] = [];
    for (let start = 0; start < settlements.length; start += SETTLEMENTS_AT_ONCE) {
      settled.push(...(await this.settleAtOnce(settlements.slice(start, start + SETTLEMENTS_AT_ONCE), now)));
    }
    return settled;
  }

  private async settleAtOnce(settlements: readonly Settlement[], now: number): Promise<readonly Settlement[]> {
    if (settlements.length === 0) return [];
    const writes = settlements.map((each) => this.writesOf(each, now));
    try {
      const TransactItems = writes.flat();
      await uncontended(() => this.client.send(new TransactWriteCommand({ TransactItems })), this.timing);
      return settlements;
    } catch (error) {
      const refused = refusedOf(error, writes);
      if (refused.size === 0) throw error;
      const left = settlements.flatMap((each, index): Settlement[] => {
        if (!refused.has(index)) return [each];
        return refused.get(index) === 'row' ? [{ change: each.change, outcome: 'orphaned' }] : [];
      });
      return this.settleAtOnce(left, now);
    }
  }

  private writesOf(settlement: Settlement, now: number): Write[] {
    const { change, outcome } = settlement;
    const ofVersion = {
      TableName: this.table,
      ConditionExpression: 'version = :version',
      ExpressionAttributeValues: { ':version': change.version },
    };
    const Key = this.keyOf(DocumentKeys.change(change.tenant, change.documentId));
    if (outcome === 'again') {
      const { token, notBefore } = settlement;
      const values = { ':one': 1, ':token': token, ':notBefore': notBefore };
      const Update = {
        ...ofVersion,
        Key,
        UpdateExpression: 'SET countedBy = :token, notBefore = :notBefore ADD attempts :one',
        ConditionExpression: 'version = :version AND (attribute_not_exists(countedBy) OR countedBy <> :token)',
        ExpressionAttributeValues: { ...ofVersion.ExpressionAttributeValues, ...values },
      };
      return [{ Update }];
    }
    const row = keyOf({ tenant: change.tenant, id: change.documentId });
    const settled: Write = { Delete: { ...ofVersion, Key } };
    if (outcome === 'orphaned') return [settled];
    if (outcome === 'gone') {
      const ConditionExpression = `attribute_not_exists(${partition}) OR version = :version`;
      return [settled, { Delete: { ...ofVersion, Key: row, ConditionExpression } }];
    }
    const updatedAt = new Date(now).toISOString();
    const values = {
      ...ofVersion.ExpressionAttributeValues,
      ':status': outcome,
      ':now': updatedAt,
      ':new': this.newVersion(),
    };
    const set = 'SET #status = :status, updatedAt = :now, version = :new';
    const ExpressionAttributeNames = { '#status': 'status' };
    const Update =
      settlement.outcome === 'failed'
        ? {
            UpdateExpression: `${set}, reason = :reason`,
            ExpressionAttributeValues: { ...values, ':reason': settlement.reason },
          }
        : {
            UpdateExpression: `${set}, indexedAt = if_not_exists(indexedAt, :now) REMOVE reason`,
            ExpressionAttributeValues: values,
          };
    return [settled, { Update: { ...ofVersion, Key: row, ExpressionAttributeNames, ...Update } }];
  }

  private removal(token: string) {
    return {
      TableName: this.table,
      Key: this.jobKey(),
      ConditionExpression: '#token = :token',
      ExpressionAttributeNames: { '#token': 'token' },
      ExpressionAttributeValues: { ':token': token },
    };
  }

  private jobKey(): Record<string, string> {
    return this.keyOf(DocumentKeys.job);
  }

  private keyOf(sortKey: string): Record<string, string> {
    return { [partition]: DocumentKeys.ingestion, [sort]: sortKey };
  }

  private async ifStill(write: () => Promise<unknown>): Promise<boolean> {
    try {
      await uncontended(write, this.timing);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException || cancellationOf(error) === 'condition') return false;
      throw error;
    }
  }
}

/** Which settlements were refused, by their place: for a change that is another by now, or for a row that does not belong to it. */
function refusedOf(error: unknown, writes: readonly Write[][]): Map<number, 'change' | 'row'> {
  const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
  const codes = reasons.map(({ Code }) => Code);
  const refused = new Map<number, 'change' | 'row'>();
  for (const [index, { length }] of writes.entries()) {
    const [ofChange, ofRow] = codes.splice(0, length);
    if (ofChange === 'ConditionalCheckFailed') refused.set(index, 'change');
    else if (ofRow === 'ConditionalCheckFailed') refused.set(index, 'row');
  }
  return refused;
}
