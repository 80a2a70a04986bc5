import { teardown } from '../../lib/lifecycle/rehearsal';
import { teardownAsMarkdown } from '../../lib/lifecycle/teardown';
import { proofOf } from './pattern-proof';

/** Around what is written into a README. */
const SECTION = /(<!-- what stays in prod: written by npm run report -->\n)[\s\S]*?(<!-- end -->)/;

/** A pattern's README with what the deletion of its stacks in prod leaves. @throws Error for one that has no place for it */
export async function readmeWithTeardown(name: string, readme: string): Promise<string> {
  if (!SECTION.test(readme)) throw new Error(`The README of ${name} has no place for what stays in prod`);
  const [usual] = (await proofOf(name)).variants;
  const table = teardownAsMarkdown(teardown(usual.templates('prod')));
  return readme.replace(SECTION, (_, begin: string, end: string) => `${begin}\n${table}\n\n${end}`);
}
