import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { refuse } from '../validation/refuse';
import { HANDLER_BUNDLE } from './handler-bundle';
import { PACKAGE_ROOT } from './package-root';

/** Where a handler's code comes from. */
export abstract class HandlerCode {
  /**
   * A handler that ships with this package, built already: synth only copies a folder.
   *
   * @param owner the pattern, or the folder of the block, that it belongs to
   */
  static prebuilt(owner: string, name: string): HandlerCode {
    return new PrebuiltCode(owner, name);
  }

  /**
   * Your own handler: a TypeScript or JavaScript file that exports `handler`. It is bundled at synth by esbuild inside
   * the CDK process (no npx, no Docker), with the AWS SDK in the bundle.
   */
  static entry(path: string): HandlerCode {
    return new EntryCode(path);
  }

  /** @internal */
  abstract bind(scope: IConstruct): Code;
}

class PrebuiltCode extends HandlerCode {
  constructor(
    private readonly owner: string,
    private readonly handlerName: string,
  ) {
    super();
  }

  bind(scope: IConstruct): Code {
    const folder = join(PACKAGE_ROOT, 'dist', 'handlers', this.owner, this.handlerName);
    if (!existsSync(join(folder, 'index.js'))) {
      refuse(scope, {
        prop: 'code',
        value: `${this.owner}/${this.handlerName}`,
        allowed: 'a handler that is built into the package',
        fix: 'run `npm run build` in a checkout; a published package contains them all',
      });
    }
    return Code.fromAsset(folder);
  }
}

/** Bundles of this process by entry, so that two instances of a pattern bundle a file once. */
const bundled = new Map<string, string>();

class EntryCode extends HandlerCode {
  constructor(private readonly path: string) {
    super();
  }

  bind(scope: IConstruct): Code {
    const entry = resolve(this.path);
    if (!existsSync(entry)) {
      refuse(scope, {
        prop: 'entry',
        value: this.path,
        allowed: 'a file that exists',
        fix: 'pass a path from the working directory, or an absolute one: join(__dirname, "loyalty.ts")',
      });
    }
    const folder = bundled.get(entry) ?? bundle(scope, entry);
    bundled.set(entry, folder);
    return Code.fromAsset(folder);
  }
}

function bundle(scope: IConstruct, entry: string): string {
  // Loaded only for a user's own handler: a synth of prebuilt handlers never pays for esbuild.
  const esbuild = require('esbuild') as typeof import('esbuild');
  const folder = mkdtempSync(join(tmpdir(), `groundplan-${basename(entry)}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  try {
    esbuild.buildSync({
      entryPoints: [entry],
      outfile: join(folder, 'index.js'),
      ...HANDLER_BUNDLE,
      mainFields: [...HANDLER_BUNDLE.mainFields],
      logLevel: 'silent',
    });
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error)
      .split('\n')
      .slice(1);
    refuse(scope, {
      prop: 'entry',
      value: entry,
      allowed: 'a file that esbuild can bundle',
      fix: line ?? String(error),
    });
  }
  return folder;
}
