import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { main } from '../../../../lib/operations/command-line';
import type { Terminal } from '../../../../lib/operations/terminal';

/** The day on which a command is run. */
export const TODAY = '2026-12-31';

/** Lets each test run `groundplan check` in a folder of its own. */
export function useCheck() {
  const here = process.cwd();
  const fixture = {
    folder: '',
    /** Writes a file: text as it is, anything else as JSON. @returns its name */
    file: (name: string, content: unknown): string => {
      const path = join(fixture.folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
      return name;
    },
    run: async (...args: readonly string[]) => {
      const [out, err]: [string[], string[]] = [[], []];
      const terminal: Terminal = {
        out: (text) => out.push(text),
        err: (text) => err.push(text),
        interactive: false,
        ask: async () => '',
        sleep: async () => undefined,
        now: () => Date.parse(`${TODAY}T12:00:00Z`),
        onInterrupt: () => () => undefined,
      };
      const code = await main(['check', ...args], terminal);
      return { code, out: out.join('\n'), err: err.join('\n') };
    },
    /** What the command says as JSON. */
    json: async (...args: readonly string[]) => {
      const { out, ...more } = await fixture.run('--format', 'json', ...args);
      const report = JSON.parse(out) as JsonReport;
      const places = report.findings.flatMap(({ rule, places: all }) =>
        all.map(({ logicalId }) => `${rule} ${logicalId}`),
      );
      return { ...more, report, places };
    },
  };
  beforeEach(() => {
    fixture.folder = mkdtempSync(join(tmpdir(), 'check-'));
    process.chdir(fixture.folder);
  });
  afterEach(() => {
    process.chdir(here);
    rmSync(fixture.folder, { recursive: true, force: true });
  });
  return fixture;
}

interface JsonPlace {
  readonly logicalId: string;
  readonly path: string;
  readonly file?: string;
  readonly line?: number;
  readonly fingerprint: string;
}

/** What a program reads of the command. */
export interface JsonReport {
  readonly version: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly cause: string;
    readonly when: readonly string[];
    readonly places: readonly JsonPlace[];
  }[];
  readonly cannotTell: readonly {
    readonly rule: string;
    readonly why: string;
    readonly places: readonly JsonPlace[];
  }[];
  readonly acknowledged: readonly { readonly rule: string; readonly reason: string; readonly until?: string }[];
  readonly baselined: number;
  readonly notJudged: readonly { readonly reason: string; readonly count: number; readonly types: object }[];
  readonly problems: readonly string[];
  readonly judged: object;
}

/** A queue without dead letters, an error; and one that is right but for warnings. */
export const queue = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
  ...more,
});
export const template = (Resources: object, more: object = {}) => ({ Resources, ...more });
