import type { TemplateResource } from '../template/template-resource';
import type { Finding, Phase, Weight } from './finding';
import { wrapped } from './wording';

const WHEN: Readonly<Record<Phase, string>> = {
  create: 'first deployment',
  copy: 'second copy',
  update: 'update',
  delete: 'deletion',
};
const WEIGHT: Readonly<Record<Weight, string>> = { fault: 'FAULT', 'cannot-tell': 'CANNOT TELL', notice: 'NOTICE' };
const COUNTED: readonly (readonly [weight: Weight, one: string, several: string])[] = [
  ['fault', 'fault', 'faults'],
  ['cannot-tell', 'undecided', 'undecided'],
  ['notice', 'notice', 'notices'],
];
/** Resources that a finding shows by name; of the others it says how many. */
const SHOWN = 5;

/** What was found, for a person: worst first, each with its place, its reason and its fix. */
export function findingsAsText(findings: readonly Finding[]): string {
  return [headline(findings), ...findings.map(asText)].join('\n\n');
}

function headline(findings: readonly Finding[]): string {
  const counts = COUNTED.flatMap(([weight, one, several]) => {
    const count = findings.filter((each) => each.weight === weight).length;
    if (count === 0) return weight === 'fault' ? ['No fault'] : [];
    return [`${count} ${count === 1 ? one : several}`];
  });
  return `${counts.join(', ')}.`;
}

function asText({ check, phase, weight, resources, reason, fix, source }: Finding): string {
  // One more line says no less than its name.
  const shown = resources.length === SHOWN + 1 ? resources : resources.slice(0, SHOWN);
  const more = resources.length - shown.length;
  return [
    `${WEIGHT[weight]}  ${WHEN[phase]}: ${check}`,
    ...shown.map(({ stack, path, type }) => `  ${path.startsWith(`${stack}/`) ? path : `${stack}: ${path}`} (${type})`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...wrapped('  ', `${reason}.`),
    ...wrapped('  Fix: ', `${fix}.`),
    ...wrapped('  Source: ', source),
  ].join('\n');
}

/** The same for a program. */
export function findingsAsJson(findings: readonly Finding[]): string {
  const place = ({ stack, logicalId, path, type }: TemplateResource) => ({ stack, logicalId, path, type });
  return JSON.stringify(
    findings.map((finding) => ({ ...finding, resources: finding.resources.map(place) })),
    undefined,
    2,
  );
}
