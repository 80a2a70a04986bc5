import type { Socket } from 'node:net';
import type { PostgresSession } from './postgres-session';
import { ClientMessages, isIdleAfter, refusal, welcome } from './postgres-wire';

/** They end what a client says in one go: a query, or a sync. */
const ENDS = ['Q', 'S', 'H', 'F'];
const TERMINATE = 'X';

/**
 * A client of the session: it has the session from the first message of a statement to the end of it, or of the transaction that
 * it began. What a client said before its connection was cut is done, as PostgreSQL does it; a transaction that it left open is
 * rolled back.
 */
export class PostgresConnection {
  private readonly messages = new ClientMessages();
  private user?: string;
  private turn: Uint8Array[] = [];
  private release?: () => void;
  private working: Promise<void> = Promise.resolve();

  constructor(
    private readonly socket: Socket,
    private readonly session: PostgresSession,
  ) {
    socket.on('data', (data) => {
      this.messages.push(data);
      this.read();
    });
    // A client that is gone is no error of ours.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.queue(() => this.leave()));
  }

  private read(): void {
    while (this.user === undefined) {
      const opening = this.messages.opening();
      if (opening === undefined) return;
      if (opening === 'encryption') this.socket.write('N');
      else if (opening === 'cancel') this.socket.destroy();
      else {
        this.user = opening.user;
        this.queue(() => this.enter(opening.user));
      }
    }
    for (let message = this.messages.next(); message !== undefined; message = this.messages.next()) {
      if (message.type === TERMINATE) this.socket.end();
      else this.turn.push(message.bytes);
      if (!ENDS.includes(message.type)) continue;
      const turn = this.turn;
      this.turn = [];
      this.queue(() => this.take(turn));
    }
  }

  /** One after the other; what goes wrong ends the connection. */
  private queue(work: () => Promise<void>): void {
    this.working = this.working.then(work).catch(() => {
      this.socket.destroy();
    });
  }

  private async enter(user: string): Promise<void> {
    const isKnown = await this.session.knows(user);
    if (isKnown) this.socket.write(welcome(this.session.version));
    else this.socket.end(refusal(`role "${user}" does not exist`));
  }

  private async take(turn: readonly Uint8Array[]): Promise<void> {
    if (this.release === undefined) {
      const release = await this.session.lend();
      this.release = release;
      await this.session.become(this.user ?? '');
    }
    let answer: Uint8Array = new Uint8Array();
    for (const message of turn) {
      answer = await this.session.exec(message);
      if (!this.socket.destroyed) this.socket.write(answer);
    }
    if (isIdleAfter(answer) === true) this.giveBack();
  }

  private async leave(): Promise<void> {
    if (this.release === undefined) return;
    await this.session.rollback();
    this.giveBack();
  }

  private giveBack(): void {
    this.release?.();
    this.release = undefined;
  }
}
