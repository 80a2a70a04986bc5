import { contentOf } from '../facts/deletion';
import type { TemplateIndex } from '../template/template-index';
import { CannotTell, type TemplateResource } from '../template/template-resource';
import { writersOf } from './bucket-writers';
import { known, onDelete } from './deletion';
import type { Dependencies } from './dependencies';
import type { Check, Finding } from './finding';

const OUTLIVES: Check = {
  check: 'writer-outlives-bucket',
  phase: 'delete',
  fix: 'Make the writer depend on the custom resource that empties the bucket: writer.node.addDependency(bucket)',
  source: 'aws-cdk issues 16332, 20660, 26874',
};
const NOT_EMPTY: Check = {
  check: 'not-empty',
  phase: 'delete',
  fix: 'Let the deletion take its content along, or keep the resource (DeletionPolicy: RetainExceptOnCreate)',
  source: 'AWS: CloudFormation, DeletionPolicy',
};
const PARTS: Check = {
  check: 'kept-without-its-parts',
  phase: 'delete',
  fix: 'Give both the same DeletionPolicy',
  source: 'AWS: CloudFormation, DeletionPolicy',
};
const KEPT: Check = {
  check: 'kept',
  phase: 'delete',
  fix: 'Delete it by hand when its data is not needed any more',
  source: 'AWS: CloudFormation, DeletionPolicy',
};
const PROTECTED: Check = {
  check: 'protected',
  phase: 'delete',
  fix: 'Turn deletion protection off, and delete the stack again',
  source: 'AWS: CloudFormation, DELETE_FAILED',
};

/** What a type cannot do without: kept without it, it is refused, opened or unreadable. */
const NEEDS: readonly {
  readonly type: string;
  /** The type that goes, and the property by which it names the kept one, or the kept one names it. */
  readonly part: string;
  readonly why: string;
}[] = [
  {
    type: 'AWS::S3::Bucket',
    part: 'AWS::S3::BucketPolicy',
    why: 'the bucket stays without its policy: access without TLS is allowed again',
  },
  { type: '*', part: 'AWS::KMS::Key', why: 'its data cannot be read any more once the key is gone' },
  {
    type: 'AWS::RDS::DBCluster',
    part: 'AWS::RDS::DBSubnetGroup',
    why: 'the deletion of the subnet group fails while the cluster uses it',
  },
  {
    type: 'AWS::RDS::DBCluster',
    part: 'AWS::EC2::SecurityGroup',
    why: 'the deletion of the security group fails while the cluster uses it',
  },
  {
    type: 'AWS::RDS::DBCluster',
    part: 'AWS::RDS::DBClusterParameterGroup',
    why: 'the deletion of the parameter group fails while the cluster uses it',
  },
  {
    type: 'AWS::RDS::DBSubnetGroup',
    part: 'AWS::EC2::Subnet',
    why: 'the deletion of the subnet fails while it is in use',
  },
  {
    type: 'AWS::EC2::SecurityGroup',
    part: 'AWS::EC2::VPC',
    why: 'the deletion of the VPC fails while it has the group',
  },
  {
    type: 'AWS::S3Vectors::Index',
    part: 'AWS::S3Vectors::VectorBucket',
    why: 'a vector bucket with an index is not deleted',
  },
  { type: 'AWS::S3::Bucket', part: 'AWS::Glue::Table', why: 'the data stays without the table that says what it is' },
];

/** The deletion of the stacks: what fails, and what stays. */
export function rehearseDelete(index: TemplateIndex, dependencies: Dependencies): readonly Finding[] {
  return [...outlived(index, dependencies), ...full(index), ...parts(index), ...staying(index)];
}

/** The custom resources that empty a bucket when they are deleted. */
export function emptiersOf(index: TemplateIndex, bucket: TemplateResource): readonly TemplateResource[] {
  return index.resources.filter(
    (each) => /^Custom::.*(AutoDelete|Empt)/.test(each.type) && index.mentions(each, each.properties, bucket),
  );
}

function* outlived(index: TemplateIndex, dependencies: Dependencies): Generator<Finding> {
  for (const bucket of index.ofType('AWS::S3::Bucket')) {
    const emptiers = emptiersOf(index, bucket);
    if (known(onDelete, bucket) !== 'deleted' || emptiers.length === 0) continue;
    const late = writersOf(index, bucket).filter(
      (writer) => !emptiers.some((emptier) => dependencies.isDeletedBefore(writer, emptier)),
    );
    if (late.length === 0) continue;
    const reason = `${late.map(({ path }) => path).join(', ')} may still write into it after it is emptied: the bucket is not empty, and its deletion fails`;
    yield { ...OUTLIVES, weight: 'fault', resources: [bucket, ...late], reason };
  }
}

function* full(index: TemplateIndex): Generator<Finding> {
  for (const resource of index.resources) {
    const content = contentOf(resource.type);
    if (content === undefined || known(onDelete, resource) !== 'deleted') continue;
    const { forcedBy } = content;
    if (resource.type === 'AWS::S3::Bucket' && emptiersOf(index, resource).length > 0) continue;
    if (forcedBy !== undefined && isOn(resource, forcedBy)) continue;
    const way = forcedBy === undefined ? 'nothing empties it' : `${forcedBy} is off`;
    const reason = `Its deletion fails while there are ${content.content} in it, and ${way}`;
    yield { ...NOT_EMPTY, source: content.source, weight: 'fault', resources: [resource], reason };
  }
}

function isOn(resource: TemplateResource, property: string): boolean {
  try {
    return resource.flag(property) === true;
  } catch (error) {
    if (error instanceof CannotTell) return true;
    throw error;
  }
}

function* parts(index: TemplateIndex): Generator<Finding> {
  for (const { type, part, why } of NEEDS) {
    const lost = index
      .ofType(part)
      .filter((each) => known(onDelete, each) === 'deleted')
      .flatMap((each) => keptBeside(index, type, each).map((kept) => [kept, each] as const));
    if (lost.length === 0) continue;
    const gone = [...new Set(lost.map(([, each]) => each.path))];
    const resources = [...new Set(lost.map(([kept]) => kept))];
    yield { ...PARTS, weight: 'fault', resources, reason: `It is kept, but ${gone.join(', ')} is deleted: ${why}` };
  }
}

function keptBeside(index: TemplateIndex, type: string, part: TemplateResource): readonly TemplateResource[] {
  const all = type === '*' ? index.resources : index.ofType(type);
  return all.filter(
    (each) =>
      known(onDelete, each) === 'kept' &&
      (index.mentions(each, each.properties, part) || index.mentions(part, part.properties, each)) &&
      // A log group or topic that is kept needs its key as any other; a policy is no data.
      !each.type.startsWith('AWS::IAM::'),
  );
}

function* staying(index: TemplateIndex): Generator<Finding> {
  const kept = index.resources.filter((each) => known(onDelete, each) === 'kept');
  if (kept.length > 0) {
    yield {
      ...KEPT,
      weight: 'notice',
      resources: kept,
      reason: 'It stays when the stack is deleted, by its DeletionPolicy',
    };
  }
  const refused = index.resources.filter((each) => known(onDelete, each) === 'refused');
  if (refused.length > 0) {
    const reason = 'Its service does not delete it while it is protected: the deletion of the stack fails';
    yield { ...PROTECTED, weight: 'notice', resources: refused, reason };
  }
}
