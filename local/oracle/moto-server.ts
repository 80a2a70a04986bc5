import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** A moto server that runs. */
export interface MotoServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts a moto server of our own. @throws Error in one line when it cannot be installed */
export async function startMoto(): Promise<MotoServer> {
  const child = spawn('bash', [join(ROOT, 'scripts/with-moto.sh'), 'sleep', '86400'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Of a group of its own: Ctrl-C is ours to pass on.
    detached: true,
  });
  const ended = new Promise<void>((done) => {
    child.on('close', () => done());
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const port = await new Promise<string>((found, failed) => {
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const [, number] = /on port (\d+)/.exec(out) ?? [];
      if (number !== undefined) found(number);
    });
    void ended.then(() => failed(new Error(errors.trim().split('\n')[0] ?? 'moto did not start')));
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
