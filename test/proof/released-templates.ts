import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { TemplateSet } from '../../lib/template/read-templates';
import type { TemplateDocument } from '../../lib/template/template-resource';
import { OPTION_SETS, type Options, synthesizedWith } from './option-sets';
import type { Stacks } from './upgrade-contract';

/** What people have deployed of a release: one file an option set. */
const FOLDER = join(__dirname, '../../releases');
/** Resource names have the account in them where a stack knows it. */
const ACCOUNT = '111111111111';

/** The stages and options of which a release keeps the templates: all options in prod, where data is, and dev as it is. */
export const KEPT: readonly Options[] = [
  { stage: 'dev', ...OPTION_SETS['plain'] },
  ...Object.values(OPTION_SETS).map((options) => ({ stage: 'prod', ...options })),
];

/** What a release was, with the same options. */
interface Released {
  readonly options: Options;
  readonly templates: Readonly<Record<string, TemplateDocument>>;
  readonly stackNames: readonly (readonly [string, string])[];
}

/** Every release of which templates are kept. */
export function releases(): readonly string[] {
  return readdirSync(FOLDER).sort();
}

/** What was synthesized of a release with one of {@link KEPT}. */
export function releasedWith(version: string, index: number): { readonly options: Options; readonly set: Stacks } {
  const file = join(FOLDER, version, `${index}.json.gz`);
  const { options, templates, stackNames } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Released;
  return { options, set: { templates, stackNames: new Map(stackNames), nested: new Map() } };
}

/** All patterns as they are now, in the account that the kept templates are of. */
export function currentWith(options: Options): Promise<TemplateSet> {
  return synthesizedWith({ account: ACCOUNT, ...options });
}

/** Keeps the templates of a version. */
export async function keepRelease(version: string): Promise<void> {
  const folder = join(FOLDER, version);
  mkdirSync(folder, { recursive: true });
  for (const [index, options] of KEPT.entries()) {
    const { templates, stackNames } = await currentWith(options);
    const released: Released = { options, templates, stackNames: [...stackNames] };
    writeFileSync(join(folder, `${index}.json.gz`), gzipSync(JSON.stringify(released), { level: 9 }));
  }
}
