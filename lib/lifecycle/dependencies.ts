import type { TemplateIndex } from '../template/template-index';
import type { TemplateResource } from '../template/template-resource';

/** Which resource is created after which, and deleted before it: by references and `DependsOn`, across stacks. */
export class Dependencies {
  private readonly direct = new Map<TemplateResource, ReadonlySet<TemplateResource>>();
  private readonly after = new Map<TemplateResource, ReadonlySet<TemplateResource>>();
  private readonly readBy = new Map<string, ReadonlySet<string>>();
  private waits: ReadonlyMap<TemplateResource, readonly TemplateResource[]> | undefined;

  constructor(private readonly index: TemplateIndex) {}

  /** What a resource names or waits for. What makes a nested stack waits for all that is in it. */
  of(resource: TemplateResource): ReadonlySet<TemplateResource> {
    const known = this.direct.get(resource);
    if (known !== undefined) return known;
    const found = new Set([...this.named(resource), ...this.index.madeBy(resource)]);
    const maker = this.index.makerOf(resource.stack);
    // What is in a nested stack is made when the stack around it makes the nested stack.
    if (maker !== undefined) for (const each of this.aroundOf(maker)) found.add(each);
    found.delete(resource);
    this.direct.set(resource, found);
    return found;
  }

  /** All that is there before a resource is created, and is there until it is deleted. */
  allOf(resource: TemplateResource): ReadonlySet<TemplateResource> {
    return closure(resource, (each) => this.of(each));
  }

  /** Whether any other resource waits for one: without it, nothing is created after it for certain. */
  isAwaited(resource: TemplateResource): boolean {
    const maker = this.index.makerOf(resource.stack);
    // What makes a nested stack waits for what is in it, and does nothing more.
    if ((this.waiting().get(resource) ?? []).some((each) => each !== maker)) return true;
    return maker !== undefined && maker !== resource && this.isAwaited(maker);
  }

  /** Whether one is deleted before another, for certain: a stack that names another is deleted before it. */
  isDeletedBefore(first: TemplateResource, second: TemplateResource): boolean {
    return this.allAfter(second).has(first) || this.stackReads(first.stack, second.stack);
  }

  /** All that is created after a resource, and deleted before it: few, where it stands at the end of a long chain. */
  private allAfter(resource: TemplateResource): ReadonlySet<TemplateResource> {
    const known = this.after.get(resource);
    if (known !== undefined) return known;
    const found = closure(resource, (each) => this.waiting().get(each) ?? []);
    this.after.set(resource, found);
    return found;
  }

  /** The resources that wait for each. */
  private waiting(): ReadonlyMap<TemplateResource, readonly TemplateResource[]> {
    if (this.waits !== undefined) return this.waits;
    const found = new Map<TemplateResource, TemplateResource[]>();
    for (const resource of this.index.resources) {
      for (const each of this.of(resource)) {
        const known = found.get(each);
        if (known === undefined) found.set(each, [resource]);
        else known.push(resource);
      }
    }
    this.waits = found;
    return found;
  }

  private *named(resource: TemplateResource): Generator<TemplateResource> {
    yield* this.index.neighbours(resource);
    for (const reference of this.index.references(resource, resource.properties)) yield reference.resource;
    for (const id of resource.dependsOn) {
      const named = this.index.find(resource.stack, id);
      if (named !== undefined) yield named;
    }
  }

  /** What a nested stack waits for: as a whole, and because the stack around it is nested itself. */
  private *aroundOf(maker: TemplateResource, seen: readonly TemplateResource[] = []): Generator<TemplateResource> {
    if (seen.includes(maker)) return;
    yield* this.named(maker);
    const outer = this.index.makerOf(maker.stack);
    if (outer !== undefined) yield* this.aroundOf(outer, [...seen, maker]);
  }

  /** A nested stack is deleted with the stack around it, in the order of that stack's resources. */
  private stackReads(reader: string, read: string): boolean {
    const from = this.index.rootOf(reader);
    const to = this.index.rootOf(read);
    if (from === to) return false;
    const stacks = new Set([from]);
    // A set that grows while it is walked is walked to its end.
    for (const stack of stacks) for (const each of this.stacksReadBy().get(stack) ?? []) stacks.add(each);
    return stacks.has(to);
  }

  private stacksReadBy(): ReadonlyMap<string, ReadonlySet<string>> {
    if (this.readBy.size > 0) return this.readBy;
    for (const resource of this.index.resources) {
      const reader = this.index.rootOf(resource.stack);
      const found = new Set(this.readBy.get(reader));
      for (const each of this.of(resource)) found.add(this.index.rootOf(each.stack));
      this.readBy.set(reader, found);
    }
    return this.readBy;
  }
}

/** All that can be reached from a resource. */
function closure(
  from: TemplateResource,
  next: (resource: TemplateResource) => Iterable<TemplateResource>,
): ReadonlySet<TemplateResource> {
  const found = new Set<TemplateResource>();
  const open = [from];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    for (const other of next(each)) {
      if (found.has(other)) continue;
      found.add(other);
      open.push(other);
    }
  }
  return found;
}
