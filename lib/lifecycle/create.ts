import { keptCost } from '../facts/deletion';
import { logDestinations, VENDED } from '../facts/log-delivery';
import { textOf, UNKNOWN } from '../template/literal-text';
import type { TemplateIndex } from '../template/template-index';
import type { TemplateResource } from '../template/template-resource';
import { known, onFailedCreate } from './deletion';
import type { Dependencies } from './dependencies';
import type { Check, Finding } from './finding';
import { givenName } from './name-origin';
import { valuesAt } from './values-at';
import { byCount, listed } from './wording';

const RETRY: Check = {
  check: 'retry-collides',
  phase: 'create',
  fix:
    'Set DeletionPolicy: RetainExceptOnCreate (RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE), and leave the name out, or make it of the ' +
    "stack's own id (AWS::StackId)",
  source: 'AWS: CloudFormation, DeletionPolicy; aws-secure-environment-accelerator issue 253',
};
const RETRY_UNKNOWN: Check = {
  ...RETRY,
  check: 'cannot-tell-retry',
  fix: 'Set DeletionPolicy: RetainExceptOnCreate (RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE), or give each try another name',
};
const LEFT: Check = {
  check: 'left-by-rollback',
  phase: 'create',
  fix: 'Set DeletionPolicy: RetainExceptOnCreate (RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE): it keeps what later updates and deletions leave out',
  source: 'AWS: CloudFormation, DeletionPolicy',
};
const PROTECTED: Check = {
  check: 'protected-from-rollback',
  phase: 'create',
  fix: 'After a failed deployment, turn the protection off, delete the resource and the stack, and deploy again',
  source: 'AWS: CloudFormation, DeletionPolicy and stack failure options',
};
const UNDECIDED: Check = {
  check: 'cannot-tell-rollback',
  phase: 'create',
  fix: 'Write DeletionPolicy and deletion protection as plain values',
  source: 'AWS: CloudFormation, DeletionPolicy',
};
const LOG_DELIVERY: Check = {
  check: 'log-delivery-policy',
  phase: 'create',
  fix: `Name the log group ${VENDED}<what it is for>/<part of AWS::StackId>`,
  source: 'AWS: Step Functions, logging best practices; aws-cdk issue 28577',
};

/** The first deployment: what a failure at each resource in turn leaves behind, and what the next try collides with. */
export function rehearseCreate(index: TemplateIndex, dependencies: Dependencies): readonly Finding[] {
  return [...leftovers(index, dependencies), ...logDelivery(index)];
}

/** What a rollback does not take away, by what the next try makes of it. */
interface Leftovers {
  readonly colliding: TemplateResource[];
  readonly possible: TemplateResource[];
  readonly left: TemplateResource[];
  readonly refused: TemplateResource[];
  readonly undecided: TemplateResource[];
}

function sorted(index: TemplateIndex, dependencies: Dependencies): Leftovers {
  const found: Leftovers = { colliding: [], possible: [], left: [], refused: [], undecided: [] };
  const last = lastOnes(index, dependencies);
  for (const resource of index.resources) {
    const outcome = known(onFailedCreate, resource);
    // Nothing can fail after what is made last.
    if (outcome === 'deleted' || last.has(resource)) continue;
    if (outcome === undefined) found.undecided.push(resource);
    else {
      const origin = givenName(index, resource)?.origin ?? 'unique';
      if (origin === 'fixed' || origin === 'stack-name') found.colliding.push(resource);
      else if (origin === 'unknown') found.possible.push(resource);
      else found[outcome === 'kept' ? 'left' : 'refused'].push(resource);
    }
  }
  return found;
}

function* leftovers(index: TemplateIndex, dependencies: Dependencies): Generator<Finding> {
  const { colliding, possible, left, refused, undecided } = sorted(index, dependencies);
  const when = (resources: readonly TemplateResource[]) => failure(index, dependencies, resources);
  if (colliding.length > 0) {
    const what = byCount(colliding, 'it behind with a name', 'them behind with names');
    const reason = `${when(colliding)} leaves ${what} that the next try asks for: "already exists"`;
    yield { ...RETRY, weight: 'fault', resources: colliding, reason };
  }
  if (left.length > 0) {
    const reason = `${when(left)} leaves ${byCount(left, 'it', 'them')} behind, and each further try leaves another${billed(left)}`;
    yield { ...LEFT, weight: 'fault', resources: left, reason };
  }
  if (possible.length > 0) {
    const [it, has, its] = possible.length === 1 ? ['it', 'it has', 'its'] : ['them', 'they have', 'their'];
    const reason = `${when(possible)} leaves ${it} behind, and the next try collides where ${has} the same name: ${its} name comes from a parameter, a condition or another stack`;
    yield { ...RETRY_UNKNOWN, weight: 'cannot-tell', resources: possible, reason };
  }
  if (undecided.length > 0) {
    const [it, does] = byCount(undecided, 'it stays', 'they stay').split(' ');
    const reason = `Only deployment decides whether ${it} ${does} when a first deployment fails, or when the stack is deleted: by an intrinsic in DeletionPolicy or deletion protection`;
    yield { ...UNDECIDED, weight: 'cannot-tell', resources: undecided, reason };
  }
  if (refused.length > 0) {
    const reason = `${when(refused)} ends in ROLLBACK_FAILED: the service does not delete what is protected. ${byCount(refused, 'Its name is', 'Their names are')} free for the next try`;
    yield { ...PROTECTED, weight: 'notice', resources: refused, reason };
  }
}

