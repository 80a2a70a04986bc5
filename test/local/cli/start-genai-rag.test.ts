import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalBedrock } from '../../../local/aws/bedrock/service';
import { LocalS3 } from '../../../local/aws/s3';
import { type LocalAws, startLocalAws } from '../../../local/aws/server';
import { assemblyOf } from '../../assemblies';
import { leftIn, type Running, run } from './command-fixture';

let folder: string;
let running: Running | undefined;
let aws: LocalAws | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundplan-start-'));
});
afterEach(async () => {
  running?.process.kill('SIGINT');
  await running?.ended;
  running = undefined;
  await aws?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a person has who calls the account: here it is a stand-in that listens. */
const CALLER = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'mine', AWS_SECRET_ACCESS_KEY: 'secret' };

describe('npm start -- genai-rag', () => {
  it('opens the site with something to ask, has models of the account answer, and ends on Ctrl-C with nothing left', async () => {
    const account = new LocalBedrock({ s3: new LocalS3() });
    account.script({ text: 'The account answers. [1]' });
    aws = await startLocalAws({ bedrock: account });
    const place = mkdtempSync(join(folder, 'tmp-'));
    running = run('start', ['genai-rag', '--port', '0', '--bedrock', '--guardrail', 'ours:3'], {
      ...CALLER,
      TMPDIR: place,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: aws.endpoint,
    });
    const [, url = ''] = await running.says(/The site is at (http:\/\/127\.0\.0\.1:\d+)/);
    await running.says(/Sign in as ada@example.com \(tenant-acme\), bob@example.com \(tenant-globex\)/);
    await running.says(
      /Answers are by eu\.amazon\.nova-\S+ of your account in eu-west-1, behind guardrail ours, version 3/,
    );
    const [token = ''] = await running.says(/^export TOKEN='.+'$/m);
    const [ask = ''] = await running.says(/^curl -sN .*$/m);
    const [upload = ''] = await running.says(/^printf [\s\S]*? \$\(node .*\)$/m);
    const [list = ''] = await running.says(/^curl -s \S+\/api\/documents -H "authorization: Bearer \$TOKEN"$/m);
    await running.says(/Ctrl-C ends/);
    // The commands work as they are printed.
    const shell = async (command: string) =>
      (await promisify(execFile)('sh', ['-c', `${token}\n${command}`], { cwd: folder })).stdout;
    const answer = await shell(ask);
    expect(answer).toMatch(/event: token\ndata: \{"text":"The/);
    expect(answer).toMatch(/event: citations\ndata: .*"name":"CHANGELOG.md"|"name":"README.md"/);
    expect(answer).toMatch(/event: done\ndata: \{"turn":"00000001","outcome":"complete"\}/);
    const [{ guardrailConfig } = {}] = account.callsOf('ConverseStream');
    expect(guardrailConfig).toMatchObject({ guardrailIdentifier: 'ours', guardrailVersion: '3' });
    expect(await shell(upload)).toBe('204\n');
    expect(await shell(list)).toMatch(/"name":"ferry.txt".*"status":"(waiting|pending)"/);

    const port = new URL(url).port;
    const second = await run('start', ['genai-rag', '--port', port, '--assembly', await assemblyOf('GenAiRag')]).ended;
    expect([second.code, second.err]).toEqual([2, `Port ${port} is in use; choose another with --port\n`]);

    running.process.kill('SIGINT');
    const ended = await running.ended;
    expect([ended.code, ended.err.trim()]).toEqual([130, 'Stopped.']);
    expect(leftIn(place)).toEqual([]);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('asks nobody in the account unless it is told what guards it', async () => {
    const { code, err } = await run('start', ['genai-rag', '--bedrock'], CALLER).ended;
    expect(err).toMatch(/^The guardrail of the template is not in your account: pass yours .*--guardrail none\n$/);
    expect(code).toBe(2);
  });
});
