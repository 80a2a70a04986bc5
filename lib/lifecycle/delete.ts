import { contentOf, keptCost } from '../facts/deletion';
import type { TemplateIndex } from '../template/template-index';
import { CannotTell, type TemplateResource } from '../template/template-resource';
import { BucketAccess } from './bucket-writers';
import { known, onDelete } from './deletion';
import type { Dependencies } from './dependencies';
import type { Check, Finding } from './finding';
import { byCount, listed } from './wording';

const OUTLIVES: Check = {
  check: 'writer-outlives-bucket',
  phase: 'delete',
  fix: 'Make the writer depend on the custom resource that empties the bucket: writer.node.addDependency(bucket)',
  source: 'aws-cdk issues 16332, 20660, 26874',
};
const MAY_OUTLIVE: Check = { ...OUTLIVES, check: 'cannot-tell-writer' };
const NOT_EMPTY: Check = {
  check: 'not-empty',
  phase: 'delete',
  fix: 'Let the deletion take its content along, or keep the resource (DeletionPolicy: RetainExceptOnCreate)',
  source: 'AWS: CloudFormation, DeletionPolicy',
};
const MAY_BE_FULL: Check = { ...NOT_EMPTY, check: 'cannot-tell-empty' };
const PARTS: Check = {
  check: 'kept-without-its-parts',
  phase: 'delete',
  fix: 'Give both the same DeletionPolicy',
  source: 'AWS: CloudFormation, DeletionPolicy',
};
const KEPT: Check = {
  check: 'kept',
  phase: 'delete',
  fix: 'Delete what is not needed any more by hand',
  source: 'AWS: CloudFormation, DeletionPolicy',
};
const PROTECTED: Check = {
  check: 'protected',
  phase: 'delete',
  fix: 'Turn deletion protection off, and delete the stack again',
  source: 'AWS: CloudFormation, DELETE_FAILED',
};

/** What a kept resource cannot do without: kept without it, it is refused, opened or unreadable. */
interface Need {
  /** The type that is kept; `*` for any. */
  readonly type: string;
  /** The type that goes. */
  readonly part: string;
  /** Which of the two names the other. */
  readonly named: 'part' | 'kept';
  readonly why: string;
}

const inUse = (types: readonly string[], part: string, what: string): readonly Need[] =>
  types.map((type) => ({ type, part, named: 'part', why: `the deletion of the ${what} fails while it is in use` }));

const DATABASES = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'];

/** AWS: the deletion of each type in its API reference. */
const NEEDS: readonly Need[] = [
  {
    type: 'AWS::S3::Bucket',
    part: 'AWS::S3::BucketPolicy',
    named: 'kept',
    why: 'without its policy access without TLS is allowed again',
  },
  {
    type: '*',
    part: 'AWS::KMS::Key',
    named: 'part',
    why: 'data is unreadable once the key is gone',
  },
  ...inUse(DATABASES, 'AWS::RDS::DBSubnetGroup', 'subnet group'),
  ...inUse(DATABASES, 'AWS::EC2::SecurityGroup', 'security group'),
  ...inUse(['AWS::RDS::DBCluster'], 'AWS::RDS::DBClusterParameterGroup', 'parameter group'),
  ...inUse(['AWS::RDS::DBInstance'], 'AWS::RDS::DBParameterGroup', 'parameter group'),
  ...inUse(['AWS::RDS::DBInstance'], 'AWS::RDS::OptionGroup', 'option group'),
  ...inUse(['AWS::RDS::DBSubnetGroup', 'AWS::EFS::MountTarget'], 'AWS::EC2::Subnet', 'subnet'),
  ...inUse(['AWS::EC2::SecurityGroup', 'AWS::EC2::Subnet'], 'AWS::EC2::VPC', 'VPC'),
  ...inUse(['AWS::S3Vectors::Index'], 'AWS::S3Vectors::VectorBucket', 'vector bucket'),
  {
    type: 'AWS::S3::Bucket',
    part: 'AWS::Glue::Table',
    named: 'kept',
    why: 'the data stays without the table that says what it is',
  },
];

/** The deletion of the stacks: what fails, and what stays. */
export function rehearseDelete(index: TemplateIndex, dependencies: Dependencies): readonly Finding[] {
  const access = new BucketAccess(index);
  return [...outlived(index, dependencies, access), ...full(index, access), ...parts(index), ...staying(index)];
}

function* outlived(index: TemplateIndex, dependencies: Dependencies, access: BucketAccess): Generator<Finding> {
  for (const bucket of index.ofType('AWS::S3::Bucket')) {
    if (known(onDelete, bucket) !== 'deleted') continue;
    const emptiers = access.emptiersOf(bucket);
    const all = [...emptiers.sure, ...emptiers.possible];
    const isLate = (writer: TemplateResource) =>
      known(onDelete, writer) === 'kept' || !all.some((emptier) => dependencies.isDeletedBefore(writer, emptier));
    const writers = access.writersOf(bucket);
    const [late, maybe] = [writers.sure.filter(isLate), writers.possible.filter(isLate)];
    if (all.length === 0) continue;
    const then = 'may still write into it after it is emptied: its deletion fails when it is not empty';
    if (late.length > 0) {
      const reason = `${listed(late.map(({ path }) => path))} ${then}`;
      yield { ...OUTLIVES, weight: 'fault', resources: [bucket, ...late], reason };
    }
    if (maybe.length > 0) {
      const may = byCount(maybe, 'starts a function that may', 'start functions that may');
      const reason = `${listed(maybe.map(({ path }) => path))} ${may} write into every bucket. If it writes into this one, it ${then}`;
      yield { ...MAY_OUTLIVE, weight: 'cannot-tell', resources: [bucket, ...maybe], reason };
    }
  }
}

