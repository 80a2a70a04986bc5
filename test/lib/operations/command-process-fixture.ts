import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/aws/server';
import type { Services } from '../../../local/aws/wire';

const ROOT = join(__dirname, '../../..');

/** A command that runs, and how it ends. */
interface CommandProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
}

/** Runs `groundplan` as a person does, in a folder and without anyone's settings. */
function startCommand(folder: string, args: readonly string[], environment: NodeJS.ProcessEnv): CommandProcess {
  const loader = pathToFileURL(join(ROOT, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
  const child = spawn(process.execPath, ['--import', loader, join(ROOT, 'bin', 'groundplan.ts'), ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...environment },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<{ code: number | null; out: string; err: string }>((done) => {
    child.on('close', (code) => done({ code, out, err }));
  });
  return { child, ended };
}

/** Lets each test run a command in a folder of its own, against local stores. */
export function useCommandProcess(services: Services, verb: readonly string[]) {
  let aws: LocalAws;
  const fixture = {
    folder: '',
    child: undefined as ChildProcess | undefined,
    /** Hears of every request with records. */
    onPut: (): void => undefined,
    /** Variables that let the command talk to the stores. */
    local: () => ({
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    }),
    start: (args: string, environment: NodeJS.ProcessEnv) => {
      const { child, ended } = startCommand(fixture.folder, [...verb, ...args.split(' ')], environment);
      fixture.child = child;
      return ended;
    },
  };
  beforeAll(async () => {
    aws = await startLocalAws(services, { onCall: ({ action }) => action === 'PutRecords' && fixture.onPut() });
  });
  afterAll(() => aws.close());
  beforeEach(() => {
    fixture.folder = mkdtempSync(join(tmpdir(), 'groundplan-command-'));
    fixture.onPut = () => undefined;
  });
  afterEach(() => {
    fixture.child?.kill('SIGKILL');
    rmSync(fixture.folder, { recursive: true, force: true });
  });
  return fixture;
}
