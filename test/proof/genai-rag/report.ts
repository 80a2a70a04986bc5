import { genAiRagTemplate } from '../../synthesize';
import { byRule, reportOf } from '../report';
import { ANSWER_PROOFS } from './answer-proofs';
import { DOCUMENT_PROOFS } from './document-proofs';
import { MUTATIONS } from './mutations';
import { ROWS, STATED, TESTS } from './proofs';

/** What a run of the handlers proves of a row, each thing once. */
function byHandlers(id: string): string[] {
  const proofs = [...ANSWER_PROOFS, ...DOCUMENT_PROOFS].filter(([each]) => each === id);
  const things = proofs.flatMap(([, { of }]) => of ?? []);
  const shown = things.length === 0 ? '' : ` (${things.join('; ')})`;
  return proofs.length === 0
    ? []
    : [`a run of the handlers, which fails when the handling is taken out of their source${shown}`];
}

/** The report of the GenAI pattern. */
export function report(): string {
  const rows = ROWS.map(({ id, tier, claim }) => {
    const [file, name] = TESTS[id] ?? [];
    const proven = [
      ...(MUTATIONS[id] === undefined ? [] : [byRule(id)]),
      ...byHandlers(id),
      ...(file === undefined ? [] : [`\`${file}\`: ${name}`]),
    ];
    const stated = STATED[id];
    return { id, tier, claim, stated: stated === undefined ? [] : [stated], proven };
  });
  return reportOf('GenAI application', [genAiRagTemplate('prod'), genAiRagTemplate('prod', 's3-vectors')], rows);
}
