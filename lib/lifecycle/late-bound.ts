import { isRevision, resourceType } from '../facts/resource-types';
import type { TemplateIndex } from '../template/template-index';
import type { Check, Finding } from './finding';
import { valuesAt } from './values-at';

const REPLACES: Check = {
  check: 'late-bound-replaces',
  phase: 'update',
  fix: 'Take the value by a strong reference (an export) or a parameter',
  source: 'aws-cdk issue 38829',
};
const SPLIT: Check = {
  check: 'late-bound-split',
  phase: 'create',
  fix: 'Let the other stack publish the part that is needed as an output of its own',
  source: 'cfn-lint E1022; cfn-lint pull requests 4495, 4519',
};

/** `Fn::GetStackOutput` where CloudFormation does not know its value in time. */
export function rehearseReferences(index: TemplateIndex): readonly Finding[] {
  const found: Finding[] = [];
  const replacing = index.resources.flatMap((resource) => {
    const paths = isRevision(resource.type)
      ? []
      : (resourceType(resource.type)?.yes ?? []).filter((path) =>
          valuesAt(resource.properties, path).some((value) => hasFunction(value, 'Fn::GetStackOutput')),
        );
    return paths.length > 0 ? [{ resource, paths }] : [];
  });
  if (replacing.length > 0) {
    const where = [...new Set(replacing.flatMap(({ paths }) => paths))].join(', ');
    const reason =
      `${where} comes from Fn::GetStackOutput, which a change set does not know yet: it plans a replacement at each update of the ` +
      'stack, and an output that changes replaces the resource';
    found.push({ ...REPLACES, weight: 'fault', resources: replacing.map(({ resource }) => resource), reason });
  }
  const split = index.resources.filter((resource) => splits(resource.properties));
  if (split.length > 0) {
    const reason = 'Fn::Split takes no Fn::GetStackOutput: the template is refused';
    found.push({ ...SPLIT, weight: 'fault', resources: split, reason });
  }
  return found;
}

function hasFunction(value: unknown, name: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, name) || Object.values(value).some((child) => hasFunction(child, name));
}

function splits(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, child]) =>
    key === 'Fn::Split' ? hasFunction(child, 'Fn::GetStackOutput') : splits(child),
  );
}
