// The resource types of this project's templates that some regions lack, from cfn-lint's copy of CloudFormation's registry in each region:
//   python3 -m venv /tmp/cfn-lint && /tmp/cfn-lint/bin/pip install cfn-lint==1.58.0
//   node scripts/regional-types.mjs /tmp/cfn-lint/lib/python3.*/site-packages
// writes lib/facts/regional-types.json, which is committed: cfn-lint is 200 MB of Python, and no build needs it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FILE = 'lib/facts/regional-types.json';
const SNAPSHOTS = 'test/snapshots';
const PROVIDERS = 'cfnlint/data/schemas/providers';
/** Where cfn-lint has the whole list of types: of a region whose registry it cannot read it keeps the same. */
const COMPLETE = 'us-east-1';

/** The types of AWS's in the committed templates. */
export function typesOf(root) {
  const texts = readdirSync(join(root, SNAPSHOTS))
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(join(root, SNAPSHOTS, name), 'utf8'));
  const found = texts.flatMap((text) => [...text.matchAll(/"Type": "(AWS::\w+::\w+)"/g)].map(([, type]) => type));
  return [...new Set(found)].sort();
}

/** What regions lack, by type. `regions` are those that the data speaks of: of another nothing is known. */
export function regionalTypes(types, registries) {
  const most = registries[COMPLETE].size;
  const regions = Object.keys(registries)
    .filter((region) => region === COMPLETE || registries[region].size !== most)
    .sort();
  const lacking = types
    .map((type) => [type, regions.filter((region) => !registries[region].has(type))])
    // What no region has is not in the data at all.
    .filter(([, without]) => without.length > 0 && without.length < regions.length);
  return { regions, lacking: Object.fromEntries(lacking) };
}

/** The types that each region has. */
function registriesIn(sitePackages) {
  const folder = join(sitePackages, PROVIDERS);
  const regions = readdirSync(folder).filter((name) => /-\d\.json$/.test(name));
  return Object.fromEntries(
    regions.map((name) => [
      name.replace('.json', ''),
      new Set(Object.keys(JSON.parse(readFileSync(join(folder, name), 'utf8')))),
    ]),
  );
}

function versionIn(sitePackages) {
  const name = readdirSync(sitePackages).find((each) => /^cfn_lint-.*\.dist-info$/.test(each));
  return name?.replace(/^cfn_lint-|\.dist-info$/g, '') ?? 'of an unknown version';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [sitePackages] = process.argv.slice(2);
  if (sitePackages === undefined) {
    console.error('Pass the site-packages folder that has cfnlint.');
    process.exit(2);
  }
  const { regions, lacking } = regionalTypes(typesOf('.'), registriesIn(sitePackages));
  const lines = Object.entries(lacking).map(([type, without]) => `    "${type}": ${JSON.stringify(without)}`);
  const source = `cfn-lint ${versionIn(sitePackages)}`;
  writeFileSync(
    FILE,
    `{\n  "source": ${JSON.stringify(source)},\n  "date": ${JSON.stringify(new Date().toISOString().slice(0, 10))},\n` +
      `  "regions": ${JSON.stringify(regions)},\n  "lacking": {\n${lines.join(',\n')}\n  }\n}\n`,
  );
  console.log(`${FILE}: ${lines.length} types, ${regions.length} regions, ${source}`);
}
