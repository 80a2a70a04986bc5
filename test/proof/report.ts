import type { TemplateDocument } from '../../lib/checks';
import { type Evidence, evidenceOf } from './evidence';
import { type PatternProof, type ProofVariant, proofOf, type TouchingRow } from './pattern-proof';

/** The report of a pattern by its name: each row, where it is handled, and the evidence. */
export async function reportFor(name: string): Promise<string> {
  const proof = await proofOf(name);
  const templates = proof.variants.flatMap(({ templates }) => Object.values(templates('prod')));
  const handled = handlers(templates);
  return [
    `# What the ${proof.title} protects against`,
    '',
    'Written by `npm run report`. Each row is a known gotcha of the catalogue (tier 1: outages, data loss, leaks, large',
    'bills; tier 2: cheap to enforce). "Handled on" names the resource types that carry its id in `Metadata.groundplan`.',
    'The words of the last column:',
    '',
    '- **proven**: a test takes the handling out of the template, or out of the source of the handlers, and sees a rule object or a run fail.',
    '- **caught by a rule if it appears**: nothing is taken out. A test puts the fault into the template, and the rule objects.',
    '- **tested by**: a test of the behavior. No test takes the handling out.',
    '- **not checked**: "handled on" says why.',
    '',
    '| id | tier | what to know | handled on | evidence |',
    '|---|---|---|---|---|',
    ...proof.rows.map((row) => rowOf(proof, row, [...(handled.get(row.id) ?? [])])),
    '',
  ].join('\n');
}

function rowOf(proof: PatternProof, { id, tier, claim }: TouchingRow, types: readonly string[]): string {
  const stated = proof.absent?.[id] ?? proof.stated?.[id];
  const where = [...types, ...(stated === undefined ? [] : [stated])];
  const evidence = evidenceOf(proof, id, where.length > 0 && proof.absent?.[id] === undefined);
  const texts = evidence.map((each) => textOf(id, each, proof.variants[0]));
  const cells = [
    `\`${id}\``,
    tier,
    claim.replaceAll('|', '\\|'),
    where.join(', ') || 'nothing of the kind is in the pattern',
    texts.join('; ') || 'not checked',
  ];
  return `| ${cells.join(' | ')} |`;
}

function textOf(id: string, evidence: Evidence, usual: ProofVariant): string {
  switch (evidence.kind) {
    case 'rule':
      return `proven: rule \`${id}\` objects when the handling is taken out of the template${suffix(evidence.variant, usual)}`;
    case 'rule if it appears':
      return `caught by rule \`${id}\` if it appears${suffix(evidence.variant, usual)}`;
    case 'handlers': {
      const of = evidence.of.length === 0 ? '' : ` (${evidence.of.join('; ')})`;
      return `proven: a run of the handlers fails when the handling is taken out of their source${of}`;
    }
    case 'test': {
      const { file, name, takesOut = false } = evidence.test;
      return `${takesOut ? 'proven by' : 'tested by'} \`${file}\`: ${name}`;
    }
  }
}

const suffix = (variant: ProofVariant, usual: ProofVariant) => (variant === usual ? '' : ` ${variant.name}`);

/** Types of the resources that say that they handle a row. */
function handlers(templates: readonly TemplateDocument[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { Resources = {} } of templates) {
    for (const { Type, Metadata } of Object.values(Resources)) {
      const { handles = [] } = (Metadata?.['groundplan'] ?? {}) as { readonly handles?: readonly string[] };
      for (const id of handles) found.set(id, (found.get(id) ?? new Set()).add(Type.replace(/^AWS::/, '')));
    }
  }
  return found;
}
