import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

/** A command that runs. */
export interface Running {
  readonly process: ChildProcess;
  readonly out: () => string;
  /** Resolves when the output matches. Rejects when the command ends before. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly ended: Promise<Ended>;
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** What our commands left in a folder for temporary files; tsx keeps a cache of its own there. */
export function leftIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => !name.startsWith('tsx-'));
}

/** Runs `local/cli/<name>.ts` as its npm script does, or `npx groundplan`, without the build. */
export function run(
  name: 'demo' | 'fuzz' | 'start' | 'groundplan',
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Running {
  const script = name === 'groundplan' ? 'bin/groundplan.ts' : `local/cli/${name}.ts`;
  // tsx keeps what it has compiled among the temporary files: a folder of one's own would have it begin anew.
  const cache = `tsx-${process.geteuid?.() ?? ''}`;
  if (env['TMPDIR'] !== undefined && existsSync(join(tmpdir(), cache)) && !existsSync(join(env['TMPDIR'], cache))) {
    symlinkSync(join(tmpdir(), cache), join(env['TMPDIR'], cache));
  }
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
  });
  let [out, err] = ['', ''];
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code) => done({ code, out, err }));
  });
  const says = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((found, failed) => {
      const look = () => {
        const match = pattern.exec(out);
        if (match !== null) found(match);
      };
      listeners.add(look);
      look();
      void ended.then(() => failed(new Error(`ended without ${pattern}: ${out}${err}`)));
    });
  return { process: child, out: () => out, says, ended };
}

/**
 * Runs a command as a document gives it, such as `npm run demo -- web-app`; test/docs/commands.test.ts finds it here.
 *
 * @param more arguments that make the run shorter, or its end known
 */
export function documented(command: string, more: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Running {
  const [, name, args = ''] = /^npm (?:run )?(demo|fuzz|start)(?: -- (.+))?$/.exec(command) ?? [];
  if (name !== 'demo' && name !== 'fuzz' && name !== 'start')
    throw new Error(`${command} is no command that runs here`);
  return run(name, [...args.split(' ').filter((arg) => arg !== ''), ...more], env);
}
