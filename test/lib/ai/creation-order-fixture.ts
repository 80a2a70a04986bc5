import type { Template } from 'aws-cdk-lib/assertions';
import type { TemplateResource } from '../../synthesize';

/** Logical ids that a value refers to. */
function* referencesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  const { Ref, 'Fn::GetAtt': att, 'Fn::Sub': sub } = value as Record<string, unknown>;
  if (typeof Ref === 'string') yield Ref;
  if (Array.isArray(att)) yield String(att[0]);
  for (const [, name] of String(Array.isArray(sub) ? sub[0] : (sub ?? '')).matchAll(/\$\{([^}.!]+)/g)) yield name ?? '';
  for (const child of Object.values(value)) yield* referencesIn(child);
}

/**
 * What CloudFormation knows of a template's order: it makes a resource after everything that it refers to or names in DependsOn,
 * however far, and deletes it before.
 */
export class CreationOrder {
  private readonly resources: Readonly<Record<string, TemplateResource & { DependsOn?: string | string[] }>>;

  constructor(template: Template) {
    this.resources = (template.toJSON() as { Resources: Record<string, TemplateResource> }).Resources;
  }

  /** Logical ids of a type; at least one. */
  of(
    type: string,
    which: (properties: Record<string, unknown>, id: string) => boolean = () => true,
  ): readonly string[] {
    const found = Object.entries(this.resources)
      .filter(([id, resource]) => resource.Type === type && which(resource.Properties, id))
      .map(([id]) => id);
    if (found.length === 0) throw new Error(`no such ${type}`);
    return found;
  }

  /** What must be there before a resource. */
  before(id: string, seen = new Set<string>()): ReadonlySet<string> {
    const { Properties, DependsOn = [] } = this.resources[id] ?? { Properties: {} };
    for (const each of [...referencesIn(Properties), ...[DependsOn].flat()]) {
      if (!(each in this.resources) || seen.has(each)) continue;
      seen.add(each);
      this.before(each, seen);
    }
    return seen;
  }

  /** Of the pairs that must hold, those that do not. */
  missing(pairs: readonly (readonly [first: readonly string[], then: readonly string[]])[]): readonly string[] {
    return pairs.flatMap(([first, then]) =>
      first.flatMap((one) =>
        then.filter((other) => !this.before(other).has(one)).map((other) => `${one} before ${other}`),
      ),
    );
  }
}
