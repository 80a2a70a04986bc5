import { RULES } from '../../checks/rules';
import type { TemplateIndex } from '../../template/template-index';
import { declaredIn, type TemplateResource } from '../../template/template-resource';

/** Why a finding is meant to be, and until when. */
export interface Acknowledgement {
  readonly reason: string;
  /** The last day, as `2027-01-31`. @default - it does not end */
  readonly until?: string;
}

/** What is wrong with an acknowledgement. */
export interface AcknowledgementProblem {
  /** The resource that has it; the first of its template, where the template has it for all. */
  readonly holder: TemplateResource;
  readonly cause: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What templates acknowledge in `Metadata.groundplan.acknowledge`: of a resource, or of the whole template. */
export class Acknowledgements {
  private readonly known: ReadonlySet<string> = new Set(RULES.map(({ id }) => id));

  /** @param today as `2026-12-31` */
  constructor(
    private readonly index: TemplateIndex,
    private readonly today: string,
  ) {}

  /** The acknowledgement of a rule's findings at a resource, where there is one that counts. */
  of(resource: TemplateResource, rule: string): Acknowledgement | undefined {
    for (const declared of [resource.declared, this.ofTemplate(resource.stack)]) {
      const entry = entries(declared.acknowledge).find(([id]) => id === rule);
      const read = entry && this.read(...entry);
      if (read !== undefined && typeof read !== 'string') return read;
    }
    return undefined;
  }

  /** Acknowledgements that do not count, each with the reason. */
  problems(resources: readonly TemplateResource[]): readonly AcknowledgementProblem[] {
    const stacks = new Set<string>();
    return resources.flatMap((holder) => {
      const isFirst = !stacks.has(holder.stack);
      stacks.add(holder.stack);
      const own = entries(holder.declared.acknowledge);
      const all = isFirst ? [...entries(this.ofTemplate(holder.stack).acknowledge), ...own] : own;
      return all.flatMap(([id, entry]) => {
        const read = this.read(id, entry);
        return typeof read === 'string' ? [{ holder, cause: read }] : [];
      });
    });
  }

  private ofTemplate(stack: string) {
    return declaredIn(this.index.template(stack)?.Metadata);
  }

  /** An acknowledgement, or what is wrong with it. */
  private read(id: string, entry: unknown): Acknowledgement | string {
    if (!this.known.has(id)) return `${id} is acknowledged, and is no rule; groundplan check --list prints all of them`;
    const { reason, until } = (entry ?? {}) as { readonly reason?: unknown; readonly until?: unknown };
    if (typeof reason !== 'string' || reason.trim() === '') return `${id} is acknowledged without a reason`;
    if (until === undefined) return { reason };
    if (typeof until !== 'string' || !isDay(until))
      return `${id} is acknowledged until ${JSON.stringify(until)}; allowed: a day such as 2027-01-31`;
    if (until < this.today) return `${id} was acknowledged until ${until}`;
    return { reason, until };
  }
}

function entries(acknowledge: unknown): readonly (readonly [id: string, entry: unknown])[] {
  return typeof acknowledge === 'object' && acknowledge !== null ? Object.entries(acknowledge) : [];
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return DAY.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
