import { logDestinations, VENDED } from '../facts/log-delivery';
import type { TemplateIndex } from '../template/template-index';
import { CannotTell, type TemplateResource } from '../template/template-resource';
import { known, onFailedCreate } from './deletion';
import type { Dependencies } from './dependencies';
import type { Check, Finding } from './finding';
import { givenName } from './name-origin';

const RETRY: Check = {
  check: 'retry-collides',
  phase: 'create',
  fix:
    'Set DeletionPolicy: RetainExceptOnCreate (RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE), and leave the name out, or make it of the ' +
    "stack's own id (AWS::StackId)",
  source: 'AWS: CloudFormation, DeletionPolicy; aws-secure-environment-accelerator issue 253',
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
  fix: 'Turn the protection off, delete the resource and the stack, and deploy again',
  source: 'AWS: CloudFormation, DeletionPolicy and stack failure options',
};
const LOG_DELIVERY: Check = {
  check: 'log-delivery-policy',
  phase: 'create',
  fix: `Name the log group ${VENDED}<what it is for>/<part of AWS::StackId>`,
  source: 'AWS: Step Functions, logging best practices; aws-cdk issue 28577',
};
const GROUP_POLICY: Check = {
  ...LEFT,
  check: 'cannot-tell-rollback',
  fix: 'Write the policy and the protection as plain values',
};

/** The first deployment: what a failure at each resource in turn leaves behind, and what the next try collides with. */
export function rehearseCreate(index: TemplateIndex, dependencies: Dependencies): readonly Finding[] {
  return [...leftovers(index, dependencies), ...logDelivery(index)];
}

function* leftovers(index: TemplateIndex, dependencies: Dependencies): Generator<Finding> {
  const colliding: TemplateResource[] = [];
  const left: TemplateResource[] = [];
  const refused: TemplateResource[] = [];
  const unknown: TemplateResource[] = [];
  for (const resource of index.resources) {
    const outcome = known(onFailedCreate, resource);
    if (outcome === undefined) unknown.push(resource);
    if (outcome === undefined || outcome === 'deleted' || failures(index, dependencies, resource) === 0) continue;
    const origin = givenName(index, resource)?.origin ?? 'unique';
    if (origin === 'fixed' || origin === 'stack-name') colliding.push(resource);
    else if (outcome === 'kept') left.push(resource);
    else refused.push(resource);
  }
  const of = (resources: readonly TemplateResource[]) => most(index, dependencies, resources);
  if (colliding.length > 0) {
    const reason = `${of(colliding)} leaves it behind with a name that the next try asks for: "already exists"`;
    yield { ...RETRY, weight: 'fault', resources: colliding, reason };
  }
  if (left.length > 0) {
    const reason = `${of(left)} leaves it behind, and each further try leaves another, which is billed`;
    yield { ...LEFT, weight: 'fault', resources: left, reason };
  }
  if (refused.length > 0) {
    const reason = `${of(refused)} ends in ROLLBACK_FAILED: the service does not delete what is protected. Its name is free for the next try`;
    yield { ...PROTECTED, weight: 'notice', resources: refused, reason };
  }
  if (unknown.length > 0) {
    yield {
      ...GROUP_POLICY,
      weight: 'cannot-tell',
      resources: unknown,
      reason: 'Only deployment decides whether it stays',
    };
  }
}

/** At how many resources a first deployment may fail while this one is there already: at each that it does not wait for. */
function failures(index: TemplateIndex, dependencies: Dependencies, resource: TemplateResource): number {
  const before = dependencies.allOf(resource);
  return index.resources.filter((each) => each.stack === resource.stack && each !== resource && !before.has(each))
    .length;
}

/** How a first deployment fails that leaves these behind, at the resource of them that most failures leave. */
function most(index: TemplateIndex, dependencies: Dependencies, resources: readonly TemplateResource[]): string {
  const [{ failed, stack } = { failed: 0, stack: '' }] = resources
    .map((each) => ({ failed: failures(index, dependencies, each), stack: each.stack }))
    .sort((a, b) => b.failed - a.failed);
  const total = index.resources.filter((each) => each.stack === stack).length;
  return `A first deployment that fails (of ${stack}: at any of ${failed} of its ${total} resources)`;
}

/** Log groups whose names fill the account's log-delivery policy with each stack that is made. */
function* logDelivery(index: TemplateIndex): Generator<Finding> {
  const groups = new Map<TemplateResource, TemplateResource[]>();
  for (const writer of index.resources) {
    for (const path of logDestinations(writer.type)) {
      for (const { resource } of destinations(index, writer, path)) {
        if (resource.type !== 'AWS::Logs::LogGroup' || isVended(resource)) continue;
        groups.set(resource, [...(groups.get(resource) ?? []), writer]);
      }
    }
  }
  if (groups.size === 0) return;
  const writers = [...new Set([...groups.values()].flat().map(({ type }) => type))].join(', ');
  yield {
    ...LOG_DELIVERY,
    weight: 'fault',
    resources: [...groups.keys()],
    reason:
      `${writers} adds the log group to the account's log-delivery policy, which takes 5,120 characters, and nothing removes it: after ` +
      'about eleven deployments and deletions the next one fails',
  };
}

function destinations(index: TemplateIndex, writer: TemplateResource, path: string) {
  try {
    return [...index.references(writer, writer.get(path))];
  } catch (error) {
    if (error instanceof CannotTell) return [];
    throw error;
  }
}

function isVended(group: TemplateResource): boolean {
  const name = JSON.stringify(group.properties['LogGroupName'] ?? '');
  return /^("|\{"Fn::(Join|Sub)":\[?("",\[)?")\/aws\/vendedlogs\//.test(name);
}
