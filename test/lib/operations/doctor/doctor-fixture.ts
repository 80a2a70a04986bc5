import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { main, type Parts } from '../../../../lib/operations/command-line';
import { createCaller } from '../../../../lib/operations/doctor/aws/caller';
import { policy } from '../../../../lib/operations/doctor/policy';
import { Seen } from '../terminal-fixture';
import { type AccountAnswers, type FakeAccount, startAccount } from './account-fixture';

/** An answer as `--json` prints it. */
export interface Told {
  readonly is: string;
  readonly check: string;
  readonly subject: string;
  readonly region: string;
  readonly reason: string;
  readonly commands?: readonly string[];
  readonly stacks: readonly string[];
  readonly resources: readonly { readonly path: string }[];
}

/** Resources of a stack, by logical id. */
export type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;

/** A stack of an assembly. */
export interface StackOptions {
  /** @default aws://unknown-account/unknown-region */
  readonly environment?: string;
  /** More of the manifest's properties. @default - the bootstrap stack's version 6 */
  readonly properties?: object;
  /** Images that its asset manifest has. @default - it has no asset manifest */
  readonly images?: object;
}

/** Lets each test run `groundplan doctor` against an account that answers over HTTP. */
export function useDoctor() {
  let account: FakeAccount;
  const fixture = {
    folder: '',
    account: (): FakeAccount => account,
    /** Writes a cloud assembly, a stack by its name. @returns its folder */
    assembly: (stacks: Readonly<Record<string, Resources>>, options: StackOptions = {}) =>
      writeAssembly(join(fixture.folder, 'cdk.out'), stacks, options),
    /** Runs the command. */
    run: async (args: readonly string[], answers: AccountAnswers = {}, parts: Parts = {}) => {
      account.answers = answers;
      const seen = new Seen({ now: () => 0, sleep: () => Promise.resolve() });
      const { endpoint } = account;
      const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
      const callerFor = (region = 'eu-west-1') => createCaller({ region, endpoint, credentials });
      const code = await main(['doctor', ...args], seen.terminal, { callerFor, ...parts });
      return seen.result(code);
    },
    /** What one check says of resources. */
    told: async (check: string, resources: Resources, answers: AccountAnswers = {}, options: StackOptions = {}) => {
      const folder = fixture.assembly({ Shop: resources }, options);
      const { out } = await fixture.run([folder, '--json'], answers);
      return (JSON.parse(out) as readonly Told[]).filter((each) => each.check === check);
    },
  };
  beforeAll(async () => {
    account = await startAccount();
  });
  afterAll(() => account.close());
  beforeEach(() => {
    fixture.folder = mkdtempSync(join(tmpdir(), 'doctor-'));
    account.asked.length = 0;
  });
  afterEach(() => {
    rmSync(fixture.folder, { recursive: true, force: true });
    // Whatever a test lets the command do, its own policy allows.
    const { Statement } = policy() as { readonly Statement: readonly { readonly Action: readonly string[] }[] };
    const allowed = Statement.flatMap(({ Action }) => Action);
    expect(account.asked.filter(({ action }) => !allowed.includes(action))).toEqual([]);
  });
  return fixture;
}

const BOOTSTRAP = {
  requiresBootstrapStackVersion: 6,
  bootstrapStackVersionSsmParameter: '/cdk-bootstrap/hnb659fds/version',
};

function writeAssembly(
  folder: string,
  stacks: Readonly<Record<string, Resources>>,
  { environment = 'aws://unknown-account/unknown-region', properties = BOOTSTRAP, images }: StackOptions,
): string {
  mkdirSync(folder, { recursive: true });
  const artifacts = Object.keys(stacks).flatMap((name) => [
    [
      name,
      {
        type: 'aws:cloudformation:stack',
        environment,
        properties: { templateFile: `${name}.template.json`, ...properties },
        ...(images !== undefined && { dependencies: [`${name}.assets`] }),
      },
    ],
    ...(images === undefined
      ? []
      : [[`${name}.assets`, { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } }]]),
  ]);
  const write = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content));
  write('manifest.json', { version: '48.0.0', artifacts: Object.fromEntries(artifacts) });
  for (const [name, Resources] of Object.entries(stacks)) {
    write(`${name}.template.json`, { Resources });
    if (images !== undefined) write(`${name}.assets.json`, { version: '48.0.0', files: {}, dockerImages: images });
  }
  return folder;
}
