import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import packageJson from '../../package.json';
import { startAccount } from '../lib/operations/doctor/account-fixture';

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'groundplan-fresh-app-'));

function run(command: string, args: string[], cwd = folder, env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

interface Template {
  readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

function template(file: string): Template {
  return JSON.parse(readFileSync(join(folder, 'cdk.out', file), 'utf8')) as Template;
}

describe('the packed package in a fresh CDK app', () => {
  let files: string[] = [];

  beforeAll(() => {
    const [packed] = JSON.parse(
      run('npm', ['pack', '--json', '--pack-destination', folder, '--ignore-scripts'], root),
    ) as {
      filename: string;
      files: { path: string }[];
    }[];
    files = packed?.files.map(({ path }) => path) ?? [];
    const { 'aws-cdk-lib': cdk, constructs, typescript, '@types/node': node } = packageJson.devDependencies;
    const dependencies = {
      groundplan: `file:${packed?.filename}`,
      'aws-cdk-lib': cdk,
      constructs,
      typescript,
      '@types/node': node,
    };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'fresh-app', private: true, dependencies }));
    cpSync(join(__dirname, 'fresh-app'), folder, { recursive: true });
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module: 'NodeNext',
          target: 'ES2022',
          strict: true,
          types: ['node'],
          rootDir: '.',
          outDir: 'built',
        },
      }),
    );
    run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts']);
    run('npm', ['rebuild', 'esbuild']);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the handlers, ready to run, and neither sources, source maps nor tests', () => {
    const handlers = readdirSync(join(root, 'dist', 'handlers', 'event-driven'));
    expect(handlers.length).toBeGreaterThanOrEqual(7);
    for (const name of handlers) expect(files).toContain(`dist/handlers/event-driven/${name}/index.js`);
    expect(files.filter((file) => /\.map$|^test\/|^local\/|(?<!\.d)\.ts$/.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/bin/groundplan.js']));
  });

  it('brings its command', () => {
    const help = run('npx', ['--no-install', 'groundplan', 'redrive', '--help'], folder, { NODE_NO_WARNINGS: '1' });
    expect(help).toMatch(/^Usage: groundplan redrive/);
  });

  it('is run by the GitHub action, whose step ends as the check does and leaves the findings as SARIF', () => {
    const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as {
      readonly inputs: Readonly<Record<string, { readonly default: string }>>;
      readonly runs: { readonly steps: readonly { readonly run: string; readonly env: Record<string, string> }[] };
    };
    const [step] = action.runs.steps;
    expect(action.inputs['package']?.default).toBe(`groundplan@${packageJson.version}`);
    const check = (template: object, given: Readonly<Record<string, string>> = {}) => {
      writeFileSync(join(folder, 'mine.template.json'), JSON.stringify(template));
      const inputs = { paths: 'mine.template.json', package: 'groundplan', ...given };
      const env = Object.entries(step?.env ?? {}).map(([name, text]) => {
        const [, input = ''] = /^\$\{\{ inputs\.(\w+) \}\}$/.exec(text) ?? [];
        return [name, inputs[input as keyof typeof inputs] ?? action.inputs[input]?.default ?? ''];
      });
      // As GitHub runs `shell: bash`.
      const { status, stdout } = spawnSync(
        'bash',
        ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''],
        {
          cwd: folder,
          encoding: 'utf8',
          env: { ...process.env, ...Object.fromEntries(env) },
        },
      );
      const { runs } = JSON.parse(readFileSync(join(folder, 'groundplan.sarif'), 'utf8')) as {
        runs: { results: { ruleId: string }[] }[];
      };
      return { status, stdout, found: runs.flatMap(({ results }) => results.map(({ ruleId }) => ruleId)) };
    };
    const queue = { Type: 'AWS::SQS::Queue', Properties: {} };
    const lone = check({ Resources: { Queue: queue } }, { arguments: '--only sqs-long-polling --severity advice' });
    expect(lone).toMatchObject({ status: 1, found: ['sqs-long-polling'] });
    expect(lone.stdout).toContain('sqs-long-polling');
    const right = { ...queue, Properties: { ReceiveMessageWaitTimeSeconds: 20 } };
    expect(check({ Resources: { Queue: right } }, { arguments: '--only sqs-long-polling' })).toMatchObject({
      status: 0,
      found: [],
    });
  });

  it('asks an account about a pattern by its name, without the project around it', async () => {
    const account = await startAccount();
    const child = spawn(
      join(folder, 'node_modules', '.bin', 'groundplan'),
      ['doctor', 'event-driven', '-c', 'stage=prod'],
      {
        cwd: folder,
        env: {
          ...process.env,
          AWS_ENDPOINT_URL: account.endpoint,
          AWS_REGION: 'eu-west-1',
          AWS_ACCESS_KEY_ID: 'test',
          AWS_SECRET_ACCESS_KEY: 'test',
        },
      },
    );
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    const code = await new Promise((done) => child.on('close', done));
    await account.close();
    expect([code, out.split('\n')[0]]).toEqual([0, 'Nothing will fail, 0 cannot be told, 5 ok.']);
    expect(out).toContain('EventDriven-prod: not deployed yet');
  });

  it('type-checks and synthesizes an app that extends it', () => {
    run(process.execPath, [join(folder, 'node_modules', 'typescript', 'bin', 'tsc')]);
    cpSync(join(folder, 'loyalty.ts'), join(folder, 'built', 'loyalty.ts'));
    run(process.execPath, ['built/app.js'], folder, { CDK_OUTDIR: join(folder, 'cdk.out'), CDK_VALIDATION: 'false' });
    const shops = Object.values(template('Shops.template.json').Resources);
    const count = (type: string) => shops.filter(({ Type }) => Type === type).length;
    // Two topics of events and two of alarms; one key, because the other shop brought its own.
    expect([count('AWS::SNS::Topic'), count('AWS::KMS::Key'), count('AWS::Cognito::UserPool')]).toEqual([4, 1, 1]);
    expect(count('AWS::StepFunctions::StateMachine')).toBe(2);
    expect(existsSync(join(folder, 'cdk.out', 'Outer.template.json'))).toBe(true);
  });

  it('gives the added service its queue, filter, consumer, table and alarms', () => {
    const { Resources } = template('Shops.template.json');
    const loyalty = Object.entries(Resources).filter(([id]) => /Loyalty/.test(id));
    const types = loyalty.map(([, { Type }]) => Type);
    expect(types).toEqual(
      expect.arrayContaining([
        'AWS::DynamoDB::Table',
        'AWS::Lambda::Function',
        'AWS::Lambda::EventSourceMapping',
        'AWS::SNS::Subscription',
      ]),
    );
    expect(types.filter((type) => type === 'AWS::SQS::Queue')).toHaveLength(3);
    expect(types.filter((type) => type === 'AWS::CloudWatch::Alarm').length).toBeGreaterThanOrEqual(4);
    const queue = loyalty.find(([id, { Type }]) => Type === 'AWS::SQS::Queue' && /WorkQueue/.test(id));
    expect(queue?.[1].Properties['VisibilityTimeout']).toBe(120);
  });
});
