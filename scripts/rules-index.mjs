// The list of the rules, made of the files that exist: `npm run build` writes it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'lib/checks/rules';

/** The text of lib/checks/rules/index.ts. @throws Error for a file that exports no rule of its name */
export function rulesIndex(root) {
  const folder = join(root, FOLDER);
  const services = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const rules = services.flatMap(({ name: service }) =>
    readdirSync(join(folder, service)).map((file) => {
      const id = file.replace(/\.ts$/, '');
      const name = id.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
      const text = readFileSync(join(folder, service, file), 'utf8');
      if (!text.includes(`export const ${name}: Rule = {`)) {
        throw new Error(`${FOLDER}/${service}/${file} must export const ${name}: Rule`);
      }
      return { id, name, path: `./${service}/${id}` };
    }),
  );
  const byPath = rules.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const byId = rules.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return `// Written by scripts/rules-index.mjs, from the files beside it: change nothing here.
import type { Rule } from '../rule';
${byPath.map(({ name, path }) => `import { ${name} } from '${path}';\n`).join('')}
/** Every rule, by its id. */
export const RULES: readonly Rule[] = [
${byId.map(({ name }) => `  ${name},\n`).join('')}];
`;
}

/** Writes it, where it is another. */
export function writeRulesIndex(root) {
  const file = join(root, FOLDER, 'index.ts');
  const text = rulesIndex(root);
  if (readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}
