import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { DATABASE_NAME } from '../../patterns/web-app/contract';
import { PostgresConnection } from './postgres-connection';
import { PostgresSession } from './postgres-session';

/** A PostgreSQL on the loopback interface. */
export interface LocalPostgres {
  readonly port: number;
  /** Of the administrator. */
  readonly connectionString: string;
  /** As PostgreSQL tells it. */
  readonly version: string;
  /** Ends every connection, whatever it is about, and takes none until it is opened again. */
  cut(): Promise<void>;
  open(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts PGlite, which is PostgreSQL in WebAssembly, in this process and in memory: Node.js is all it needs. It has one session,
 * which clients share: each has it for a statement, or a transaction, at a time, as the role that it connects as. So transactions
 * stay apart, and whoever waits for another's lock waits for all of its transaction. Settings of a connection, such as
 * `statement_timeout`, are not taken, and no one is asked for a password.
 */
export async function startPostgres(): Promise<LocalPostgres> {
  const session = await PostgresSession.start();
  // The session's own database has another name; the application's is there to be granted.
  await session.administer(`CREATE DATABASE ${DATABASE_NAME}`);
  const sockets = new Set<Socket>();
  let server = await listen(session, sockets, 0);
  const { port } = server.address() as AddressInfo;
  const cut = async () => {
    const closed = new Promise((done) => server.close(done));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port,
    connectionString: `postgres://postgres@127.0.0.1:${port}/${DATABASE_NAME}`,
    version: session.version,
    cut,
    open: async () => {
      server = await listen(session, sockets, port);
    },
    stop: async () => {
      await cut();
      // What was under way when its connection was cut is done first.
      await session.lend();
      await session.close();
    },
  };
}

async function listen(session: PostgresSession, sockets: Set<Socket>, port: number): Promise<Server> {
  // An answer comes in parts; none waits for the client to confirm the one before.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new PostgresConnection(socket, session);
  });
  await new Promise<void>((listening, refused) => {
    server.once('error', refused);
    server.listen(port, '127.0.0.1', listening);
  });
  return server;
}
