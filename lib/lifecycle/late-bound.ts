import { isRevision, resourceType } from '../facts/resource-types';
import type { TemplateIndex } from '../template/template-index';
import type { TemplateResource } from '../template/template-resource';
import type { Check, Finding } from './finding';
import { valuesAt } from './values-at';
import { byCount, listed } from './wording';

const LATE = 'Fn::GetStackOutput';

const REPLACES: Check = {
  check: 'late-bound-replaces',
  phase: 'update',
  fix: 'Take the value by a strong reference (an export) or a parameter',
  source: 'aws-cdk issue 38829',
};
const MAY_REPLACE: Check = { ...REPLACES, check: 'late-bound-may-replace' };
const SPLIT: Check = {
  check: 'late-bound-split',
  phase: 'create',
  fix: 'Let the other stack publish the part that is needed as an output of its own',
  source: 'cfn-lint E1022; cfn-lint pull requests 4495, 4519',
};

/** `Fn::GetStackOutput` where CloudFormation does not know its value in time. */
export function rehearseReferences(index: TemplateIndex): readonly Finding[] {
  const late = index.resources.filter(({ properties }) => hasLateValue(properties));
  const replacing = late.flatMap((resource) => {
    // A revision is made anew with each change, and the old one is not missed.
    const paths = isRevision(resource.type) ? [] : latePaths(resource, resourceType(resource.type)?.yes ?? []);
    return paths.length > 0 ? [{ resource, paths }] : [];
  });
  const isReplacing = new Set(replacing.map(({ resource }) => resource));
  const maybe = late.flatMap((resource) => {
    const paths = latePaths(resource, resourceType(resource.type)?.maybe ?? []);
    return paths.length > 0 && !isReplacing.has(resource) ? [{ resource, paths }] : [];
  });
  const found: Finding[] = [];
  if (replacing.length > 0) {
    const [where, come] = summary(replacing);
    const reason =
      `${where} ${come} from ${LATE}, which a change set does not know yet: it plans a replacement at each update of the stack, and an ` +
      'output that changes replaces the resource';
    found.push({ ...REPLACES, weight: 'fault', resources: replacing.map(({ resource }) => resource), reason });
  }
  if (maybe.length > 0) {
    const [where, come] = summary(maybe);
    const reason = `${where} ${come} from ${LATE}, and another value of it may replace the resource`;
    found.push({ ...MAY_REPLACE, weight: 'cannot-tell', resources: maybe.map(({ resource }) => resource), reason });
  }
  const split = late.filter((resource) => splits(resource.properties));
  if (split.length > 0) {
    const reason = `Fn::Split takes no ${LATE}: CloudFormation refuses the template`;
    found.push({ ...SPLIT, weight: 'fault', resources: split, reason });
  }
  return found;
}

function latePaths(resource: TemplateResource, paths: readonly string[]): readonly string[] {
  return paths.filter((path) => valuesAt(resource.properties, path).some(hasLateValue));
}

function summary(found: readonly { readonly paths: readonly string[] }[]): readonly [where: string, come: string] {
  const paths = [...new Set(found.flatMap((each) => each.paths))];
  return [listed(paths), byCount(paths, 'comes', 'come')];
}

/** Whether a value, or what is in it, is an output of another stack that is read at deployment. */
export function hasLateValue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, LATE) || Object.values(value).some(hasLateValue);
}

function splits(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, child]) => (key === 'Fn::Split' ? hasLateValue(child) : splits(child)));
}
