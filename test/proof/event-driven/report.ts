import { eventDrivenTemplate } from '../../synthesize';
import { byRule, reportOf } from '../report';
import { type Proof, proofsOf, ROWS } from './proofs';

function proofText(id: string, proof: Proof): string {
  switch (proof.kind) {
    case 'rule':
      return `${byRule(id)}${proof.edge ? ' with `edge`' : ''}`;
    case 'handler':
      return 'a run of the handlers, which fails when the handling is taken out of them';
    case 'test':
      return `\`${proof.file}\`: ${proof.name}`;
  }
}

/** The report of the event-driven pattern. */
export function report(): string {
  const rows = ROWS.map(({ id, tier, claim }) => {
    const proofs = proofsOf(id);
    const stated = proofs.flatMap((proof) => (proof.kind === 'test' ? [proof.handling] : []));
    return { id, tier, claim, stated, proven: proofs.map((proof) => proofText(id, proof)) };
  });
  const templates = [{}, { fifo: true }, { edge: true }].map((options) => eventDrivenTemplate('prod', options));
  return reportOf('event-driven pattern', templates, rows);
}
