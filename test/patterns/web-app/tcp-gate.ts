import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Endpoint } from '../../../lib/runtime/endpoint';

/** Stands before a server, and can do to connections what networks do. */
export interface TcpGate {
  readonly endpoint: Endpoint;
  /** Connections that came so far. */
  readonly taken: () => number;
  /** New connections go to this server; open ones stay. */
  moveTo(target: Endpoint): void;
  /** Ends all connections at once. */
  cut(): void;
  /** Lets answers of the server no longer through, while its clients' words still reach it. */
  muffle(isMuffled: boolean): void;
  close(): Promise<void>;
}

export async function openGate(target: Endpoint, at: Endpoint = { host: '127.0.0.1', port: 0 }): Promise<TcpGate> {
  const sockets = new Set<Socket>();
  let current = target;
  let taken = 0;
  let isMuffled = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    taken += 1;
    const upstream = connect(current.port, current.host);
    keep(client);
    keep(upstream);
    client.pipe(upstream);
    upstream.on('data', (data) => {
      if (!isMuffled) client.write(data);
    });
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
  });
  server.listen(at.port, at.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    endpoint: { host: at.host, port },
    taken: () => taken,
    moveTo: (next) => {
      current = next;
    },
    cut,
    muffle: (value) => {
      isMuffled = value;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
