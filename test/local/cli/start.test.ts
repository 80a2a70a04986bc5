import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignatureV4 } from '@smithy/signature-v4';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HANDLER_BUNDLE } from '../../../lib/compute/handler-bundle';
import { Sha256 } from '../../../local/aws/local-role';
import { watchHandlers } from '../../../local/cli/handler-watch';
import type { LocalFunction } from '../../../local/lambda/local-function';
import { assemblyOf, DEMO_PIPELINE } from '../../assemblies';
import { expectEventually } from '../../fixtures/eventually';
import { DEFINITION } from '../engine/engine-fixture';
import { leftIn, type Running, run } from './command-fixture';

let folder: string;
let running: Running | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundplan-start-'));
});
afterEach(async () => {
  // Killed at once it might leave its compiler behind, which would keep the output open.
  running?.process.kill('SIGINT');
  await running?.ended;
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Events in the live totals, as they were told last for each minute. */
function counted(out: string): number {
  const minutes = new Map<string, number>();
  for (const [, minute = '', events] of out.matchAll(/^totals +(\S+ \S+): (\d+) events/gm)) {
    minutes.set(minute, Number(events));
  }
  return [...minutes.values()].reduce((sum, events) => sum + events, 0);
}

describe('npm start', () => {
  it('prints URL, token and commands that work, and ends on Ctrl-C with nothing left', async () => {
    running = run('start', ['--port', '0'], { TMPDIR: folder });
    const [, url = ''] = await running.says(/The API is at (http:\/\/127\.0\.0\.1:\d+)/);
    const [, token = ''] = await running.says(/export TOKEN='(.+)'/);
    await running.says(/Ctrl-C ends/);
    expect(running.out()).toContain(`curl -s ${url}/orders -H "authorization: Bearer $TOKEN" -H 'content-type`);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': '1' };
    const body = JSON.stringify({ currency: 'EUR', lines: [{ sku: 'book', quantity: 2, unitPriceCents: 1990 }] });
    const placed = await fetch(`${url}/orders`, { method: 'POST', headers, body });
    expect(placed.status).toBe(202);
    const listed = (await (await fetch(`${url}/orders`, { headers })).json()) as { orders: unknown[] };
    expect(listed.orders).toHaveLength(1);
    expect((await fetch(`${url}/orders`)).status).toBe(401);

    const second = await run('start', ['--port', new URL(url).port, '--assembly', await assemblyOf('EventDriven')])
      .ended;
    expect([second.code, second.err]).toEqual([2, `Port ${new URL(url).port} is in use; choose another with --port\n`]);

    running.process.kill('SIGINT');
    const ended = await running.ended;
    expect([ended.code, ended.err.trim()]).toEqual([130, 'Stopped.']);
    expect(leftIn(folder)).toEqual([]);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('runs the data pipeline: events that are posted, or sent by the load, show in the live totals', async () => {
    running = run(
      'start',
      ['data-pipeline', '--port', '0', '--assembly', await assemblyOf('DataPipeline', DEMO_PIPELINE)],
      { TMPDIR: folder },
    );
    const [, token = ''] = await running.says(/export TOKEN='(.+)'/);
    const [, url = '', body = ''] = await running.says(/^# an event.*\ncurl -s (\S+) .* -d '(.+)'$/m);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'POST', body })).status).toBe(401);
    expect((await fetch(url, { method: 'POST', headers, body: '{}' })).status).toBe(400);
    const answer = await fetch(url, { method: 'POST', headers, body });
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ EncryptionType: 'KMS' })]);
    await running.says(/^totals +\S+ \S+: 1 events, 1 purchases$/m);

    const [, variables = '', args = ''] = await running.says(/^(AWS_ENDPOINT_URL=.*) npx groundplan (load .*)$/m);
    const environment = Object.fromEntries(variables.split(' ').map((variable) => variable.split('=')));
    const loaded = await run('groundplan', [...args.split(' '), '--duration', '2s'], environment).ended;
    expect([loaded.code, loaded.out]).toEqual([0, expect.stringMatching(/^100 of 100 events sent in 2\.\d s: /)]);
    await expectEventually(() => counted(running?.out() ?? '')).toBe(101);
    running.process.kill('SIGINT');
    const ended = await running.ended;
    expect([ended.code, ended.err.trim()]).toEqual([130, 'Stopped.']);
    expect(leftIn(folder)).toEqual([]);
  });

  it('signs in as a role where the API is for roles, and takes a stack with a warehouse', async () => {
    const outdir = await assemblyOf('DataPipeline', { props: { api: { authorizer: 'iam' }, warehouse: true } });
    running = run('start', ['data-pipeline', '--port', '0', '--assembly', outdir], { TMPDIR: folder });
    const [, accessKeyId = '', secretAccessKey = ''] = await running.says(/^export KEY='(.+):(.+)'$/m);
    const [, sessionToken = ''] = await running.says(/^export SESSION='(.+)'$/m);
    const [, url = '', region = '', body = ''] = await running.says(
      /^# an event.*\ncurl -s (\S+) --aws-sigv4 aws:amz:(\S+):execute-api --user "\$KEY" .* -d '(.+)'$/m,
    );
    expect(running.out()).toMatch(/Not run here: .*2 a warehouse.*1 schedules/);
    const signer = new SignatureV4({
      service: 'execute-api',
      region,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      sha256: Sha256,
    });
    const { host, hostname, protocol, pathname } = new URL(url);
    const headers = { host, 'content-type': 'application/json' };
    const signed = await signer.sign({ method: 'POST', protocol, hostname, path: pathname, headers, body });
    expect((await fetch(url, { method: 'POST', headers: signed.headers, body })).status).toBe(200);
    expect((await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status).toBe(
      403,
    );
    await running.says(/^totals +\S+ \S+: 1 events, 1 purchases$/m);
  });

  it('has no API to tell of where there is none', async () => {
    const outdir = await assemblyOf('DataPipeline', { props: { api: false } });
    running = run('start', ['data-pipeline', '--port', '0', '--assembly', outdir], { TMPDIR: folder });
    await running.says(/^There is no API\.$/m);
    await running.says(/npx groundplan load data-pipeline/);
    expect(running.out()).not.toContain('curl');
  });

  it('tells in one line what is wrong with its arguments', async () => {
    const ended = await run('start', ['--port', 'http']).ended;
    expect([ended.code, ended.err]).toEqual([2, '--port is a number from 0 to 65535, not "http"\n']);
  });
});

describe('a watch over handlers', () => {
  /** An engine with one function that runs the code in a folder. */
  const engineOf = (code: string, replaced: string[]) => {
    const own = join(folder, 'deployed');
    rmSync(own, { recursive: true, force: true });
    return {
      functions: new Map([
        [
          'Work',
          {
            definition: { ...DEFINITION, folder: code },
            replaceCode: async (to: string) => {
              replaced.push(to);
            },
          } as unknown as LocalFunction,
        ],
      ]),
    };
  };

  it('refuses handlers that do not compile to begin with', async () => {
    const sources = mkdtempSync(join(folder, 'sources-'));
    writeFileSync(join(sources, 'work.ts'), 'const = 1;');
    await expect(watchHandlers(sources, engineOf(sources, []), () => undefined)).rejects.toThrow(
      /^A handler does not compile: .*work\.ts:1: Expected identifier/,
    );
  });

  it('reloads a handler that changes, tells of one that breaks, and leaves the others alone', async () => {
    const sources = mkdtempSync(join(folder, 'sources-'));
    const write = (text: string) => writeFileSync(join(sources, 'work.ts'), `export const handler = () => ${text};`);
    write('1');
    writeFileSync(join(sources, 'other.ts'), 'export const handler = () => 0;');
    const deployed = mkdtempSync(join(folder, 'deployed-'));
    const first = await watchHandlers(sources, { functions: new Map() }, () => undefined);
    await first.stop();
    // What is deployed is what the source compiles to.
    buildSync({
      entryPoints: [join(sources, 'work.ts')],
      outfile: join(deployed, 'index.js'),
      ...HANDLER_BUNDLE,
      mainFields: [...HANDLER_BUNDLE.mainFields],
    });
    const [said, replaced]: [string[], string[]] = [[], []];
    let heard: () => void = () => undefined;
    const watch = await watchHandlers(sources, engineOf(deployed, replaced), (text) => {
      said.push(text);
      heard();
    });
    const next = () =>
      new Promise<void>((done) => {
        heard = done;
      });
    try {
      let waiting = next();
      write('2');
      await waiting;
      expect(said).toEqual(['reloaded work']);
      expect(replaced).toHaveLength(1);
      waiting = next();
      write('(');
      await waiting;
      expect(said[1]).toMatch(/work\.ts:1: .*; the last code that compiled runs on$/);
      expect(replaced).toHaveLength(1);
    } finally {
      await watch.stop();
    }
  });
});
