import { dataPipelineTemplate } from '../../synthesize';
import { byRule, reportOf } from '../report';
import { MUTATIONS } from './mutations';
import { ABSENT, ROWS, TESTS } from './proofs';

/** The report of the data pipeline. */
export function report(): string {
  const rows = ROWS.map(({ id, tier, claim }) => {
    const [file, name] = TESTS[id] ?? [];
    const proven = [
      ...(MUTATIONS[id] === undefined ? [] : [byRule(id)]),
      ...(file === undefined ? [] : [`\`${file}\`: ${name}`]),
    ];
    const absent = ABSENT[id];
    return { id, tier, claim, stated: absent === undefined ? [] : [absent], proven };
  });
  return reportOf('data pipeline', [dataPipelineTemplate('prod')], rows);
}
