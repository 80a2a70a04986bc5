import { isCustomResource, resourceType } from '../facts/resource-types';
import type { TemplateIndex } from '../template/template-index';
import type { TemplateResource } from '../template/template-resource';
import { canonical } from './canonical';
import { valuesAt } from './values-at';

/** What an update does with a resource that is in both templates. */
export interface Replacement {
  readonly before: TemplateResource;
  readonly after: TemplateResource;
  /** The properties whose change replaces it; `Type` where it is another type. */
  readonly by: readonly string[];
  /** Whether the resource data is sure. */
  readonly isSure: boolean;
}

/** What an update replaces: by properties that changed, and by those that name what is replaced. */
export class Replacements {
  private readonly found = new Map<TemplateResource, Replacement>();
  private readonly unknown = new Set<TemplateResource>();

  constructor(
    private readonly before: TemplateIndex,
    private readonly after: TemplateIndex,
  ) {
    const namedBy = new Map<TemplateResource, Set<TemplateResource>>();
    for (const each of after.resources) {
      for (const { resource } of after.references(each, each.properties)) {
        const known = namedBy.get(resource);
        if (known === undefined) namedBy.set(resource, new Set([each]));
        else known.add(each);
      }
    }
    // What is replaced has another name or ARN, which may replace what names it. A set that grows while it is walked is walked to its end.
    const open = new Set(after.resources);
    for (const resource of open) {
      open.delete(resource);
      const wasSure = this.found.get(resource)?.isSure === true;
      if (!wasSure) this.judge(resource);
      if (!wasSure && this.found.get(resource)?.isSure === true) {
        for (const each of namedBy.get(resource) ?? []) open.add(each);
      }
    }
  }

  get all(): readonly Replacement[] {
    return [...this.found.values()];
  }

  /** Changed resources of types that the resource data does not have: whether they are replaced, their own code decides. */
  get undecided(): readonly TemplateResource[] {
    return [...this.unknown];
  }

  of(resource: TemplateResource): Replacement | undefined {
    return this.found.get(resource);
  }

  /** Whether a value of a resource names something that is replaced, by a reference that gives another value then. */
  namesReplaced(from: { readonly stack: string }, value: unknown): TemplateResource | undefined {
    for (const { resource, attribute } of this.after.references(from, value)) {
      const replacement = this.found.get(resource);
      if (replacement?.isSure === true && !isSame(replacement, attribute)) return resource;
    }
    return undefined;
  }

  private judge(after: TemplateResource): void {
    const before = this.before.find(after.stack, after.logicalId);
    if (before === undefined) return;
    if (before.type !== after.type) {
      this.found.set(after, { before, after, by: ['Type'], isSure: true });
      return;
    }
    const facts = resourceType(after.type);
    const changed = (old: unknown, now: unknown) =>
      canonical(old) !== canonical(now) || this.namesReplaced(after, now) !== undefined;
    if (facts === undefined || isCustomResource(after.type)) {
      if (changed(before.properties, after.properties)) this.unknown.add(after);
      return;
    }
    const isChanged = (path: string) => changed(valuesAt(before.properties, path), valuesAt(after.properties, path));
    const sure = (facts.yes ?? []).filter(isChanged);
    const by = sure.length > 0 ? sure : (facts.maybe ?? []).filter(isChanged);
    if (by.length > 0) this.found.set(after, { before, after, by, isSure: sure.length > 0 });
  }
}

/** Whether an attribute is a property of the template that both templates set alike, such as the range of a VPC. */
function isSame({ before, after }: Replacement, attribute: string | undefined): boolean {
  if (attribute === undefined || !Object.hasOwn(after.properties, attribute)) return false;
  return canonical(before.properties[attribute]) === canonical(after.properties[attribute]);
}
