import data from './resource-types.json';

/** What AWS's resource data says of a resource type (written by scripts/resource-types.mjs at build). */
export interface ResourceTypeFacts {
  /** Properties or attributes that identify it. @default - the data does not say */
  readonly id?: readonly string[];
  /** Those of them that a template may set. @default - none */
  readonly settable?: readonly string[];
  /** Whether it holds data that is lost with it. @default false */
  readonly stateful?: boolean;
  /** Paths of the properties whose change replaces the resource. @default - none */
  readonly yes?: readonly string[];
  /** Paths of those whose change may replace it. @default - none */
  readonly maybe?: readonly string[];
}

const TYPES: Readonly<Record<string, ResourceTypeFacts>> = data.types;

/** Where the data comes from, with its version. */
export const RESOURCE_TYPES_SOURCE: string = data.source;

/** What is known of a type; undefined for a custom resource, or for a type that the data does not have. */
export function resourceType(type: string): ResourceTypeFacts | undefined {
  return Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
}

/** What holds data beside the types that the resource data marks: deleted or replaced, the data is gone. */
const ALSO_STATEFUL: ReadonlySet<string> = new Set([
  // A cluster's data is in the namespace, vectors in the index (AWS: Amazon Redshift Serverless; Amazon S3 Vectors).
  'AWS::RedshiftServerless::Namespace',
  'AWS::S3Vectors::VectorBucket',
  'AWS::S3Vectors::Index',
  'AWS::OpenSearchServerless::Collection',
  // Images and tables' definitions cannot be had back either.
  'AWS::ECR::Repository',
  'AWS::Events::Archive',
  'AWS::Backup::BackupVault',
]);

/** Whether a resource of the type holds what is lost when it is deleted or replaced. */
export function isStateful(type: string): boolean {
  return ALSO_STATEFUL.has(type) || resourceType(type)?.stateful === true;
}

/** Types whose resources are revisions: a change makes another beside the one that is in use, and nothing is lost with the old one. */
const REVISIONS: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Deployment',
  'AWS::Bedrock::GuardrailVersion',
  'AWS::ECS::TaskDefinition',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::Version',
]);

/** Whether a resource of the type is one of many revisions, made to be replaced. */
export function isRevision(type: string): boolean {
  return REVISIONS.has(type);
}

/** Whether a type is a custom resource: what it does, and when it is replaced, its own code decides. */
export function isCustomResource(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}
