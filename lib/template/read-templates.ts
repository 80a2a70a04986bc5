import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { NoResources, NotATemplate, parseTemplate } from './parse-template';
import type { NestedStack } from './template-index';
import type { ResourceDocument, TemplateDocument } from './template-resource';

/** Templates that belong together, and what they are called. */
export interface TemplateSet {
  /** By the stack's name in its app, or by the name of a file. A nested stack is `Parent/LogicalId`. */
  readonly templates: Readonly<Record<string, TemplateDocument>>;
  /** Those names by the stacks' names in CloudFormation. */
  readonly stackNames: ReadonlyMap<string, string>;
  readonly nested: ReadonlyMap<string, NestedStack>;
  /** What a cloud assembly says of its stacks; a template that is read by itself has none. */
  readonly artifacts: ReadonlyMap<string, StackArtifact>;
}

/** A stack of a cloud assembly beside its template. */
export interface StackArtifact {
  /** The name in CloudFormation. */
  readonly stackName: string;
  /** `aws://account/region`; either may be `unknown-account` or `unknown-region`, where the deployment decides. */
  readonly environment: string;
  /** Parameter with the version of the bootstrap stack. @default - it needs no bootstrap stack */
  readonly bootstrapParameter?: string;
  /** The version that it needs. @default - any */
  readonly bootstrapVersion?: number;
  /** Its asset manifest, as a path. @default - no assets */
  readonly assetManifest?: string;
}

interface Artifact {
  readonly type?: unknown;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
    readonly file?: string;
    readonly requiresBootstrapStackVersion?: number;
    readonly bootstrapStackVersionSsmParameter?: string;
  };
}

const FILE = /\.(template|json|ya?ml)$/;
/** What a cloud assembly has beside its templates. */
const NO_TEMPLATE = /^(manifest|tree|validation-report)\.json$|\.(assets|metadata)\.json$|^cdk\.out$/;

/** What a file is read for. */
interface Place {
  /** Files around it, of nested stacks. */
  readonly around?: readonly string[];
  /** A stack of a cloud assembly may be without a resource: the CDK does not deploy it. */
  readonly mayBeEmpty?: boolean;
}

/** What a read puts together. */
class Reading {
  readonly templates = new Map<string, TemplateDocument>();
  readonly stackNames = new Map<string, string>();
  readonly nested = new Map<string, NestedStack>();
  readonly artifacts = new Map<string, StackArtifact>();
  /** Files that a stack makes a nested stack of. */
  private readonly parts = new Set<string>();

  path(path: string): void {
    if (!existsSync(path)) throw new NotATemplate(`${path} does not exist; run "cdk synth" first, or name a template`);
    if (!statSync(path).isDirectory()) this.file(nameOf(basename(path)), path);
    else if (existsSync(join(path, 'manifest.json'))) this.assembly(path);
    else this.folder(path);
    if (this.templates.size === 0) throw new NotATemplate(`${path} has no stack with a resource`);
  }

  private folder(folder: string): void {
    const files = readdirSync(folder).filter((name) => FILE.test(name) && !NO_TEMPLATE.test(name));
    if (files.length === 0) throw new NotATemplate(`${folder} has no template and no cloud assembly`);
    const keys = files.map((name) => [this.file(nameOf(name), join(folder, name)), join(folder, name)] as const);
    // A nested stack is part of the stack around it, and none of its own.
    for (const [key, file] of keys) if (key !== undefined && this.parts.has(resolve(file))) this.remove(key);
  }

  private remove(key: string): void {
    for (const each of [...this.templates.keys()]) {
      if (each !== key && !each.startsWith(`${key}/`)) continue;
      this.templates.delete(each);
      this.nested.delete(each);
    }
  }

