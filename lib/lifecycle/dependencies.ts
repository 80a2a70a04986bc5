import type { TemplateIndex } from '../template/template-index';
import type { TemplateResource } from '../template/template-resource';

/** Which resource is created after which, and deleted before it: by references and `DependsOn`, across stacks. */
export class Dependencies {
  private readonly direct = new Map<TemplateResource, ReadonlySet<TemplateResource>>();
  private readonly reached = new Map<TemplateResource, ReadonlySet<TemplateResource>>();

  private readonly readBy = new Map<string, ReadonlySet<string>>();

  constructor(private readonly index: TemplateIndex) {}

  /** What a resource names or waits for. */
  of(resource: TemplateResource): ReadonlySet<TemplateResource> {
    const known = this.direct.get(resource);
    if (known !== undefined) return known;
    const found = new Set<TemplateResource>();
    for (const reference of this.index.references(resource, resource.properties)) found.add(reference.resource);
    for (const id of resource.dependsOn) {
      const named = this.index.find(resource.stack, id);
      if (named !== undefined) found.add(named);
    }
    found.delete(resource);
    this.direct.set(resource, found);
    return found;
  }

  /** All that is there before a resource is created, and is there until it is deleted. */
  allOf(resource: TemplateResource): ReadonlySet<TemplateResource> {
    const known = this.reached.get(resource);
    if (known !== undefined) return known;
    const found = new Set<TemplateResource>();
    const open = [resource];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const each of this.of(next)) {
        if (found.has(each)) continue;
        found.add(each);
        open.push(each);
      }
    }
    this.reached.set(resource, found);
    return found;
  }

  /** Whether one is deleted before another, for certain: a stack that names another is deleted before it. */
  isDeletedBefore(first: TemplateResource, second: TemplateResource): boolean {
    return this.allOf(first).has(second) || this.stackReads(first.stack, second.stack);
  }

  private stackReads(reader: string, read: string): boolean {
    if (reader === read) return false;
    const stacks = new Set([reader]);
    // A set that grows while it is walked is walked to its end.
    for (const stack of stacks) for (const each of this.stacksOf(stack)) stacks.add(each);
    return stacks.has(read);
  }

  private stacksOf(stack: string): ReadonlySet<string> {
    const known = this.readBy.get(stack);
    if (known !== undefined) return known;
    const found = new Set<string>();
    for (const resource of this.index.resources) {
      if (resource.stack === stack) for (const each of this.of(resource)) found.add(each.stack);
    }
    this.readBy.set(stack, found);
    return found;
  }
}
