import { isStateful } from '../facts/resource-types';
import { UPDATE_LIMITS } from '../facts/update-limits';
import type { TemplateIndex } from '../template/template-index';
import { CannotTell, type TemplateResource } from '../template/template-resource';
import { canonical } from './canonical';
import { type Remains, remainsOfRemoved, remainsOfReplaced } from './deletion';
import type { Check, Finding, Weight } from './finding';
import { hasLateValue } from './late-bound';
import { givenName } from './name-origin';
import { type Replacement, Replacements } from './replacements';
import { byCount, listed } from './wording';

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
const MAY_COLLIDE: Check = { ...NAME, check: 'cannot-tell-name' };
const VERSION: Check = {
  check: 'version-keeps-replaced',
  phase: 'update',
  fix: "Let the version's logical id depend on what its function runs with",
  source: 'aws-cdk issue 25997; AWS: CloudFormation, AWS::Lambda::Version',
};
const REFUSED: Check = { ...DATA, check: 'update-refused' };
const MAY_BE_REFUSED: Check = { ...DATA, check: 'cannot-tell-refused' };
const MAYBE: Check = { ...DATA, check: 'may-be-replaced', fix: 'Look at the change set before you deploy' };
const LATE: Check = {
  check: 'late-bound-value-stays',
  phase: 'update',
  fix: 'Change the stack that reads the value in the same deployment, or take it by a strong reference',
  source: 'AWS: CloudFormation, Fn::GetStackOutput',
};
const EXPORT: Check = {
  check: 'export-in-use',
  phase: 'update',
  fix: 'Export the new value under another name, move the readers to it, and take the old export out in a later deployment',
  source: 'AWS: CloudFormation, Fn::ImportValue: an output that another stack imports cannot change',
};
const NOTHING_COMMON: Check = {
  check: 'no-stack-in-common',
  phase: 'update',
  fix: 'Name the assembly or the template that was deployed under the same stack names',
  source: 'groundplan rehearse --help',
};

/** The update from what is deployed to what would be. */
export function rehearseUpdate(before: TemplateIndex, after: TemplateIndex): readonly Finding[] {
  if (!after.stackKeys.some((stack) => before.template(stack) !== undefined)) {
    const reason = `No stack is in both: deployed are ${listed(before.stackKeys)}, and new are ${listed(after.stackKeys)}, so that no update was rehearsed`;
    return [{ ...NOTHING_COMMON, weight: 'cannot-tell', resources: [], reason }];
  }
  const replacements = new Replacements(before, after);
  return merged([
    ...replaced(before, after, replacements),
    ...undecided(replacements),
    ...removed(before, after),
    ...staleVersions(before, after, replacements),
    ...lateValues(before, after, replacements),
    ...exportsInUse(before, after, replacements),
    ...refused(before, after, replacements),
  ]);
}

/** Findings of the same cause as one. */
function merged(findings: readonly Finding[]): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.check, finding.weight, finding.reason]);
    const known = found.get(key);
    found.set(key, known ? { ...known, resources: [...known.resources, ...finding.resources] } : finding);
  }
  return [...found.values()];
}

const AFTER_REPLACEMENT: Readonly<Record<Remains | 'unknown', string>> = {
  all: 'the new one is empty, and the old one stays',
  snapshot: 'the new one is empty, and a snapshot of the old one stays',
  nothing: 'the data of the old one is lost',
  unknown: 'the new one is empty, and only deployment decides whether the old one stays',
};

const AFTER_REMOVAL: Readonly<Record<Remains | 'unknown', string>> = {
  all: 'kept, and nothing uses it',
  snapshot: 'deleted, but for a snapshot',
  nothing: 'deleted with all data in it',
  unknown: 'kept or deleted, as only deployment decides',
};

