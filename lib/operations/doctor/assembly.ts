import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NotATemplate } from '../../template/parse-template';
import { readTemplates, type TemplateSet } from '../../template/read-templates';
import { CommandError, messageOf } from '../terminal';
import type { DoctorOptions } from './options';

/** Synthesizes a pattern into a folder, as `cdk synth` does with the same `-c`. */
export type Synthesis = (context: Readonly<Record<string, string>>, outdir: string) => Promise<void>;

/** Syntheses by the pattern's name. */
export type Syntheses = Readonly<Record<string, Synthesis>>;

const DEFAULT_FOLDER = 'cdk.out';
/** The one resource of a stack of which `cdk list` asked nothing but the name (patterns/groundplan-app.ts). */
const NOT_BUILT = 'NotBuilt';

/** What the templates are found by. */
export interface AssemblySource extends Pick<DoctorOptions, 'names' | 'context'> {
  readonly syntheses: Syntheses;
  /** For a pattern, where its context names none. */
  readonly region: string;
}

/**
 * Uses the templates that are meant: of a pattern, which is synthesized for it, or of a cloud assembly, all or some of its stacks.
 *
 * @throws CommandError (exit code 2) for what is neither
 */
export async function withAssembly<T>(
  { names, context, syntheses, region }: AssemblySource,
  use: (templates: TemplateSet) => Promise<T>,
): Promise<T> {
  const [first, ...others] = names;
  const synthesis = first !== undefined && Object.hasOwn(syntheses, first) ? syntheses[first] : undefined;
  if (synthesis !== undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'groundplan-doctor-'));
    try {
      await synthesized(synthesis, { region, ...context }, folder);
      return await use(selected(read(folder), others, `${first}`));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  if (Object.keys(context).length > 0) {
    const patterns = Object.keys(syntheses).join(', ') || 'none';
    throw new CommandError(
      `-c is for a pattern (${patterns}); a cloud assembly has its context already: run "npx cdk synth" with it`,
      2,
    );
  }
  const isFolder = first !== undefined && existsSync(first);
  const folder = isFolder ? first : DEFAULT_FOLDER;
  const stacks = isFolder ? others : names;
  if (!existsSync(folder) && stacks.length > 0) throw new CommandError(nothingCalled(`${first}`, syntheses), 2);
  return use(selected(read(folder), stacks, folder));
}

function nothingCalled(name: string, syntheses: Syntheses): string {
  const patterns = Object.keys(syntheses).join(', ') || 'none';
  return `There is no ${name}: no pattern (${patterns}), no folder, and no ${DEFAULT_FOLDER} with a stack of that name; run "npx cdk synth" first`;
}

function read(folder: string): TemplateSet {
  try {
    const set = readTemplates([folder]);
    const isListed = Object.values(set.templates).some(
      ({ Resources = {} }) => Object.keys(Resources).join() === NOT_BUILT,
    );
    if (isListed)
      throw new CommandError(
        `${folder} was written by "cdk list", which builds no stack: run "npx cdk synth" first`,
        2,
      );
    if (set.artifacts.size > 0) return set;
  } catch (error) {
    if (error instanceof NotATemplate) throw new CommandError(error.message, 2);
    throw error;
  }
  throw new CommandError(
    `${folder} is no cloud assembly (it has no manifest.json with a stack): run "npx cdk synth" first`,
    2,
  );
}

async function synthesized(
  synthesis: Synthesis,
  context: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  try {
    await synthesis(context, folder);
  } catch (error) {
    // A value that the pattern refuses is the whole story; so is a CDK that is not installed.
    const said = error instanceof Error && error.name === 'RefusedValueError' ? error.message : messageOf(error);
    throw new CommandError(said, 2);
  }
}

/** Only the stacks of those names; their templates may refer to the others. */
function selected(set: TemplateSet, names: readonly string[], folder: string): TemplateSet {
  if (names.length === 0) return set;
  const all = [...set.artifacts];
  const chosen = names.flatMap((name) => {
    const matches = matcherOf(name);
    const found = all.filter(([key, { stackName }]) => matches(key) || matches(stackName));
    if (found.length > 0) return found;
    throw new CommandError(`${folder} has no stack ${name}; it has ${all.map(([key]) => key).join(', ')}`, 2);
  });
  return { ...set, artifacts: new Map(chosen) };
}

function matcherOf(name: string): (text: string) => boolean {
  const shape = new RegExp(`^${name.replace(/[.+?^$\\()[\]{}|]/g, '\\$&').replaceAll('*', '.*')}$`);
  return (text) => shape.test(text);
}
