// `npm run lint:commits`: each commit's subject says where and what, in a line that is shown whole.
import { faultOf, historySince } from './commit-subjects';

/** Where the check begins: subjects before it were written without the rule. */
const SINCE = '6e9307dfe76df33c778cc8a27aa7a43b2128954f';

const { subjects, cut } = historySince(process.cwd(), SINCE);
const faults = subjects.flatMap((subject) => {
  const fault = faultOf(subject);
  return fault === undefined ? [] : [`"${subject}" ${fault}`];
});
for (const fault of faults) console.error(fault);
console.log(
  `${subjects.length} commit subjects checked${cut === undefined ? '' : ` (${cut})`}, ${faults.length} at fault`,
);
if (faults.length > 0) process.exitCode = 1;
