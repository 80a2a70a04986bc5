import { DATABASE_NAME, DATABASE_USER } from '../contract';

/** A step of the schema. Steps are only ever added: a deployed step never changes. */
export interface Migration {
  /** In order, and forever: what has run is known by it. */
  readonly id: string;
  /**
   * Single statements, run in one transaction. Old code runs beside new while a deployment goes on, so a step adds (a table, a
   * column with a default, an index) and a later one, when no code asks for it any more, takes away.
   */
  readonly statements: readonly string[];
}

/** The schema of the application, from nothing. */
export const MIGRATIONS: readonly Migration[] = [
  {
    id: '0001-items',
    statements: [
      `CREATE TABLE items (
        id uuid PRIMARY KEY,
        owner text NOT NULL,
        title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
        notes text NOT NULL DEFAULT '' CHECK (octet_length(notes) <= 16384),
        version integer NOT NULL DEFAULT 1,
        -- What the caller names the request by: the same name twice is one item.
        idempotency_key text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        UNIQUE (owner, idempotency_key)
      )`,
      // Serves the list of an owner, newest first, from any cursor.
      'CREATE INDEX items_by_owner ON items (owner, created_at DESC, id DESC)',
    ],
  },
  {
    id: '0002-attachments',
    statements: [
      `CREATE TABLE attachments (
        id uuid PRIMARY KEY,
        item_id uuid NOT NULL REFERENCES items ON DELETE CASCADE,
        owner text NOT NULL,
        name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
        content_type text NOT NULL,
        size bigint NOT NULL CHECK (size > 0),
        object_key text NOT NULL UNIQUE,
        -- Of an upload in parts.
        upload_id text,
        status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'ready', 'quarantined')),
        idempotency_key text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        UNIQUE (owner, idempotency_key)
      )`,
      'CREATE INDEX attachments_by_item ON attachments (item_id)',
    ],
  },
  {
    id: '0003-application-role',
    statements: [
      `GRANT CONNECT ON DATABASE ${DATABASE_NAME} TO ${DATABASE_USER}`,
      `GRANT USAGE ON SCHEMA public TO ${DATABASE_USER}`,
      // A statement that runs longer has lost its caller; through a proxy no connection can say so by itself.
      `ALTER ROLE ${DATABASE_USER} SET statement_timeout = '5s'`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON items, attachments TO ${DATABASE_USER}`,
    ],
  },
];
