import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WEB_APP_WEAKENINGS } from '../../../patterns/web-app/local/weakenings';
import { assemblyOf } from '../../assemblies';
import { documented, leftIn, run } from './command-fixture';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundplan-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const demo = (...args: string[]) => run('demo', ['web-app', ...args], { TMPDIR: folder }).ended;

describe('npm run demo -- web-app', () => {
  it('walks through it, lets a crowd in, ends with what is kept, and leaves nothing behind', async () => {
    const { code, out, err } = await documented('npm run demo -- web-app', ['--requests', '60'], {
      TMPDIR: folder,
    }).ended;
    expect(err).toBe('');
    expect(out).toMatch(/The database is PostgreSQL [\d.]+, as PGlite, on port \d+\. /);
    expect(out).toMatch(/The cache is redis-server on port|There is no redis-server/);
    for (const step of [
      'opens the site, and a link into it +200 200',
      'asks for a file of the site that is gone +404',
      'asks the API around the distribution +403',
      'asks the API without a token +401',
      'signs in with a code and PKCE +signed in',
      'lists what there is +200 none',
      'makes an item, twice by the same key +201 200 one item',
      'changes it, and reads the change +200 200 200 as changed',
      'changes what is old by then +412',
      "asks for another user's item +404",
      'sends a picture to S3, and fetches it +204 ready, the same',
      'sends a page that says it is a picture +204 quarantined, no download',
      'sends a file by a form with another name in it +403',
      'sends a larger file than was asked for +400',
      'deletes it, with its files +204 404 no files',
    ]) {
      expect(out).toMatch(new RegExp(`${step}\n`));
    }
    const asked = [...out.matchAll(/^ {2}(?:an?|another|the same|all) .+? +(\d+) +\d+ +0$/gm)];
    expect(asked.reduce((sum, [, times]) => sum + Number(times), 0)).toBe(60);
    const [, told, kept] = /items +(\d+) +(\d+) +0 +0 +0\n/.exec(out) ?? [];
    expect(Number(told)).toBeGreaterThan(0);
    expect(kept).toBe(told);
    const [, ...parts] =
      /^ {2}accepted (\d+) = completed (\d+) \+ refused for a business reason (\d+) \+ dead-lettered (\d+) \(poison\)$/m.exec(
        out,
      ) ?? [];
    const [accepted = 0, completed = 0, refused = 0, dead = 0] = parts.map(Number);
    expect(accepted).toBeGreaterThanOrEqual(Number(told));
    expect([completed + refused, dead]).toEqual([accepted, 0]);
    expect(out).toMatch(/24 people at once, for .*: database away and back.*, database away and back\n/);
    expect(out).toMatch(/[1-9]\d* connections to the database lost\n/);
    expect(out).toMatch(/Nothing was lost, and nothing was answered wrong\.\n$/);
    expect(code).toBe(0);
    expect(leftIn(folder)).toEqual([]);
  });

  it('lists what can be taken out, and takes one out', async () => {
    const { out: list } = await demo('--list');
    for (const id of Object.keys(WEB_APP_WEAKENINGS)) expect(list).toContain(`${id}\n  without `);
    const { code, out } = await demo(
      ...['--without', 's3-presigned-uploads', '--requests', '4', '--assembly', await assemblyOf('WebApp')],
    );
    expect(out).toMatch(/a user sends a larger file than was asked for: 204, not 400\n/);
    expect(out).toMatch(/That is what the handling is for\.\n$/);
    expect(code).toBe(0);
  });
});
