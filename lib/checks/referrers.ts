import { CannotTell, type TemplateResource } from '../template/template-resource';

/** Resources by what they name. */
export class Referrers {
  private readonly found = new Map<TemplateResource, TemplateResource[]>();
  private readonly unread: CannotTell | undefined;

  /** @param named what a resource names */
  constructor(
    resources: readonly TemplateResource[],
    named: (resource: TemplateResource) => TemplateResource | readonly TemplateResource[],
  ) {
    let unread: CannotTell | undefined;
    for (const resource of resources) {
      try {
        for (const each of new Set([named(resource)].flat())) this.add(each, resource);
      } catch (error) {
        if (!(error instanceof CannotTell)) throw error;
        unread ??= error;
      }
    }
    this.unread = unread;
  }

  /** Those that name a resource, in their order. @throws CannotTell when one of all cannot be read: it may be one of them */
  of(resource: TemplateResource): readonly TemplateResource[] {
    if (this.unread !== undefined) throw this.unread;
    return this.found.get(resource) ?? [];
  }

  private add(resource: TemplateResource, referrer: TemplateResource): void {
    const known = this.found.get(resource);
    if (known === undefined) this.found.set(resource, [referrer]);
    else known.push(referrer);
  }
}
