import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
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
  /** The file of each template. */
  readonly files: ReadonlyMap<string, string>;
  /** The region of each stack whose app says it. */
  readonly regions: ReadonlyMap<string, string>;
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

/** Templates that belong together, and what could not be read of what was asked for. */
export interface TemplatesFound extends TemplateSet {
  /** One line for each: the file, and what is wrong with it. */
  readonly problems: readonly string[];
  /** Files of folders that are no templates. */
  readonly passedOver: readonly string[];
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
/** What a template cannot do without: a file of a folder that has no such word is something else. */
const IN_EVERY_TEMPLATE = /\bResources\b/;
/** Folders that hold no templates of one's own. */
const NOT_OWN = /^(\.|node_modules$)/;
const ENVIRONMENT = /^aws:\/\/([^/]+)\/([a-z]{2}(?:-[a-z]+)+-\d)$/;
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
  readonly files = new Map<string, string>();
  readonly regions = new Map<string, string>();
  readonly problems: string[] = [];
  readonly passedOver: string[] = [];
  readonly templates = new Map<string, TemplateDocument>();
  readonly stackNames = new Map<string, string>();
  readonly nested = new Map<string, NestedStack>();
  readonly artifacts = new Map<string, StackArtifact>();
  /** Files that a stack makes a nested stack of. */
  private readonly parts = new Set<string>();
  /** Stacks by what AWS tells them apart by. */
  private readonly places = new Map<string, string>();
  /** Paths that were read. */
  private readonly done = new Set<string>();

  /** @param tolerant whether the rest is read where something cannot be, and a folder's other files are passed over */
  constructor(private readonly tolerant: boolean) {}

  path(path: string): void {
    const known = this.problems.length;
    this.attempt(() => {
      if (!existsSync(path))
        throw new NotATemplate(`${path} does not exist; run "cdk synth" first, or name a template`);
      if (statSync(path).isDirectory()) this.once(path, () => this.directory(path));
      else this.once(path, () => this.file(nameOf(basename(path)), path));
      if (this.problems.length === known && !this.hasOf(path))
        throw new NotATemplate(`${path} has no stack with a resource`);
    });
  }

  private hasOf(path: string): boolean {
    const real = resolve(path);
    return [...this.files.values()].some((file) => resolve(file) === real || resolve(file).startsWith(real + sep));
  }

  private once<T>(path: string, read: () => T): T | undefined {
    const real = resolve(path);
    if (this.tolerant && this.done.has(real)) return undefined;
    this.done.add(real);
    return read();
  }

  /** Does a part; where the read is tolerant, the rest goes on without it. */
  private attempt<T>(part: () => T): T | undefined {
    try {
      return part();
    } catch (error) {
      if (!this.tolerant || !(error instanceof NotATemplate)) throw error;
      this.problems.push(error.message);
      return undefined;
    }
  }

  private directory(path: string): void {
    if (existsSync(join(path, 'manifest.json'))) this.attempt(() => this.assembly(path));
    else this.folder(path);
  }

  private folder(folder: string): void {
    const entries = readdirSync(folder, { withFileTypes: true });
    const files = entries
      .filter((each) => FILE.test(each.name) && !NO_TEMPLATE.test(each.name))
      .map(({ name }) => name);
    const below = entries.filter(
      (each) => this.tolerant && each.isDirectory() && !FILE.test(each.name) && !NOT_OWN.test(each.name),
    );
    if (files.length === 0 && below.length === 0)
      throw new NotATemplate(`${folder} has no template and no cloud assembly`);
    const keys = files.map((name) => {
      const file = join(folder, name);
      return [this.attempt(() => this.ofFolder(name, file)), file] as const;
    });
    for (const { name } of below) this.once(join(folder, name), () => this.directory(join(folder, name)));
    // A nested stack is part of the stack around it, and none of its own.
    for (const [key, file] of keys) if (key !== undefined && this.parts.has(resolve(file))) this.remove(key);
  }

  private ofFolder(name: string, file: string): string | undefined {
    if (this.tolerant && !IN_EVERY_TEMPLATE.test(textOf(file))) {
      this.passedOver.push(file);
      return undefined;
    }
    return this.once(file, () => this.file(nameOf(name), file));
  }

