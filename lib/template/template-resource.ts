import type { TemplateValues } from './evaluator';

/** A CloudFormation template. */
export interface TemplateDocument extends TemplateValues {
  readonly Metadata?: Readonly<Record<string, unknown>>;
  /** Macros that change the template before CloudFormation reads it: one, or a list. */
  readonly Transform?: unknown;
  readonly Resources?: Readonly<Record<string, ResourceDocument>>;
  readonly Outputs?: Readonly<
    Record<
      string,
      { readonly Value?: unknown; readonly Export?: { readonly Name?: unknown }; readonly Condition?: unknown }
    >
  >;
}

/** A resource as a template writes it. */
export interface ResourceDocument {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: unknown;
  readonly UpdateReplacePolicy?: unknown;
  readonly Condition?: string;
}

/** What a template says for these rules, in `Metadata.groundplan` of a resource or of itself. */
export interface Declared {
  /** Of a route: that it is public on purpose. */
  readonly public?: unknown;
  /** Findings that are meant to be, by the id of the rule. */
  readonly acknowledge?: unknown;
}

/** What `Metadata` says in `groundplan`. */
export function declaredIn(metadata: Readonly<Record<string, unknown>> | undefined): Declared {
  const declared = metadata?.['groundplan'];
  return typeof declared === 'object' && declared !== null ? declared : {};
}

/** The construct path, where the CDK has written it. */
function pathIn(metadata: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const path = metadata?.['aws:cdk:path'];
  return typeof path === 'string' ? path : undefined;
}

/** Thrown by a rule that meets a value known only at deployment. Its verdict is then "cannot tell", never a pass. */
export class CannotTell extends Error {}

/** Tells whether a value is left to CloudFormation: a reference, a condition, a function. */
export function isIntrinsic(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const [key, ...more] = Object.keys(value);
  return more.length === 0 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::'));
}

/** Tells whether a value says that a property is not set (AWS: CloudFormation pseudo parameters). */
export function isNoValue(value: unknown): boolean {
  return isIntrinsic(value) && value['Ref'] === 'AWS::NoValue';
}

/**
 * A value from within a list or a map; undefined when it is not set.
 *
 * @param name what is known only at deployment, if it is
 * @throws CannotTell for an intrinsic
 */
export function literalOf(value: unknown, name: string): unknown {
  if (isNoValue(value)) return undefined;
  if (isIntrinsic(value)) throw new CannotTell(`${name} is known only at deployment`);
  return value;
}

/** A number from within a list or a map. CloudFormation takes numbers as text too. @throws CannotTell for an intrinsic */
export function numberOf(value: unknown, name: string): number | undefined {
  const literal = literalOf(value, name);
  if (typeof literal === 'object') throw new CannotTell(`${name} is no number`);
  return literal === undefined ? undefined : Number(literal);
}

/** Whether a switch is on. CloudFormation takes `true` and `false` as text too. @throws CannotTell for an intrinsic */
export function flagOf(value: unknown, name: string): boolean | undefined {
  const literal = literalOf(value, name);
  if (typeof literal === 'object') throw new CannotTell(`${name} is neither true nor false`);
  return literal === undefined ? undefined : String(literal) === 'true';
}

/**
 * A map from within a list or a map; empty when it is not set.
 *
 * @throws CannotTell for an intrinsic, and for what is no map
 */
export function mapOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  const literal = literalOf(value, name) ?? {};
  if (typeof literal !== 'object' || Array.isArray(literal)) throw new CannotTell(`${name} is no map`);
  return literal as Readonly<Record<string, unknown>>;
}

/**
 * A list from within a list or a map, or the one value in its place; empty when it is not set.
 *
 * @throws CannotTell for an intrinsic
 */
export function itemsOf(value: unknown, name: string): readonly unknown[] {
  const literal = literalOf(value, name) ?? [];
  return Array.isArray(literal) ? literal : [literal];
}

