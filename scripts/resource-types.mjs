// What AWS's resource data says of each resource type, as far as a rehearsal of a deployment needs it: `npm run build` writes it when
// another version of the data is installed. The data's own package is 28 MB; this is what ships.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const FILE = 'lib/facts/resource-types.json';
const SPEC = '@aws-cdk/aws-service-spec';
/** How far below a property the data is followed: deeper, no property of today replaces a resource. */
const MAX_DEPTH = 4;

const installedVersion = (root) =>
  JSON.parse(readFileSync(join(root, 'node_modules', SPEC, 'package.json'), 'utf8')).version;

/** The text of lib/facts/resource-types.json. */
export function resourceTypes(root) {
  const { loadAwsServiceSpecSync } = createRequire(join(root, 'package.json'))(SPEC);
  const db = loadAwsServiceSpecSync();
  const lines = db
    .all('resource')
    .map((resource) => [resource.cloudFormationType, factsOf(db, resource)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, facts]) => `    ${JSON.stringify(type)}: ${JSON.stringify(facts)}`);
  return `{\n  "source": ${JSON.stringify(`${SPEC} ${installedVersion(root)}`)},\n  "types": {\n${lines.join(',\n')}\n  }\n}\n`;
}

/** `id`: what identifies it; `yes` and `maybe`: paths of properties whose change replaces it; `props`: those of `id` that can be set. */
function factsOf(db, { primaryIdentifier, isStateful, properties, additionalReplacementProperties = [] }) {
  const found = { yes: additionalReplacementProperties.map((path) => path.join('.')), maybe: [] };
  visit(db, properties, [], found);
  const id = primaryIdentifier ?? [];
  return {
    ...(id.length > 0 ? { id } : {}),
    ...(id.some((name) => properties[name]) ? { settable: id.filter((name) => properties[name]) } : {}),
    ...(isStateful ? { stateful: true } : {}),
    ...Object.fromEntries(
      Object.entries(found).flatMap(([key, paths]) => (paths.length > 0 ? [[key, [...new Set(paths)].sort()]] : [])),
    ),
  };
}

function visit(db, properties, path, found) {
  for (const [name, { causesReplacement = 'no', type }] of Object.entries(properties)) {
    const here = [...path, name];
    if (causesReplacement !== 'no') found[causesReplacement].push(here.join('.'));
    else if (here.length < MAX_DEPTH)
      for (const inner of definitionsIn(db, type)) visit(db, inner.properties, here, found);
  }
}

/** The types of a property that have properties of their own. */
function definitionsIn(db, type) {
  if (type.type === 'ref') return [db.get('typeDefinition', type.reference.$ref)];
  if (type.type === 'array' || type.type === 'map') return definitionsIn(db, type.element);
  return type.type === 'union' ? type.types.flatMap((each) => definitionsIn(db, each)) : [];
}

/** Writes it, where it is of another version. */
export function writeResourceTypes(root) {
  const file = join(root, FILE);
  const { source } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  // An install without development dependencies has the file, and no need of another.
  if (!existsSync(join(root, 'node_modules', SPEC))) return;
  if (source !== `${SPEC} ${installedVersion(root)}`) writeFileSync(file, resourceTypes(root));
}
