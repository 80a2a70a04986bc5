// `npm run release:templates`: keeps the templates of the package's version, from which test/proof/upgrade.test.ts upgrades ever after.
import { version } from '../package.json';
import { keepRelease, releases } from '../test/proof/released-templates';

/** What the command works with. */
export interface Keeping {
  readonly version: string;
  /** Versions whose templates are there. */
  readonly kept: readonly string[];
  keep(version: string): Promise<void>;
}

/** @returns what to print, and the exit code */
export async function run(args: readonly string[], { version, kept, keep }: Keeping): Promise<[string, number]> {
  if (kept.includes(version) && !args.includes('--replace')) {
    return [
      `The templates of ${version} are kept already. Give package.json the next version, or pass --replace while ${version} has no tag.`,
      1,
    ];
  }
  await keep(version);
  return [`Kept the templates of ${version}.`, 0];
}

if (require.main === module) {
  void run(process.argv.slice(2), { version, kept: releases(), keep: keepRelease }).then(([text, code]) => {
    console.log(text);
    process.exitCode = code;
  });
}
