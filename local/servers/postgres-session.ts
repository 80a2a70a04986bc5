import { PGlite } from '@electric-sql/pglite';

const ADMINISTRATOR = 'postgres';
const IDENTIFIER = /^[a-z_][a-z0-9_]*$/;

/** The one session of a PGlite, which is lent to one client at a time. */
export class PostgresSession {
  private last: Promise<void> = Promise.resolve();
  private user = ADMINISTRATOR;

  private constructor(
    private readonly database: PGlite,
    readonly version: string,
  ) {}

  static async start(): Promise<PostgresSession> {
    const database = await PGlite.create();
    const { rows } = await database.query<{ version: string }>("SELECT current_setting('server_version') AS version");
    return new PostgresSession(database, rows[0]?.version ?? '');
  }

  /** Waits for its turn. @returns how to give it back */
  async lend(): Promise<() => void> {
    const before = this.last;
    let giveBack: () => void = () => undefined;
    this.last = new Promise((returned) => {
      giveBack = returned;
    });
    await before;
    return giveBack;
  }

  /** Runs a statement by itself, as the administrator. */
  async administer(statement: string): Promise<void> {
    await this.alone(async () => {
      await this.become(ADMINISTRATOR);
      await this.database.exec(statement);
    });
  }

  knows(role: string): Promise<boolean> {
    return this.alone(async () => {
      const { rows } = await this.database.query('SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1', [role]);
      return rows.length > 0 && IDENTIFIER.test(role);
    });
  }

  /** From here on a role's permissions count. Only whoever has the session may ask. */
  async become(role: string): Promise<void> {
    if (role === this.user) return;
    await this.database.exec(`SET SESSION AUTHORIZATION ${role}`);
    this.user = role;
  }

  /** Only whoever has the session may ask. */
  exec(message: Uint8Array): Promise<Uint8Array> {
    return this.database.execProtocolRaw(message);
  }

  /** Only whoever has the session may ask. */
  async rollback(): Promise<void> {
    await this.database.exec('ROLLBACK');
  }

  async close(): Promise<void> {
    await this.database.close();
  }

  private async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const giveBack = await this.lend();
    try {
      return await work();
    } finally {
      giveBack();
    }
  }
}
