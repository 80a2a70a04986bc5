import { resourceType } from '../facts/resource-types';
import type { TemplateIndex } from '../template/template-index';
import type { TemplateResource } from '../template/template-resource';
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

  constructor(
    private readonly before: TemplateIndex,
    private readonly after: TemplateIndex,
  ) {
    // What is replaced has another name or ARN, which may replace what names it.
    for (let size = -1; size !== this.found.size; ) {
      size = this.found.size;
      for (const resource of after.resources) if (!this.found.has(resource)) this.judge(resource);
    }
  }

  get all(): readonly Replacement[] {
    return [...this.found.values()];
  }

  of(resource: TemplateResource): Replacement | undefined {
    return this.found.get(resource);
  }

  /** Whether a value of a resource names something that is replaced, by a reference that gives another value then. */
  namesReplaced(from: TemplateResource, value: unknown): TemplateResource | undefined {
    for (const { resource } of this.after.references(from, value)) {
      if (this.found.get(resource)?.isSure === true) return resource;
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
    const { yes = [], maybe = [] } = resourceType(after.type) ?? {};
    const changed = (path: string) => {
      const [old, now] = [valuesAt(before.properties, path), valuesAt(after.properties, path)];
      return JSON.stringify(old) !== JSON.stringify(now) || this.namesReplaced(after, now) !== undefined;
    };
    const sure = yes.filter(changed);
    if (sure.length > 0) this.found.set(after, { before, after, by: sure, isSure: true });
    else {
      const by = maybe.filter(changed);
      if (by.length > 0) this.found.set(after, { before, after, by, isSure: false });
    }
  }
}
