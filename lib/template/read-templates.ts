import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { NotATemplate, parseTemplate } from './parse-template';
import type { NestedStack } from './template-index';
import type { TemplateDocument } from './template-resource';

/** Templates that belong together, and what they are called. */
export interface TemplateSet {
  /** By the stack's name in its app, or by the name of a file. A nested stack is `Parent/LogicalId`. */
  readonly templates: Readonly<Record<string, TemplateDocument>>;
  /** Those names by the stacks' names in CloudFormation. */
  readonly stackNames: ReadonlyMap<string, string>;
  readonly nested: ReadonlyMap<string, NestedStack>;
}

interface Manifest {
  readonly version?: string;
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
  };
}

const FILE = /\.(template|json|ya?ml)$/;
/** What a cloud assembly has beside its templates. */
const NO_TEMPLATE = /^(manifest|tree|validation-report)\.json$|\.(assets|metadata)\.json$|^cdk\.out$/;

/** What a read puts together. */
class Reading {
  readonly templates: Record<string, TemplateDocument> = {};
  readonly stackNames = new Map<string, string>();
  readonly nested = new Map<string, NestedStack>();

  path(path: string): void {
    if (!existsSync(path)) throw new NotATemplate(`${path} does not exist; run "cdk synth" first, or name a template`);
    if (!statSync(path).isDirectory()) this.file(basename(path).replace(/(\.template)?\.\w+$/, ''), path);
    else if (existsSync(join(path, 'manifest.json'))) this.assembly(path);
    else this.folder(path);
  }

  private folder(folder: string): void {
    const files = readdirSync(folder).filter((name) => FILE.test(name) && !NO_TEMPLATE.test(name));
    if (files.length === 0) throw new NotATemplate(`${folder} has no template and no cloud assembly`);
    for (const name of files) this.file(name.replace(/(\.template)?\.\w+$/, ''), join(folder, name));
  }

  private assembly(folder: string): void {
    const file = join(folder, 'manifest.json');
    const { artifacts } = readJson(file) as Manifest;
    if (artifacts === undefined) throw new NotATemplate(`${file} is no manifest of a cloud assembly`);
    for (const [id, { type, properties = {} }] of Object.entries(artifacts)) {
      const { templateFile, stackName, directoryName } = properties;
      if (type === 'cdk:cloud-assembly' && directoryName !== undefined) this.assembly(join(folder, directoryName));
      if (type !== 'aws:cloudformation:stack' || templateFile === undefined) continue;
      this.file(id, join(folder, templateFile));
      this.stackNames.set(stackName ?? id, id);
    }
  }

  private file(name: string, file: string): void {
    const key = Object.hasOwn(this.templates, name) ? `${name} (${file})` : name;
    const template = readTemplate(file);
    this.templates[key] = template;
    for (const [logicalId, { Type, Metadata }] of Object.entries(template.Resources ?? {})) {
      const asset = Metadata?.['aws:asset:path'];
      if (Type !== 'AWS::CloudFormation::Stack' || typeof asset !== 'string') continue;
      const child = join(dirname(file), asset);
      if (!existsSync(child)) continue;
      this.nested.set(`${key}/${logicalId}`, { parent: key, logicalId });
      this.file(`${key}/${logicalId}`, child);
    }
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new NotATemplate(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function readTemplate(file: string): TemplateDocument {
  try {
    return parseTemplate(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new NotATemplate(`${file} is no CloudFormation template: ${(error as Error).message}`);
  }
}

/**
 * Reads cloud assemblies with their nested stacks and stages, folders of templates, and templates.
 *
 * @throws NotATemplate for a path that does not exist, or that has no template
 */
export function readTemplates(paths: readonly string[]): TemplateSet {
  const reading = new Reading();
  for (const path of paths) reading.path(path);
  return reading;
}
