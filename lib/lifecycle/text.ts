import type { TemplateResource } from '../template/template-resource';
import type { Finding, Phase, Weight } from './finding';

const WHEN: Readonly<Record<Phase, string>> = {
  create: 'first deployment',
  copy: 'second copy',
  update: 'update',
  delete: 'deletion',
};
const WEIGHT: Readonly<Record<Weight, string>> = { fault: 'FAULT', 'cannot-tell': 'CANNOT TELL', notice: 'NOTICE' };
/** Resources that a finding shows by name; of the others it says how many. */
const SHOWN = 5;

/** What was found, for a person: worst first, each with its place, its reason and its fix. */
export function findingsAsText(findings: readonly Finding[]): string {
  const faults = findings.filter(({ weight }) => weight === 'fault').length;
  const head = `${faults === 0 ? 'No fault' : faults === 1 ? '1 fault' : `${faults} faults`}.`;
  return [head, ...findings.map(asText)].join('\n\n');
}

function asText({ check, phase, weight, resources, reason, fix, source }: Finding): string {
  const shown = resources.slice(0, SHOWN).map(({ path, type }) => `  ${path} (${type})`);
  const more = resources.length > SHOWN ? [`  and ${resources.length - SHOWN} more`] : [];
  const first = `${WEIGHT[weight]}  ${WHEN[phase]}: ${check}`;
  return [first, ...shown, ...more, `  ${reason}.`, `  Fix: ${fix}.`, `  Source: ${source}`].join('\n');
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