function* replaced(before: TemplateIndex, index: TemplateIndex, replacements: Replacements): Generator<Finding> {
  for (const replacement of replacements.all) {
    const { after, by, isSure } = replacement;
    const what = `${isSure ? 'Replaced' : 'May be replaced'} by a change of ${listed(by)}`;
    if (!isSure) {
      if (isStateful(after.type)) yield { ...MAYBE, weight: 'cannot-tell', resources: [after], reason: what };
      continue;
    }
    // Of another type, what it was is gone.
    if (isStateful(replacement.before.type)) {
      const then = AFTER_REPLACEMENT[remainsOfReplaced(replacement.before, after) ?? 'unknown'];
      yield { ...DATA, weight: weightOf(replacement.before), resources: [after], reason: `${what}: ${then}` };
    }
    const keeps = keepsName(before, index, replacement, replacements);
    if (keeps === 'yes') {
      const reason = `${what}, and the new one asks for the name that the old one still has: "already exists"`;
      yield { ...NAME, weight: 'fault', resources: [after], reason };
    } else if (keeps === 'maybe') {
      const reason = `${what}, and the update fails if the new one gets the name that the old one still has: the name comes from a parameter, a condition or another stack`;
      yield { ...MAY_COLLIDE, weight: 'cannot-tell', resources: [after], reason };
    }
  }
}

/** Whether what replaces a resource would have its name: as the templates write it, and by what it names. */
function keepsName(
  before: TemplateIndex,
  index: TemplateIndex,
  replacement: Replacement,
  replacements: Replacements,
): 'yes' | 'no' | 'maybe' {
  if (replacement.before.type !== replacement.after.type) return 'no';
  const [old, now] = [givenName(before, replacement.before), givenName(index, replacement.after)];
  if (now === undefined || old === undefined || canonical(old.values) !== canonical(now.values)) return 'no';
  if (replacements.namesReplaced(replacement.after, now.values) !== undefined) return 'no';
  return now.origin === 'unknown' ? 'maybe' : 'yes';
}

function* undecided({ undecided: resources }: Replacements): Generator<Finding> {
  if (resources.length === 0) return;
  const reason = `${byCount(resources, 'It changes', 'They change')}, and AWS's resource data does not say whether a change replaces ${byCount(resources, 'it', 'them')}`;
  yield { ...MAYBE, weight: 'cannot-tell', resources, reason };
}

function* removed(before: TemplateIndex, after: TemplateIndex): Generator<Finding> {
  for (const resource of before.resources) {
    if (after.template(resource.stack) === undefined || !isStateful(resource.type)) continue;
    if (after.find(resource.stack, resource.logicalId) !== undefined) continue;
    const then = AFTER_REMOVAL[remainsOfRemoved(resource) ?? 'unknown'];
    const reason = `Not in the new template: ${then}`;
    yield { ...REMOVED, weight: weightOf(resource), resources: [resource], reason };
  }
}

/** Old log lines are missed less than data: a fault that stops an update is for what cannot be had again. */
function weightOf({ type }: TemplateResource): Weight {
  return type === 'AWS::Logs::LogGroup' || type === 'AWS::Logs::LogStream' ? 'notice' : 'fault';
}

/** Properties of a function that its versions do not hold (aws-cdk-lib/aws-lambda, the hash of a version). */
const NOT_IN_A_VERSION = ['CodeSigningConfigArn', 'RecursiveLoop', 'ReservedConcurrentExecutions', 'Tags'];

/** Versions whose logical id stays although what they run with changes: CloudFormation makes no new one. */
function* staleVersions(before: TemplateIndex, after: TemplateIndex, replacements: Replacements): Generator<Finding> {
  for (const version of after.ofType('AWS::Lambda::Version')) {
    const old = before.find(version.stack, version.logicalId);
    if (old === undefined || replacements.of(version)?.isSure === true) continue;
    const fn = after.referent(version, version.properties['FunctionName']);
    const was = before.referent(old, old.properties['FunctionName']);
    if (fn === undefined || was === undefined) continue;
    const held = ({ properties }: TemplateResource) =>
      Object.entries(properties).filter(([name]) => !NOT_IN_A_VERSION.includes(name));
    const stays = 'its published version stays the same: the alias goes on with the old one';
    const gone = held(fn).flatMap(([name, value]) => {
      const resource = replacements.namesReplaced(fn, value);
      return resource === undefined ? [] : [{ name, resource }];
    })[0];
    const changed = held(fn).filter(([name, value]) => canonical(was.properties[name]) !== canonical(value));
    const names = [
      ...changed.map(([name]) => name),
      ...held(was).flatMap(([name]) => (Object.hasOwn(fn.properties, name) ? [] : [name])),
    ];
    if (gone !== undefined) {
      const reason = `The function's ${gone.name} names ${gone.resource.path}, which is replaced, but ${stays}`;
      yield { ...VERSION, weight: 'fault', resources: [version, fn, gone.resource], reason };
    } else if (names.length > 0) {
      const reason = `The function's ${listed(names)} ${byCount(names, 'changes', 'change')}, but ${stays}`;
      yield { ...VERSION, weight: 'fault', resources: [version, fn], reason };
    }
  }
}