function* full(index: TemplateIndex, access: BucketAccess): Generator<Finding> {
  const found = new Map<string, Finding>();
  const add = (finding: Finding) => {
    const known = found.get(finding.reason);
    found.set(finding.reason, known ? { ...known, resources: [...known.resources, ...finding.resources] } : finding);
  };
  for (const resource of index.resources) {
    const content = contentOf(resource.type);
    if (content === undefined || known(onDelete, resource) !== 'deleted') continue;
    const { forcedBy, source } = content;
    const isForced = forcedBy === undefined ? false : flag(resource, forcedBy);
    const emptiers = resource.type === 'AWS::S3::Bucket' ? access.emptiersOf(resource) : undefined;
    if (isForced === true || (emptiers?.sure.length ?? 0) > 0) continue;
    const fails = `Deletion fails while ${content.content} are in it`;
    const [emptier] = emptiers?.possible ?? [];
    if (emptier !== undefined) {
      const reason = `${fails}. ${emptier.path} may delete what is in it, if its code does so when the stack is deleted`;
      add({ ...MAY_BE_FULL, source, weight: 'cannot-tell', resources: [resource], reason });
    } else if (isForced === undefined) {
      const reason = `${fails}, and only deployment decides whether ${forcedBy} is on`;
      add({ ...MAY_BE_FULL, source, weight: 'cannot-tell', resources: [resource], reason });
    } else {
      const reason = `${fails}, and ${forcedBy === undefined ? 'nothing empties it' : `${forcedBy} is off`}`;
      add({ ...NOT_EMPTY, source, weight: 'fault', resources: [resource], reason });
    }
  }
  yield* found.values();
}

/** Whether a switch is on; undefined where only deployment decides it. */
function flag(resource: TemplateResource, property: string): boolean | undefined {
  try {
    return resource.flag(property) === true;
  } catch (error) {
    if (error instanceof CannotTell) return undefined;
    throw error;
  }
}

function* parts(index: TemplateIndex): Generator<Finding> {
  // One that several needs name is one cause: the part that goes.
  const found = new Map<string, { readonly kept: Set<TemplateResource>; readonly gone: Set<TemplateResource> }>();
  for (const need of NEEDS) {
    for (const [kept, gone] of lost(index, need)) {
      const known = found.get(need.why) ?? { kept: new Set(), gone: new Set() };
      found.set(need.why, { kept: known.kept.add(kept), gone: known.gone.add(gone) });
    }
  }
  for (const [why, { kept, gone }] of found) {
    const paths = [...gone].map(({ path }) => path);
    const [it, is] = [byCount([...kept], 'It is', 'They are'), byCount(paths, 'is', 'are')];
    const reason = `${it} kept, but ${listed(paths)} ${is} deleted: ${why}`;
    yield { ...PARTS, weight: 'fault', resources: [...kept, ...gone], reason };
  }
}

/** Each kept resource with a part that is deleted. */
function* lost(
  index: TemplateIndex,
  { type, part, named }: Need,
): Generator<readonly [kept: TemplateResource, gone: TemplateResource]> {
  const isKept = (each: TemplateResource) =>
    (type === '*' || each.type === type) &&
    known(onDelete, each) === 'kept' &&
    // A log group or topic that is kept needs its key as any other; a policy is no data.
    !each.type.startsWith('AWS::IAM::');
  const isGone = (each: TemplateResource) => each.type === part && known(onDelete, each) === 'deleted';
  const from = named === 'part' ? (type === '*' ? index.resources : index.ofType(type)) : index.ofType(part);
  for (const naming of from.filter(named === 'part' ? isKept : isGone)) {
    for (const { resource } of index.references(naming, naming.properties)) {
      if (named === 'part' && isGone(resource)) yield [naming, resource];
      if (named === 'kept' && isKept(resource)) yield [resource, naming];
    }
  }
}

function* staying(index: TemplateIndex): Generator<Finding> {
  const kept = index.resources.filter((each) => known(onDelete, each) === 'kept');
  if (kept.length > 0) {
    const types = [...new Set(kept.map(({ type }) => type))].sort();
    const costs = types.flatMap((type) => (keptCost(type) === undefined ? [] : [`${type}: ${keptCost(type)}`]));
    const paid = costs.length === 0 ? '' : `. A month costs: ${costs.join('; ')}`;
    const reason = `${byCount(kept, 'It stays', 'They stay')} when the stack is deleted, by DeletionPolicy${paid}`;
    yield { ...KEPT, weight: 'notice', resources: kept, reason };
  }
  const refused = index.resources.filter((each) => known(onDelete, each) === 'refused');
  if (refused.length > 0) {
    const [service, it] =
      refused.length === 1 ? ['Its service does', 'it while it is'] : ['Their services do', 'them while they are'];
    const reason = `${service} not delete ${it} protected: the deletion of the stack fails`;
    yield { ...PROTECTED, weight: 'notice', resources: refused, reason };
  }
}
