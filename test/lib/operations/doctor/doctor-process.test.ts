import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { useDoctor } from './doctor-fixture';

const fixture = useDoctor();
const ROOT = join(__dirname, '../../../..');
const QUEUE = { Queue: { Type: 'AWS::SQS::Queue' } };
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** Runs the command as a person does, in a folder and without anyone's settings. */
function run(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const loader = pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href;
  const child = spawn(process.execPath, ['--import', loader, join(ROOT, 'bin/groundplan.ts'), 'doctor', ...args], {
    cwd: fixture.folder,
    env: { PATH: process.env['PATH'], HOME: fixture.folder, AWS_EC2_METADATA_DISABLED: 'true', ...environment },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return new Promise<{ code: number | null; out: string; err: string }>((done) => {
    child.on('close', (code) => done({ code, out, err }));
  });
}

describe('groundplan doctor as a process', () => {
  it('asks what AWS_ENDPOINT_URL names, in the region of the environment', async () => {
    fixture.assembly({ Shop: QUEUE });
    const { endpoint } = fixture.account();
    const environment = { ...CREDENTIALS, AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'eu-central-1' };
    const { code, out, err } = await run([], environment);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Nothing will fail, 0 cannot be told, 3 ok\.\n/);
    expect(new Set(fixture.account().asked.map(({ region }) => region))).toEqual(new Set(['eu-central-1']));
  });

  it('synthesizes a pattern by its name', async () => {
    const environment = { ...CREDENTIALS, AWS_ENDPOINT_URL: fixture.account().endpoint, AWS_REGION: 'eu-west-1' };
    const { code, out, err } = await run(['event-driven', '-c', 'stage=staging', '--json'], environment);
    expect([code, err]).toEqual([0, '']);
    const subjects = (JSON.parse(out) as readonly { check: string; subject: string }[]).map(
      ({ check, subject }) => `${check} ${subject}`,
    );
    expect(subjects).toContain('stack EventDriven-staging');
    expect(await run(['event-driven', '-c', 'stage=big'], environment)).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/^app: context stage is 'big'; allowed: dev, staging, prod\. Fix: [^\n]*\n$/),
    });
  });

  it.each([
    [{ AWS_REGION: 'eu-west-1' }, /^No AWS credentials: sign in \(aws sso login\), or set AWS_PROFILE\. [^\n]*\n$/],
    [CREDENTIALS, /^No region is set: pass --region, or set AWS_REGION\.\n$/],
  ])('ends with 2 and one line without credentials or a region', async (environment, message) => {
    fixture.assembly({ Shop: QUEUE });
    const { code, out, err } = await run([], environment);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});
