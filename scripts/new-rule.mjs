// `npm run new:rule -- <id> --service sqs --type AWS::SQS::Queue --property KmsMasterKeyId --title "..." --why "..." --fix "..." --address https://docs.aws.amazon.com/...`
// Writes a row of the catalogue, where there is none of that id, a rule with its card, and its test: a rule that works, for a property
// that must be set. Change the check and the example to what you mean.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ruleFiles, withRow } from './rule-files.mjs';
import { writeRulesIndex } from './rules-index.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const REQUIRED = ['service', 'type', 'property', 'title', 'why', 'fix', 'address'];

/** @returns what was wrong, or undefined */
function main() {
  const options = Object.fromEntries([...REQUIRED, 'severity', 'profile'].map((name) => [name, { type: 'string' }]));
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const [id] = positionals;
  const missing = REQUIRED.filter((name) => values[name] === undefined);
  if (id === undefined || positionals.length > 1) return 'Name one rule: npm run new:rule -- <id> --service ...';
  if (missing.length > 0) return `Say ${missing.map((name) => `--${name}`).join(', ')}`;
  const rows = join(root, 'lib/catalogue/rows', `${values.service}.ts`);
  if (!existsSync(rows)) return `There is no lib/catalogue/rows/${values.service}.ts`;
  const files = ruleFiles({ severity: 'warning', profile: 'correctness', ...values, id });
  for (const path of Object.keys(files)) if (existsSync(join(root, path))) return `${path} exists`;
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
  const text = readFileSync(rows, 'utf8');
  const changed = withRow(text, { id, title: values.title });
  if (changed !== text) {
    writeFileSync(rows, changed);
    console.log(`added a row to lib/catalogue/rows/${values.service}.ts`);
  }
  writeRulesIndex(root);
  console.log('Next: npm run format && npx vitest run test/lib/checks/rules && npm run report');
  return undefined;
}

try {
  const wrong = main();
  if (wrong !== undefined) throw new Error(wrong);
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
