import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A place where nothing comes back. */
export interface SilentServer {
  readonly port: number;
  /** Connections that it took. */
  readonly taken: () => number;
  close(): Promise<void>;
}

/** Takes connections and never says a word, or says one thing to the first bytes of each. */
export async function silentServer(says = ''): Promise<SilentServer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('data', () => says !== '' && socket.write(says));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    taken: () => sockets.length,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/**
 * Never takes a connection: a process that stands still, with the queue of the kernel before it full, so that a connection stays half open
 * as one to a host that is gone. Linux alone leaves it so.
 */
export async function deafServer(): Promise<SilentServer> {
  const program =
    "require('net').createServer().listen({port:0,host:'127.0.0.1',backlog:1},function(){console.log(this.address().port)})";
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  child.kill('SIGSTOP');
  const fillers: Socket[] = [];
  for (let isFull = false; !isFull; ) {
    const filler = connect(port, '127.0.0.1').on('error', () => {});
    fillers.push(filler);
    isFull = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(true), 300);
      filler.once('connect', () => {
        clearTimeout(timer);
        resolve(false);
      });
    });
    if (fillers.length > 100) throw new Error('The queue of connections is never full');
  }
  return {
    port,
    taken: () => 0,
    close: async () => {
      for (const filler of fillers) filler.destroy();
      child.kill('SIGKILL');
    },
  };
}