/** What each try leaves to be billed, by type. */
function billed(left: readonly TemplateResource[]): string {
  const counts = new Map<string, number>();
  for (const { type } of left) if (keptCost(type) !== undefined) counts.set(type, (counts.get(type) ?? 0) + 1);
  if (counts.size === 0) return '';
  const costs = [...counts].map(([type, count]) => `${count} ${type} (${keptCost(type)})`);
  return `, which is billed by the month until it is deleted: ${listed(costs)}`;
}

/** What CloudFormation makes without asking a service, so that it does not fail. */
const NEVER_FAILS: ReadonlySet<string> = new Set(['AWS::CDK::Metadata', 'AWS::CloudFormation::WaitConditionHandle']);

/** Nor does a nested stack fail by itself: what is in it does. */
function neverFails(index: TemplateIndex, resource: TemplateResource): boolean {
  return NEVER_FAILS.has(resource.type) || index.madeBy(resource).length > 0;
}

/** Resources that are made when all others of their deployment are there: those that nothing waits for, where it is one alone. */
function lastOnes(index: TemplateIndex, dependencies: Dependencies): ReadonlySet<TemplateResource> {
  const ends = new Map<string, TemplateResource[]>();
  for (const resource of index.resources) {
    if (neverFails(index, resource) || dependencies.isAwaited(resource)) continue;
    const root = index.rootOf(resource.stack);
    ends.set(root, [...(ends.get(root) ?? []).slice(0, 1), resource]);
  }
  return new Set([...ends.values()].flatMap((each) => (each.length === 1 ? each : [])));
}

/** How a first deployment fails that leaves these behind: for the one of them that waits for least, at how many resources. */
function failure(index: TemplateIndex, dependencies: Dependencies, resources: readonly TemplateResource[]): string {
  const [first] = resources;
  if (first === undefined) return '';
  const earliest = resources.reduce((one, other) =>
    dependencies.of(other).size < dependencies.of(one).size ? other : one,
  );
  const root = index.rootOf(earliest.stack);
  const all = index.resources.filter((each) => !neverFails(index, each) && index.rootOf(each.stack) === root);
  const before = dependencies.allOf(earliest);
  const failing = all.filter((each) => each !== earliest && !before.has(each)).length;
  return `A first deployment that fails (of ${root}: at any of ${failing} of its ${all.length} resources)`;
}

/** Log groups whose names fill the account's log-delivery policy with each stack that is made. */
function* logDelivery(index: TemplateIndex): Generator<Finding> {
  const [filling, unknown] = [new Map<TemplateResource, Set<string>>(), new Map<TemplateResource, Set<string>>()];
  for (const writer of index.resources) {
    for (const path of logDestinations(writer.type)) {
      for (const { resource } of index.references(writer, valuesAt(writer.properties, path))) {
        if (resource.type !== 'AWS::Logs::LogGroup') continue;
        const name = textOf(resource.properties['LogGroupName']);
        if (name.startsWith(VENDED)) continue;
        const groups = name.startsWith(UNKNOWN) ? unknown : filling;
        groups.set(resource, new Set([...(groups.get(resource) ?? []), writer.type]));
      }
    }
  }
  const delivery = (groups: ReadonlyMap<TemplateResource, ReadonlySet<string>>) => {
    const writers = [...new Set([...groups.values()].flatMap((types) => [...types]))];
    return `${listed(writers)} ${byCount(writers, 'adds', 'add')} the log group to the account's log-delivery policy`;
  };
  if (filling.size > 0) {
    const reason =
      `${delivery(filling)}, which takes 5,120 characters, and nothing removes it: after about eleven deployments and deletions the ` +
      'next one fails';
    yield { ...LOG_DELIVERY, weight: 'fault', resources: [...filling.keys()], reason };
  }
  if (unknown.size > 0) {
    const reason = `${delivery(unknown)} unless its name begins with ${VENDED}, which only deployment knows`;
    const check = 'cannot-tell-log-delivery';
    yield { ...LOG_DELIVERY, check, weight: 'cannot-tell', resources: [...unknown.keys()], reason };
  }
}
