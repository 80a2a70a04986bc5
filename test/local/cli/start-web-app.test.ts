import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchHandlers } from '../../../local/cli/handler-watch';
import type { LocalFunction } from '../../../local/lambda/local-function';
import type { ItemPage } from '../../../patterns/web-app/contract';
import { Visitor } from '../../../patterns/web-app/local/visitor';
import { assemblyOf } from '../../assemblies';
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

describe('npm start -- web-app', () => {
  it('prints the site, a user, the database and commands that work, and ends on Ctrl-C with nothing left', async () => {
    running = run('start', ['web-app', '--port', '0'], { TMPDIR: folder });
    const [, url = ''] = await running.says(/The site is at (http:\/\/127\.0\.0\.1:\d+)/);
    const [, user = ''] = await running.says(/Sign in as (\S+),/);
    const [, connectionString] = await running.says(/psql (postgres:\/\/\S+)/);
    const [, token = ''] = await running.says(/export TOKEN='(.+)'/);
    const [, body = ''] = await running.says(/^curl -s \S+\/api\/items .* -d '(.+)'$/m);
    await running.says(/Ctrl-C ends/);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': '1' };
    expect((await fetch(`${url}/api/items`, { method: 'POST', headers, body })).status).toBe(201);
    // What was made by the token is the user's who signs in at the site.
    const visitor = new Visitor({ url }, user);
    await visitor.signIn();
    const { items } = JSON.parse((await visitor.ask('GET', '/api/items')).text) as ItemPage;
    expect(items).toEqual([expect.objectContaining({ title: 'Holidays' })]);
    const client = new Client({ connectionString });
    await client.connect();
    expect((await client.query('SELECT title FROM items')).rows).toEqual([{ title: 'Holidays' }]);
    await client.end();

    const second = await run('start', [
      ...['web-app', '--port', new URL(url).port, '--assembly', await assemblyOf('WebApp')],
    ]).ended;
    expect([second.code, second.err]).toEqual([2, `Port ${new URL(url).port} is in use; choose another with --port\n`]);

    running.process.kill('SIGINT');
    const ended = await running.ended;
    expect([ended.code, ended.err.trim()]).toEqual([130, 'Stopped.']);
    expect(leftIn(folder)).toEqual([]);
    await expect(fetch(url)).rejects.toThrow();
  });
});

it('reloads a handler that is deployed in other files than one', async () => {
  const sources = mkdtempSync(join(folder, 'sources-'));
  const source = join(sources, 'work.ts');
  writeFileSync(source, 'export const handler = () => 1;');
  const prebuilt = mkdtempSync(join(folder, 'prebuilt-'));
  mkdirSync(join(prebuilt, 'work'));
  writeFileSync(join(prebuilt, 'work', 'index.js'), 'the same in two files');
  const replaced: string[] = [];
  const work = {
    definition: { ...DEFINITION, folder: join(prebuilt, 'work') },
    replaceCode: async (to: string) => {
      replaced.push(to);
    },
  } as unknown as LocalFunction;
  let heard: (text: string) => void = () => undefined;
  const watch = await watchHandlers(sources, { functions: new Map([['Work', work]]) }, (text) => heard(text), prebuilt);
  try {
    const said = new Promise<string>((done) => {
      heard = done;
    });
    writeFileSync(source, 'export const handler = () => 2;');
    expect(await said).toBe('reloaded work');
    expect(replaced).toHaveLength(1);
  } finally {
    await watch.stop();
  }
});
