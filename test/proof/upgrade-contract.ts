import { rehearse } from '../../lib/lifecycle/rehearsal';
import type { TemplateSet } from '../../lib/template/read-templates';

/** The stacks of one version. */
export type Stacks = Pick<TemplateSet, 'templates' | 'stackNames' | 'nested'>;

/** What an upgrade does to data and names of a user who deployed an earlier version. */
export interface Broken {
  readonly check: string;
  /** Logical ids, with their stacks. */
  readonly resources: readonly string[];
  readonly reason: string;
}

/**
 * What the update from one version to another replaces, removes or cannot do, and the changelog does not announce.
 *
 * @param announced logical ids, from {@link replacesIn}
 */
export function brokenBy(from: Stacks, to: Stacks, announced: ReadonlySet<string>): readonly Broken[] {
  const { templates, stackNames, nested } = to;
  return rehearse(templates, { stackNames, nested, from: from.templates, fromStacks: from })
    .filter(({ phase, weight }) => phase === 'update' && weight !== 'notice')
    .map(({ check, resources, reason }) => ({
      check,
      resources: resources
        .filter(({ logicalId }) => !announced.has(logicalId))
        .map(({ stack, logicalId }) => `${stack}/${logicalId}`),
      reason,
    }))
    .filter(({ resources }) => resources.length > 0);
}

/** The logical ids that a changelog names in its sections "Replaces", in backticks. */
export function replacesIn(changelog: string): ReadonlySet<string> {
  const sections = [...changelog.matchAll(/^### Replaces\n([\s\S]*?)(?=^##|$(?![\s\S]))/gm)];
  return new Set(sections.flatMap(([, text = '']) => [...text.matchAll(/`([A-Za-z0-9]+)`/g)].map(([, id = '']) => id)));
}
