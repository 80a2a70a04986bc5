import type { Template } from 'aws-cdk-lib/assertions';
import { resourcesOf } from '../synthesize';

/** A row of a report. */
export interface ReportRow {
  readonly id: string;
  readonly tier: number;
  readonly claim: string;
  /** What handles it beside the resources that say so themselves. */
  readonly stated: readonly string[];
  readonly proven: readonly string[];
}

/** Types of the resources that say that they handle a row. */
function handlers(templates: readonly Template[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const template of templates) {
    for (const { Type, Metadata } of Object.values(resourcesOf(template))) {
      const { handles = [] } = (Metadata?.['groundplan'] ?? {}) as { handles?: string[] };
      for (const id of handles) found.set(id, (found.get(id) ?? new Set()).add(Type.replace(/^AWS::/, '')));
    }
  }
  return found;
}

/** What a rule proves of a row. */
export const byRule = (id: string) => `rule \`${id}\`, which objects when the handling is taken out of the template`;

/** The report of a pattern: each row, where it is handled, how that is proven. */
export function reportOf(pattern: string, templates: readonly Template[], rows: readonly ReportRow[]): string {
  const handled = handlers(templates);
  return [
    `# What the ${pattern} protects against`,
    '',
    'Written by `npm run report`. Each row is a known gotcha of the catalogue (tier 1: outages, data loss, leaks, large',
    'bills; tier 2: cheap to enforce). "Handled on" names the resource types that carry its id in `Metadata.groundplan`.',
    '',
    '| id | tier | what to know | handled on | proven by |',
    '|---|---|---|---|---|',
    ...rows.map(({ id, tier, claim, stated, proven }) => {
      const where = [...(handled.get(id) ?? []), ...stated].join(', ') || 'nothing of the kind is in the pattern';
      return `| \`${id}\` | ${tier} | ${claim.replaceAll('|', '\\|')} | ${where} | ${proven.join('; ')} |`;
    }),
    '',
  ].join('\n');
}

/** The report of a pattern by its name: what `test/proof/<name>/report.ts` makes of its proofs. */
export async function reportFor(name: string): Promise<string> {
  const { report } = (await import(`./${name}/report.ts`)) as { readonly report: () => string };
  return report();
}