  private remove(key: string): void {
    for (const each of [...this.templates.keys()]) {
      if (each !== key && !each.startsWith(`${key}/`)) continue;
      this.templates.delete(each);
      this.nested.delete(each);
      this.files.delete(each);
    }
  }

  private assembly(folder: string): void {
    const file = join(folder, 'manifest.json');
    const { artifacts } = (readJson(file) ?? {}) as { readonly artifacts?: Readonly<Record<string, Artifact>> };
    if (typeof artifacts !== 'object' || artifacts === null) {
      throw new NotATemplate(`${file} is no manifest of a cloud assembly`);
    }
    for (const [id, artifact] of Object.entries(artifacts)) {
      const { type, properties, environment } = artifact ?? {};
      const { templateFile, stackName, directoryName } = properties ?? {};
      if (type === 'cdk:cloud-assembly' && directoryName !== undefined) this.directory(join(folder, directoryName));
      if (type !== 'aws:cloudformation:stack' || templateFile === undefined) continue;
      const path = join(folder, templateFile);
      const key = this.attempt(() => this.once(path, () => this.file(id, path, { mayBeEmpty: true })));
      if (key === undefined) continue;
      this.named(key, stackName ?? id, String(environment), path);
      this.artifacts.set(key, stackArtifact(folder, id, artifacts));
    }
  }

  /** Notes what a stack of an app is called, and where it is deployed. */
  private named(key: string, stackName: string, environment: string, file: string): void {
    const place = `${stackName} in ${environment}`;
    const other = this.places.get(place);
    if (this.tolerant && other !== undefined)
      this.problems.push(`${file}: two stacks are called ${place}: ${other} and ${key}; give one another stackName`);
    this.places.set(place, key);
    this.stackNames.set(stackName, key);
    const [, , region] = ENVIRONMENT.exec(environment) ?? [];
    if (region !== undefined) this.regions.set(key, region);
  }

  /** @returns what the template is called here; undefined for a stack without a resource */
  private file(name: string, file: string, { around = [], mayBeEmpty = false }: Place = {}): string | undefined {
    const key = this.templates.has(name) ? `${name} (${file})` : name;
    const template = readTemplate(file, mayBeEmpty);
    if (template === undefined) return undefined;
    this.templates.set(key, template);
    this.files.set(key, file);
    const path = resolve(file);
    for (const [logicalId, resource] of Object.entries(template.Resources ?? {})) {
      const child = resource?.Type === 'AWS::CloudFormation::Stack' ? nestedFile(dirname(file), resource) : undefined;
      // A template that nests itself has no end.
      if (child === undefined || child === path || around.includes(child)) continue;
      this.parts.add(child);
      this.nested.set(`${key}/${logicalId}`, { parent: key, logicalId });
      const isIn = this.attempt(() => this.file(`${key}/${logicalId}`, child, { around: [...around, path] }));
      if (isIn === undefined) this.nested.delete(`${key}/${logicalId}`);
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

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new NotATemplate(`${file} cannot be read: ${firstLine(error)}`);
  }
}

function readTemplate(file: string, mayBeEmpty: boolean): TemplateDocument | undefined {
  const text = textOf(file);
  try {
    return parseTemplate(text);
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
  return reading(paths, { tolerant: false });
}

/**
 * The same, for those who judge what can be judged: what cannot be read is a line of its own, and the rest is read. A folder is read with
 * the folders in it, and its files that are no templates are passed over.
 */
export function findTemplates(paths: readonly string[]): TemplatesFound {
  return reading(paths, { tolerant: true });
}

function reading(paths: readonly string[], { tolerant }: { readonly tolerant: boolean }): TemplatesFound {
  const all = new Reading(tolerant);
  for (const path of paths) all.path(path);
  const { templates, stackNames, nested, artifacts, files, regions, problems, passedOver } = all;
  const found = { stackNames, nested, artifacts, files, regions, problems, passedOver };
  return { templates: Object.fromEntries(templates), ...found };
}
