import { webAppTemplate } from '../../synthesize';
import { byRule, reportOf } from '../report';
import { FARGATE_MUTATIONS, MUTATIONS } from './mutations';
import { ROWS, STATED, TESTS } from './proofs';

/** The report of the web app. */
export function report(): string {
  const rows = ROWS.map(({ id, tier, claim }) => {
    const [file, name] = TESTS[id] ?? [];
    const mutated = MUTATIONS[id] ?? FARGATE_MUTATIONS[id];
    const proven = [
      ...(mutated === undefined ? [] : [byRule(id)]),
      ...(file === undefined ? [] : [`\`${file}\`: ${name}`]),
    ];
    const stated = STATED[id];
    return { id, tier, claim, stated: stated === undefined ? [] : [stated], proven };
  });
  return reportOf('web app', [webAppTemplate('prod'), webAppTemplate('prod', 'fargate')], rows);
}