  private assembly(folder: string): void {
    const file = join(folder, 'manifest.json');
    const { artifacts } = (readJson(file) ?? {}) as { readonly artifacts?: Readonly<Record<string, Artifact>> };
    if (typeof artifacts !== 'object' || artifacts === null) {
      throw new NotATemplate(`${file} is no manifest of a cloud assembly`);
    }
    for (const [id, artifact] of Object.entries(artifacts)) {
      const { type, properties } = artifact ?? {};
      const { templateFile, stackName, directoryName } = properties ?? {};
      if (type === 'cdk:cloud-assembly' && directoryName !== undefined) this.assembly(join(folder, directoryName));
      if (type !== 'aws:cloudformation:stack' || templateFile === undefined) continue;
      const key = this.file(id, join(folder, templateFile), { mayBeEmpty: true });
      if (key === undefined) continue;
      this.stackNames.set(stackName ?? id, key);
      this.artifacts.set(key, stackArtifact(folder, id, artifacts));
    }
  }

  /** @returns what the template is called here; undefined for a stack without a resource */
  private file(name: string, file: string, { around = [], mayBeEmpty = false }: Place = {}): string | undefined {
    const key = this.templates.has(name) ? `${name} (${file})` : name;
    const template = readTemplate(file, mayBeEmpty);
    if (template === undefined) return undefined;
    this.templates.set(key, template);
    const path = resolve(file);
    for (const [logicalId, resource] of Object.entries(template.Resources ?? {})) {
      const child = resource?.Type === 'AWS::CloudFormation::Stack' ? nestedFile(dirname(file), resource) : undefined;
      // A template that nests itself has no end.
      if (child === undefined || child === path || around.includes(child)) continue;
      this.parts.add(child);
      this.nested.set(`${key}/${logicalId}`, { parent: key, logicalId });
      this.file(`${key}/${logicalId}`, child, { around: [...around, path] });
    }
    return key;
  }
}

/** A stack with what its assets need: its asset manifest is among what it depends on. */
function stackArtifact(folder: string, id: string, artifacts: Readonly<Record<string, Artifact>>): StackArtifact {
  const { environment = '', dependencies = [], properties = {} } = artifacts[id] ?? {};
  const assets = dependencies.map((name) => artifacts[name]).find((each) => each?.type === 'cdk:asset-manifest');
  const needs = [properties, assets?.properties ?? {}];
  const versions = needs.flatMap(({ requiresBootstrapStackVersion: version }) => version ?? []);
  const parameter = needs.map((each) => each.bootstrapStackVersionSsmParameter).find((each) => each !== undefined);
  const file = assets?.properties?.file;
  return {
    stackName: properties.stackName ?? id,
    environment,
    ...(parameter !== undefined && { bootstrapParameter: parameter }),
    ...(versions.length > 0 && { bootstrapVersion: Math.max(...versions) }),
    ...(file !== undefined && { assetManifest: join(folder, file) }),
  };
}

function nameOf(file: string): string {
  return file.replace(/(\.template)?\.\w+$/, '');
}

/** Where the template of a nested stack is: as the CDK says in its metadata, or as a path for `aws cloudformation package`. */
function nestedFile(folder: string, { Metadata, Properties }: ResourceDocument): string | undefined {
  const path = Metadata?.['aws:asset:path'] ?? Properties?.['TemplateURL'];
  if (typeof path !== 'string' || path === '' || /^[a-z0-9]+:\/\//i.test(path)) return undefined;
  const file = resolve(folder, path);
  return existsSync(file) ? file : undefined;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new NotATemplate(`${file} cannot be read: ${firstLine(error)}`);
  }
}

function readTemplate(file: string, mayBeEmpty: boolean): TemplateDocument | undefined {
  try {
    return parseTemplate(readFileSync(file, 'utf8'));
  } catch (error) {
    if (mayBeEmpty && error instanceof NoResources) return undefined;
    if (error instanceof NotATemplate)
      throw new NotATemplate(`${file} is no CloudFormation template: ${error.message}`);
    throw new NotATemplate(`${file} cannot be read: ${firstLine(error)}`);
  }
}

function firstLine(error: unknown): string {
  return String((error as Error).message.split('\n')[0]);
}

/**
 * Reads cloud assemblies with their nested stacks and stages, folders of templates, and templates.
 *
 * @throws NotATemplate for a path that does not exist, or that has no template
 */
export function readTemplates(paths: readonly string[]): TemplateSet {
  const reading = new Reading();
  for (const path of paths) reading.path(path);
  const { templates, stackNames, nested, artifacts } = reading;
  return { templates: Object.fromEntries(templates), stackNames, nested, artifacts };
}
