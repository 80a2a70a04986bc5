import type { Cache } from '../../../../lib/runtime/cache';
import type { Database } from '../../../../lib/runtime/postgres';

/** What the next statement answers: rows, or a failure. */
export type Reply = Error | { readonly rows: readonly object[]; readonly repeated?: boolean };

/** A statement, as it was asked. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly on: string;
}

/** A failure that PostgreSQL calls a duplicate. */
export const DUPLICATE = Object.assign(new Error('duplicate key'), { code: '23505' });

/** A database that answers in turn, and a cache that keeps nothing: what repositories decide, without SQL. */
export class StoreFixture {
  readonly asked: Statement[] = [];
  /** Keys that the cache was asked for, and those that it forgot, after how many statements. */
  readonly read: string[] = [];
  readonly forgotten: (readonly [string, number])[] = [];
  private readonly replies: Reply[];

  constructor(...replies: readonly Reply[]) {
    this.replies = [...replies];
  }

  readonly database: Database = {
    query: async <Row>(text: string, values: readonly unknown[], on: 'writer' | 'reader' = 'writer') => {
      this.asked.push({ text, values, on });
      const reply = this.replies.shift();
      if (reply === undefined) throw new Error(`Nobody foresaw ${text}`);
      if (reply instanceof Error) throw reply;
      return { rows: [...reply.rows] as Row[], repeated: reply.repeated === true };
    },
    close: async () => undefined,
  };

  readonly cache: Cache = {
    through: (key, load) => {
      this.read.push(key);
      return load();
    },
    forget: async (key) => {
      this.forgotten.push([key, this.asked.length]);
    },
    close: () => undefined,
  };
}
