import { createClient, ErrorReply } from '@redis/client';
import { type Endpoint, isLoopback } from './endpoint';

/** One connection to a Redis or a Valkey. */
export interface RedisConnection {
  /** @throws RefusedCommand for what the server says no to; any other error means that the connection is lost */
  command(words: readonly string[]): Promise<unknown>;
  /** Ends it at once. */
  destroy(): void;
}

/** The server answered, and its answer is an error. */
class RefusedCommand extends Error {
  readonly isRefusal = true;
}

/**
 * Opens one connection, with TLS unless it stays on the machine. It does not come back by itself.
 *
 * @param options.connectMs milliseconds for the connection and the login together
 */
export async function connectRedis(options: {
  readonly endpoint: Endpoint;
  readonly user: string;
  readonly password: () => Promise<string>;
  readonly connectMs: number;
}): Promise<RedisConnection> {
  const { endpoint, user: username, connectMs } = options;
  const { host, port } = endpoint;
  const common = { host, port, connectTimeout: connectMs, reconnectStrategy: false } as const;
  const client = createClient({
    socket: isLoopback(endpoint) ? common : { ...common, tls: true },
    credentialsProvider: {
      type: 'async-credentials-provider',
      credentials: async () => ({ username, password: await options.password() }),
    },
    // Nothing waits for a connection that is gone.
    disableOfflineQueue: true,
    // Who waits for an answer has a shorter time of its own.
    commandOptions: { timeout: undefined },
    disableClientInfo: true,
    maintNotifications: 'disabled',
  });
  // Whoever waits for an answer hears of it; without a listener it would end the process.
  client.on('error', () => {});
  const timer = setTimeout(() => client.destroy(), connectMs);
  try {
    await client.connect();
  } finally {
    clearTimeout(timer);
  }
  return {
    async command(words) {
      try {
        return await client.sendCommand([...words]);
      } catch (error) {
        throw error instanceof ErrorReply ? new RefusedCommand(error.message) : error;
      }
    },
    destroy: () => client.destroy(),
  };
}
