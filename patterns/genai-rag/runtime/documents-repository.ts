import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { cancellationOf } from '../../../lib/runtime/cancelled-transaction';
import { TableKeys } from '../../../lib/runtime/contract';
import { DocumentKeys } from '../contract';
import { uncontended } from './contention';
import type { DocumentRow } from './document-row';
import type { Timing } from './timing';

const { partition } = TableKeys;
const { sort, byAge, createdAt } = DocumentKeys;

/** Longer than a form lives, with what it uploads. */
const SOON_SECONDS = 60 * 60;

/** The last document of a page: the next page begins after it. */
export interface PagePosition {
  readonly createdAt: string;
  readonly id: string;
}

/** What the knowledge base has to take note of with a write. */
export type NotedChange = 'none' | 'put' | 'deleted';

/** Where the documents are kept. */
export interface DocumentsTable {
  readonly name: string;
  readonly client: DynamoDBDocumentClient;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** A new version. @default - a random UUID */
  readonly newVersion?: () => string;
  /** Of the waits between tries. @default - the machine's */
  readonly timing?: Pick<Timing, 'after' | 'random'>;
}

/** The documents of the tenants. Every read and write names a tenant, and none reaches over to another. */
export class DocumentsRepository {
  readonly now: () => number;
  private readonly newVersion: () => string;

  constructor(private readonly table: DocumentsTable) {
    this.now = table.now ?? Date.now;
    this.newVersion = table.newVersion ?? randomUUID;
  }

  /**
   * Puts a new document, or finds the one that is there under its id, by one request. One that waits and may be deleted before its
   * file can come is as good as gone.
   */
  async create(row: Omit<DocumentRow, 'version'>): Promise<DocumentRow> {
    const created = { ...row, version: this.newVersion() };
    const put = new PutCommand({
      TableName: this.table.name,
      Item: { ...keyOf(row), ...created },
      ConditionExpression: `attribute_not_exists(${partition}) OR (#status = :waiting AND ${TableKeys.expiresAt} <= :soon)`,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':waiting': 'waiting', ':soon': Math.floor(this.now() / 1000) + SOON_SECONDS },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await this.send(() => this.table.client.send(put));
      return created;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
      return rowOf(unmarshall(error.Item));
    }
  }

  /** Reads a document as it is now; undefined without one. */
  async find(tenant: string, id: string): Promise<DocumentRow | undefined> {
    const get = new GetCommand({ TableName: this.table.name, Key: keyOf({ tenant, id }), ConsistentRead: true });
    const { Item } = await this.table.client.send(get);
    return Item === undefined ? undefined : rowOf(Item);
  }

  /** Documents of a tenant, newest first. One that came a moment ago may be missing (ddb-gsi-eventual). */
  async page(
    tenant: string,
    limit: number,
    after?: PagePosition,
  ): Promise<{ rows: DocumentRow[]; next?: PagePosition }> {
    const query = new QueryCommand({
      TableName: this.table.name,
      IndexName: byAge,
      KeyConditionExpression: '#tenant = :tenant',
      ExpressionAttributeNames: { '#tenant': partition },
      ExpressionAttributeValues: { ':tenant': DocumentKeys.tenant(tenant) },
      ScanIndexForward: false,
      Limit: limit,
      ExclusiveStartKey:
        after === undefined ? undefined : { ...keyOf({ tenant, id: after.id }), [createdAt]: after.createdAt },
    });
    const { Items = [], LastEvaluatedKey } = await this.table.client.send(query);
    const rows = Items.map(rowOf);
    const last = rows.at(-1);
    return { rows, ...(LastEvaluatedKey !== undefined && last !== undefined && { next: last }) };
  }

  /**
   * Writes a document in place of the one that was seen, and in the same transaction what the knowledge base has to take note of, so
   * that neither is there without the other.
   *
   * @param seen as it was read; undefined when there was none
   * @returns false, and nothing is written, when it is another by now
   */
  async write(row: DocumentRow, seen: DocumentRow | undefined, change: NotedChange): Promise<boolean> {
    const now = this.now();
    const written = { ...row, version: this.newVersion(), updatedAt: new Date(now).toISOString() };
    const TransactItems: NonNullable<TransactWriteCommandInput['TransactItems']> = [
      {
        Put: {
          TableName: this.table.name,
          Item: { ...keyOf(row), ...written },
          ...(seen === undefined
            ? { ConditionExpression: `attribute_not_exists(${partition})` }
            : { ConditionExpression: 'version = :seen', ExpressionAttributeValues: { ':seen': seen.version } }),
        },
      },
    ];
    if (change !== 'none') TransactItems.push({ Update: this.changeOf(written, change === 'deleted', now) });
    try {
      await this.send(() => this.table.client.send(new TransactWriteCommand({ TransactItems })));
      return true;
    } catch (error) {
      // Another document than was seen.
      if (cancellationOf(error) === 'condition') return false;
      throw error;
    }
  }

  private send<T>(write: () => Promise<T>): Promise<T> {
    return uncontended(write, this.table.timing);
  }

  /** A change takes the place of an earlier one that waits still, but keeps the time since which something waits. */
  private changeOf({ tenant, id, objectKey, etag, indexedAt, version }: DocumentRow, isDeleted: boolean, now: number) {
    const values = { tenant, documentId: id, objectKey, isDeleted, mayBeIndexed: indexedAt !== undefined, version };
    // Whoever asked for it to go wants its objects gone; where an object went, there is nothing to delete.
    const all = { ...values, deletesObjects: isDeleted && etag !== undefined, at: now, attempts: 0, notBefore: 0 };
    const names = Object.keys(all);
    return {
      TableName: this.table.name,
      Key: {
        [partition]: DocumentKeys.ingestion,
        [sort]: DocumentKeys.change(tenant, id),
      },
      UpdateExpression: `SET #since = if_not_exists(#since, :at), ${names.map((name) => `#${name} = :${name}`)} REMOVE countedBy`,
      ExpressionAttributeNames: { '#since': 'since', ...Object.fromEntries(names.map((name) => [`#${name}`, name])) },
      ExpressionAttributeValues: Object.fromEntries(Object.entries(all).map(([name, value]) => [`:${name}`, value])),
    };
  }
}

/** Key of a document. */
export function keyOf({ tenant, id }: { readonly tenant: string; readonly id: string }): Record<string, string> {
  return { [partition]: DocumentKeys.tenant(tenant), [sort]: DocumentKeys.document(id) };
}

function rowOf({ [partition]: _, [sort]: __, ...row }: Record<string, unknown>): DocumentRow {
  return row as unknown as DocumentRow;
}
