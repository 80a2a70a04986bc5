import { teardownAsMarkdown, teardownOf } from '../../lib/lifecycle/teardown';
import { TemplateIndex } from '../../lib/template/template-index';
import type { TemplateDocument } from '../../lib/template/template-resource';

/** Around what is written into a README. */
const SECTION = /(<!-- what stays in prod: written by npm run report -->\n)[^]*?(<!-- end -->)/;

/** A README with what the deletion of these stacks leaves. @throws Error for one that has no place for it */
export function withTeardown(readme: string, templates: Readonly<Record<string, TemplateDocument>>): string {
  if (!SECTION.test(readme)) throw new Error('The README has no place for what stays in prod');
  const table = teardownAsMarkdown(teardownOf(new TemplateIndex(templates)));
  return readme.replace(SECTION, (_, begin: string, end: string) => `${begin}\n${table}\n\n${end}`);
}
