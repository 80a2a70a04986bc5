import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { Problem } from '../../../lib/runtime/problem';
import { ConversationKeys, type Forgotten } from '../contract';
import type { Caller } from './caller';
import { uncontended } from './contention';
import { type ConversationsRepository, notFound } from './conversations-repository';
import { type Item, keyOf, type Table } from './table';
import type { Timing } from './timing';
import { readTurn } from './turn-item';

/** Items that are looked for, and deleted beside each other. */
const AT_ONCE = 25;
/** Milliseconds after which a request says that there is more: API Gateway waits for 29 s (apigw-29s-timeout). */
const PATIENCE_MS = 20_000;

/**
 * Deletes what a user said and was told (rag-conversation-history). What an answer on its way needs to be kept goes first, the
 * conversation or the question: so it keeps nothing afterwards. What counts tokens stays, it says nothing of what was said.
 */
export class Forgetting {
  constructor(
    private readonly table: Table,
    private readonly conversations: ConversationsRepository,
    private readonly timing: Timing,
  ) {}

  /** One conversation with its turns. @returns whether all is gone; false: ask again @throws Problem 404 */
  async conversation(caller: Caller, id: string): Promise<boolean> {
    const until = this.timing.now() + PATIENCE_MS;
    const summary = await this.conversations.summary(caller, id).catch((error: unknown) => {
      if (error instanceof Problem) return undefined;
      throw error;
    });
    await this.delete(caller, ConversationKeys.conversation(id));
    const turns = await this.below(caller, ConversationKeys.turn(id, ''), until);
    if (summary === undefined && turns.deleted === 0) throw notFound();
    return turns.done;
  }

  /** Everything of a user. */
  async user(caller: Caller): Promise<Forgotten> {
    const until = this.timing.now() + PATIENCE_MS;
    const prefixes = [ConversationKeys.question(''), ConversationKeys.conversation(''), TURNS];
    let deleted = 0;
    for (const prefix of prefixes) {
      const gone = await this.below(caller, prefix, until);
      if (prefix !== ConversationKeys.question('')) deleted += gone.deleted;
      if (!gone.done) return { deleted, done: false };
    }
    return { deleted, done: true };
  }

  private async below(caller: Caller, prefix: string, until: number): Promise<Forgotten> {
    let deleted = 0;
    while (this.timing.now() < until) {
      const { found, last } = await this.conversations.query(caller, prefix, AT_ONCE);
      await Promise.all(found.map((item) => this.item(caller, item)));
      deleted += found.length;
      if (last === undefined) return { deleted, done: true };
    }
    return { deleted, done: false };
  }

  /** The object goes before the item that points to it: nothing would find it afterwards. */
  private async item(caller: Caller, item: Item): Promise<void> {
    const { claim } = readTurn(item);
    if (claim !== undefined) {
      const { removeClaim } = await import('./long-turns.lazy.js');
      await removeClaim(claim);
    }
    await this.delete(caller, String(item[ConversationKeys.sort]));
  }

  private async delete(caller: Caller, sort: string): Promise<void> {
    const { client, name: TableName } = this.table;
    const remove = new DeleteCommand({ TableName, Key: keyOf(caller, sort) });
    await uncontended(() => client.send(remove), this.timing);
  }
}

/** What all turns of all conversations begin with. */
const TURNS = 'turn#';
