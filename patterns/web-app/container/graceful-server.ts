import { createServer, type Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';

/** Seconds that an unused connection stays open: longer than the load balancer's 60, or it would send into a closed one. */
const KEEP_ALIVE_SECONDS = 65;
/**
 * Seconds that a load balancer may still send new requests: it hears that a task goes a moment later than the task, when that
 * failed a health check. Then seconds for a client that was idle to say its last request, and for what is in flight. ECS kills
 * after 75 (lib/compute/graceful-shutdown.ts).
 */
const STILL_COMING_SECONDS = 3;
const LAST_WORD_SECONDS = 2;
const IN_FLIGHT_SECONDS = 35;

/** A server that can go without dropping a request. */
export interface GracefulServer {
  readonly server: Server;
  /** Takes no new connection after a moment, answers what is there, and resolves once all connections are closed. */
  stop(): Promise<void>;
}

/** Serves a `fetch` function. */
export function gracefulServer(fetch: Parameters<typeof getRequestListener>[0]): GracefulServer {
  const listener = getRequestListener(fetch);
  let isStopping = false;
  const server = createServer((incoming, outgoing) => {
    // The connection ends with this answer, and its client opens the next one elsewhere.
    if (isStopping) outgoing.setHeader('connection', 'close');
    void listener(incoming, outgoing);
  });
  server.keepAliveTimeout = KEEP_ALIVE_SECONDS * 1000;
  server.headersTimeout = (KEEP_ALIVE_SECONDS + 1) * 1000;
  return {
    server,
    async stop() {
      isStopping = true;
      await wait(STILL_COMING_SECONDS * 1000);
      const closed = new Promise<void>((resolve) => server.once('close', resolve));
      // Without http's own close, which would also end the connections that a request may just be on its way in.
      NetServer.prototype.close.call(server);
      const isClosed = closed.then(() => true);
      const late = async (seconds: number) =>
        !(await Promise.race([isClosed, wait(seconds * 1000, false, { ref: false })]));
      if (await late(LAST_WORD_SECONDS)) server.closeIdleConnections();
      if (await late(IN_FLIGHT_SECONDS)) server.closeAllConnections();
      await closed;
    },
  };
}
