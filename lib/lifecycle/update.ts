import { isStateful } from '../facts/resource-types';
import { UPDATE_LIMITS } from '../facts/update-limits';
import type { TemplateIndex } from '../template/template-index';
import type { TemplateResource } from '../template/template-resource';
import { known, onDelete } from './deletion';
import type { Check, Finding, Weight } from './finding';
import { givenName } from './name-origin';
import { type Replacement, Replacements } from './replacements';

const DATA: Check = {
  check: 'data-replaced',
  phase: 'update',
  fix: 'Keep the property and the logical id, or move the data first and say so in the changelog',
  source: 'AWS: CloudFormation, update behaviors of stack resources',
};
const REMOVED: Check = { ...DATA, check: 'data-removed', fix: 'Keep the logical id, or move the data first' };
const NAME: Check = {
  check: 'replacement-collides',
  phase: 'update',
  fix: 'Make the name of what cannot change without a replacement, or leave it out',
  source: 'AWS: CloudFormation, update behaviors of stack resources: the new one is made before the old one is deleted',
};
const VERSION: Check = {
  check: 'version-keeps-replaced',
  phase: 'update',
  fix: "Let the version's logical id depend on what its environment names",
  source: 'aws-cdk issue 25997',
};
const REFUSED: Check = { ...DATA, check: 'update-refused' };
const MAYBE: Check = { ...DATA, check: 'may-be-replaced', fix: 'Look at the change set before you deploy' };
const LATE: Check = {
  check: 'late-bound-value-stays',
  phase: 'update',
  fix: 'Change the stack that reads the value in the same deployment, or take it by a strong reference',
  source: 'AWS: CloudFormation, Fn::GetStackOutput',
};

/** The update from what is deployed to what would be. */
export function rehearseUpdate(before: TemplateIndex, after: TemplateIndex): readonly Finding[] {
  const replacements = new Replacements(before, after);
  return [
    ...replaced(after, replacements),
    ...removed(before, after),
    ...staleVersions(before, after, replacements),
    ...lateValues(before, after, replacements),
    ...refused(before, after),
  ];
}

function* replaced(index: TemplateIndex, replacements: Replacements): Generator<Finding> {
  for (const replacement of replacements.all) {
    const { after, by, isSure } = replacement;
    const what = `A change of ${by.join(', ')} ${isSure ? 'replaces' : 'may replace'} it`;
    if (!isSure) {
      if (isStateful(after.type)) yield { ...MAYBE, weight: 'cannot-tell', resources: [after], reason: what };
      continue;
    }
    if (isStateful(after.type)) {
      const isKept = known(onDelete, replacement.before) === 'kept';
      const then = isKept ? 'the new one is empty, and the old one stays' : 'its data is lost';
      yield { ...DATA, weight: weightOf(after), resources: [after], reason: `${what}: ${then}` };
    }
    if (keepsName(index, replacement, replacements)) {
      const reason = `${what}, and the new one asks for the name that the old one still has: "already exists"`;
      yield { ...NAME, weight: 'fault', resources: [after], reason };
    }
  }
}

/** Whether what replaces a resource would have its name: by text, and by what the text names. */
function keepsName(index: TemplateIndex, { before, after }: Replacement, replacements: Replacements): boolean {
  if (before.type !== after.type) return false;
  const [old, now] = [givenName(index, before), givenName(index, after)];
  return (
    now !== undefined && old?.text === now.text && replacements.namesReplaced(after, JSON.parse(now.text)) === undefined
  );
}

function* removed(before: TemplateIndex, after: TemplateIndex): Generator<Finding> {
  const stacks = new Set(after.resources.map(({ stack }) => stack));
  for (const resource of before.resources) {
    if (!stacks.has(resource.stack) || !isStateful(resource.type)) continue;
    if (after.find(resource.stack, resource.logicalId) !== undefined) continue;
    const then = known(onDelete, resource) === 'kept' ? 'it stays, and nothing uses it' : 'it is deleted with its data';
    const reason = `The new template does not have it: ${then}`;
    yield { ...REMOVED, weight: weightOf(resource), resources: [resource], reason };
  }
}

/** Old log lines are missed less than data: a fault that stops an update is for what cannot be had again. */
function weightOf({ type }: TemplateResource): Weight {
  return type === 'AWS::Logs::LogGroup' || type === 'AWS::Logs::LogStream' ? 'notice' : 'fault';
}

/** Versions whose logical id stays although what they run with is replaced: CloudFormation makes no new one. */
function* staleVersions(before: TemplateIndex, after: TemplateIndex, replacements: Replacements): Generator<Finding> {
  for (const version of after.ofType('AWS::Lambda::Version')) {
    if (before.find(version.stack, version.logicalId) === undefined) continue;
    const fn = after.referent(version, version.properties['FunctionName']);
    const gone = fn && replacements.namesReplaced(fn, fn.properties['Environment']);
    if (fn === undefined || gone === undefined) continue;
    const reason = `The function's environment names ${gone.path}, which is replaced, but its published version stays the same: the alias goes on with the old value`;
    yield { ...VERSION, weight: 'fault', resources: [version, fn, gone], reason };
  }
}

/** Stacks that read a value of another stack at deployment, and are not deployed themselves when it changes. */
function* lateValues(before: TemplateIndex, after: TemplateIndex, replacements: Replacements): Generator<Finding> {
  const stacks = [...new Set(after.resources.map(({ stack }) => stack))];
  for (const stack of stacks) {
    const resources = after.resources.filter((each) => each.stack === stack);
    const isChanged = resources.some((each) => {
      const old = before.find(stack, each.logicalId);
      return old === undefined || JSON.stringify(old.properties) !== JSON.stringify(each.properties);
    });
    if (isChanged) continue;
    for (const resource of resources) {
      const gone = replacements.namesReplaced(resource, resource.properties);
      if (gone === undefined || gone.stack === stack) continue;
      const reason = `It names ${gone.path} of ${gone.stack}, which is replaced, but nothing in its own template changes: the deployment of ${stack} is skipped, and the old value stays`;
      yield { ...LATE, weight: 'fault', resources: [resource, gone], reason };
    }
  }
}

function* refused(before: TemplateIndex, after: TemplateIndex): Generator<Finding> {
  for (const { type, refuses, fix, source } of UPDATE_LIMITS) {
    for (const resource of after.ofType(type)) {
      const old: TemplateResource | undefined = before.find(resource.stack, resource.logicalId);
      const reason = old && refuses(old.properties, resource.properties);
      if (reason !== undefined) yield { ...REFUSED, fix, source, weight: 'fault', resources: [resource], reason };
    }
  }
}
