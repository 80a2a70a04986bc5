import { eventDrivenTemplate, resourcesOf } from '../../synthesize';
import { type Proof, proofsOf, ROWS } from './proofs';

/** Constructs whose resources say that they handle a row, without logical ids' hashes: `Billing, Inventory`. */
function handlers(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const fifo of [false, true]) {
    for (const { Type, Metadata } of Object.values(resourcesOf(eventDrivenTemplate('prod', { fifo })))) {
      const { handles = [] } = (Metadata?.['groundplan'] ?? {}) as { handles?: string[] };
      for (const id of handles) found.set(id, (found.get(id) ?? new Set()).add(Type.replace(/^AWS::/, '')));
    }
  }
  return found;
}

function proofText(id: string, proof: Proof): string {
  switch (proof.kind) {
    case 'rule':
      return `rule \`${id}\`, which objects when the handling is taken out of the template`;
    case 'handler':
      return 'a run of the handlers, which fails when the handling is taken out of them';
    case 'test':
      return `\`${proof.file}\`: ${proof.name}`;
    case 'waits':
      return `waits: ${proof.why}`;
  }
}

/** The report of the event-driven pattern: each row, where it is handled, how that is proven. */
export function eventDrivenReport(): string {
  const handled = handlers();
  const rows = ROWS.map(({ id, tier, claim }) => {
    const proofs = proofsOf(id);
    const stated = proofs.flatMap((proof) => (proof.kind === 'test' ? [proof.handling] : []));
    const where = [...(handled.get(id) ?? []), ...stated].join(', ') || 'nothing of the kind is in the pattern';
    const proven = proofs.map((proof) => proofText(id, proof)).join('; ');
    return `| \`${id}\` | ${tier} | ${claim.replaceAll('|', '\\|')} | ${where} | ${proven} |`;
  });
  return [
    '# What the event-driven pattern protects against',
    '',
    'Written by `npm run report`. Each row is a known gotcha of the catalogue (tier 1: outages, data loss, leaks, large',
    'bills; tier 2: cheap to enforce). "Handled on" names the resource types that carry its id in `Metadata.groundplan`.',
    '',
    '| id | tier | what to know | handled on | proven by |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