/** Stacks that read a value of another stack at deployment, and are not deployed themselves when it changes. */
function* lateValues(before: TemplateIndex, after: TemplateIndex, replacements: Replacements): Generator<Finding> {
  const isChanged = (stack: string) => canonical(before.template(stack)) !== canonical(after.template(stack));
  // A nested stack is deployed with the stack around it.
  const deployed = new Set(after.stackKeys.filter(isChanged).map((stack) => after.rootOf(stack)));
  for (const stack of after.stackKeys.filter((each) => !deployed.has(after.rootOf(each)))) {
    for (const resource of after.ofStack(stack).filter(({ properties }) => hasLateValue(properties))) {
      const gone = replacements.namesReplaced(resource, lateValuesIn(resource.properties));
      if (gone === undefined || gone.stack === stack) continue;
      const reason = `It names ${gone.path} of ${gone.stack}, which is replaced, but nothing in its own template changes: the deployment of ${stack} is skipped, and the old value stays`;
      yield { ...LATE, weight: 'fault', resources: [resource, gone], reason };
    }
  }
}

function lateValuesIn(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === 'Fn::GetStackOutput' ? [{ [key]: child }] : lateValuesIn(child),
  );
}

/** Exports whose value changes, or that go, while another stack imports them: the stack that exports is deployed first, and fails. */
function* exportsInUse(before: TemplateIndex, after: TemplateIndex, replacements: Replacements): Generator<Finding> {
  const readers = before.importers();
  for (const [name, { stack, value }] of before.exported()) {
    const [reader] = readers.get(name) ?? [];
    if (reader === undefined || after.template(stack) === undefined) continue;
    const now = after.exported().get(name);
    const gone = now && replacements.namesReplaced(now, now.value);
    const isChanged = now === undefined || canonical(now.value) !== canonical(value) || gone !== undefined;
    if (!isChanged) continue;
    const what =
      now === undefined ? 'goes' : gone === undefined ? 'changes' : `changes, because ${gone.path} is replaced`;
    const reason = `The export ${name} of ${stack} ${what}, while it is imported by ${reader.path} of ${reader.stack}: the update of ${stack} fails`;
    const named = before.referent({ stack }, value);
    yield { ...EXPORT, weight: 'fault', resources: [...(named ? [named] : []), reader], reason };
  }
}

function* refused(before: TemplateIndex, after: TemplateIndex, replacements: Replacements): Generator<Finding> {
  for (const { type, refuses, fix, source } of UPDATE_LIMITS) {
    for (const resource of after.ofType(type)) {
      const old: TemplateResource | undefined = before.find(resource.stack, resource.logicalId);
      // What is replaced is made anew, and not changed.
      if (old?.type !== type || replacements.of(resource)?.isSure === true) continue;
      try {
        const reason = refuses(old.properties, resource.properties);
        if (reason !== undefined) yield { ...REFUSED, fix, source, weight: 'fault', resources: [resource], reason };
      } catch (error) {
        if (!(error instanceof CannotTell)) throw error;
        const reason = `Whether the service takes the change is not known here: ${error.message}`;
        yield { ...MAY_BE_REFUSED, fix, source, weight: 'cannot-tell', resources: [resource], reason };
      }
    }
  }
}
