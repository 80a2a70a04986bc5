import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Leaves the templates of an assembly for `npm run lint:templates`, where `GROUNDPLAN_TEMPLATES` names a folder for them. What two options
 * have in common is there once.
 */
export function keepTemplates(assembly: string, folder = process.env['GROUNDPLAN_TEMPLATES']): void {
  if (folder === undefined || folder === '') return;
  const names = readdirSync(assembly, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((each) => each.endsWith('.template.json'))) {
    const file = join(assembly, name);
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
    copyFileSync(file, join(folder, basename(name).replace('.template.json', `-${hash}.template.json`)));
  }
}