/** The same, of maps. @throws CannotTell for an intrinsic, and for what is no map */
export function mapsOf<T extends object = Readonly<Record<string, unknown>>>(
  value: unknown,
  name: string,
): readonly T[] {
  return itemsOf(value, name).map((each) => mapOf(each, `a part of ${name}`) as T);
}

/** One resource of one template, with its properties read by path. */
export class TemplateResource {
  readonly type: string;

  constructor(
    /** Name of the stack that holds it. */
    readonly stack: string,
    readonly logicalId: string,
    private readonly document: ResourceDocument,
    private readonly constructPath?: string,
  ) {
    this.type = document.Type;
  }

  /** The construct path, when it is known; else the logical id. */
  get path(): string {
    return this.constructPath ?? pathIn(this.document.Metadata) ?? this.logicalId;
  }

  /** What the template says of it in `Metadata.groundplan`. */
  get declared(): Declared {
    return declaredIn(this.document.Metadata);
  }

  get properties(): Readonly<Record<string, unknown>> {
    return this.document.Properties ?? {};
  }

  /** Logical ids that it waits for beside those that its properties name. */
  get dependsOn(): readonly string[] {
    return [this.document.DependsOn ?? []].flat();
  }

  /** The condition on which it is deployed; undefined where there is none, or where it is known to hold. */
  get condition(): string | undefined {
    return this.document.Condition;
  }

  /** What happens to it when the stack does without it: as the template says, undefined where it says nothing. */
  get deletionPolicy(): unknown {
    return this.document.DeletionPolicy;
  }

  /** What happens to the old one when an update replaces it: as the template says, undefined where it says nothing. */
  get updateReplacePolicy(): unknown {
    return this.document.UpdateReplacePolicy;
  }

  /**
   * A property as it stands, intrinsics included; `A.B.C` goes down into maps.
   *
   * @throws CannotTell when an intrinsic stands on the way
   */
  get(path: string): unknown {
    let value: unknown = this.properties;
    for (const name of path.split('.')) {
      if (isIntrinsic(value)) throw new CannotTell(`${path} is known only at deployment`);
      value = (value as Record<string, unknown> | undefined)?.[name];
      if (isNoValue(value)) value = undefined;
    }
    return value;
  }

  /** A property that must be a plain value for a rule to judge it. @throws CannotTell for an intrinsic */
  literal(path: string): unknown {
    return literalOf(this.get(path), path);
  }

  /** A text; undefined when it is not set. Numbers and switches are texts too. @throws CannotTell for an intrinsic, a list and a map */
  text(path: string): string | undefined {
    const value = this.literal(path);
    if (typeof value === 'object') throw new CannotTell(`${path} is no text`);
    return value === undefined ? undefined : String(value);
  }

  /** A number; undefined when it is not set. CloudFormation takes numbers as text too. */
  number(path: string): number | undefined {
    return numberOf(this.get(path), path);
  }

  /** Whether a switch is on; undefined when it is not set. CloudFormation takes `true` and `false` as text too. */
  flag(path: string): boolean | undefined {
    return flagOf(this.get(path), path);
  }

  /** A list; empty when it is not set. */
  list(path: string): readonly unknown[] {
    const value = this.literal(path);
    return itemsOf(value, path);
  }

  /** A list of maps; empty when it is not set. @throws CannotTell for an intrinsic in it, and for what is no map */
  maps<T extends object = Readonly<Record<string, unknown>>>(path: string): readonly T[] {
    return mapsOf<T>(this.get(path), path);
  }

  /** A map; empty when it is not set. @throws CannotTell for an intrinsic, and for what is no map */
  map(path: string): Readonly<Record<string, unknown>> {
    return mapOf(this.get(path), path);
  }

  /** Tells whether a property is set, to whatever value. @throws CannotTell when a condition decides whether it is */
  has(path: string): boolean {
    const value = this.get(path);
    const choices = isIntrinsic(value) ? value['Fn::If'] : undefined;
    if (Array.isArray(choices) && choices.some(isNoValue)) {
      throw new CannotTell(`whether ${path} is set is known only at deployment`);
    }
    return value !== undefined;
  }
}
