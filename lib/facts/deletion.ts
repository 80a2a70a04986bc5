/** Where a type's deletion protection is, and the value that turns it on. */
interface Protection {
  readonly property: string;
  readonly on: string;
}

/** Types that refuse to be deleted while they are protected (AWS: CloudFormation template reference of each type). */
const PROTECTION: Readonly<Record<string, Protection>> = {
  'AWS::Cognito::UserPool': { property: 'DeletionProtection', on: 'ACTIVE' },
  'AWS::DocDB::DBCluster': { property: 'DeletionProtection', on: 'true' },
  'AWS::DynamoDB::Table': { property: 'DeletionProtectionEnabled', on: 'true' },
  'AWS::EC2::Instance': { property: 'DisableApiTermination', on: 'true' },
  'AWS::EKS::Cluster': { property: 'DeletionProtection', on: 'true' },
  'AWS::Logs::LogGroup': { property: 'DeletionProtectionEnabled', on: 'true' },
  'AWS::Neptune::DBCluster': { property: 'DeletionProtection', on: 'true' },
  'AWS::NetworkFirewall::Firewall': { property: 'DeleteProtection', on: 'true' },
  'AWS::RDS::DBCluster': { property: 'DeletionProtection', on: 'true' },
  'AWS::RDS::DBInstance': { property: 'DeletionProtection', on: 'true' },
};

/** The property that protects a type from deletion; undefined for a type that has none of its own. */
export function deletionProtection(type: string): Protection | undefined {
  return Object.hasOwn(PROTECTION, type) ? PROTECTION[type] : undefined;
}

/** Attributes of a load balancer are a list of keys and values (AWS: Elastic Load Balancing, deletion protection). */
export const LOAD_BALANCER_PROTECTION = 'deletion_protection.enabled';

/** What a type keeps that has to go before it can be deleted. */
interface Content {
  /** What is in it, for a message. */
  readonly content: string;
  /** A property that makes the deletion take the content along. @default - there is none */
  readonly forcedBy?: string;
  readonly source: string;
}

/** Types that cannot be deleted while there is something in them. */
const CONTENT: Readonly<Record<string, Content>> = {
  'AWS::Athena::WorkGroup': {
    content: 'named queries or the history of a query that ran',
    forcedBy: 'RecursiveDeleteOption',
    source: 'AWS: Athena, DeleteWorkGroup',
  },
  'AWS::Backup::BackupVault': { content: 'recovery points', source: 'AWS: Backup, deleting a vault' },
  'AWS::ECR::Repository': {
    content: 'images',
    forcedBy: 'EmptyOnDelete',
    source: 'AWS: CloudFormation, AWS::ECR::Repository',
  },
  'AWS::S3::Bucket': {
    content: 'objects or their versions',
    source: 'AWS: CloudFormation, AWS::S3::Bucket, deletion policy',
  },
  'AWS::S3Express::DirectoryBucket': { content: 'objects', source: 'AWS: S3, deleting directory buckets' },
  'AWS::S3Tables::TableBucket': {
    content: 'tables that the stack does not have',
    source: 'AWS: S3, deleting a table bucket',
  },
};

/** What a type keeps that has to go first; undefined for a type that is deleted with what is in it. */
export function contentOf(type: string): Content | undefined {
  return Object.hasOwn(CONTENT, type) ? CONTENT[type] : undefined;
}

/** Types whose deletion takes a snapshot where the template does not say otherwise (AWS: CloudFormation, DeletionPolicy). */
const SNAPSHOT_BY_DEFAULT: ReadonlySet<string> = new Set(['AWS::RDS::DBCluster']);

/** The deletion policy of a type where a template says nothing. An instance of a cluster has no snapshot of its own. */
export function defaultDeletionPolicy(type: string, properties: Readonly<Record<string, unknown>>): string {
  const isOwnInstance = type === 'AWS::RDS::DBInstance' && properties['DBClusterIdentifier'] === undefined;
  return SNAPSHOT_BY_DEFAULT.has(type) || isOwnInstance ? 'Snapshot' : 'Delete';
}

/** What stays and costs money by the month while nothing uses it (AWS: pricing page of each service, us-east-1, November 2026). */
const KEPT_COSTS: Readonly<Record<string, string>> = {
  'AWS::Cognito::UserPool': 'nothing while no one signs in',
  'AWS::DynamoDB::Table': '$0.25 a GB',
  'AWS::Events::Archive': '$0.10 a GB',
  'AWS::Kinesis::Stream': '$10.95 a shard, or $29.20 on demand',
  'AWS::KMS::Key': '$1.00 a key, and $1.00 for each of the first two rotations',
  'AWS::Logs::LogGroup': '$0.03 a GB',
  'AWS::OpenSearchServerless::Collection': 'its capacity units',
  'AWS::RDS::DBCluster': '$0.10 a GB, and what its instances take',
  'AWS::RDS::DBInstance': 'its instance class by the hour, and its storage',
  'AWS::RedshiftServerless::Namespace': '$0.024 a GB',
  'AWS::S3::Bucket': '$0.023 a GB',
  'AWS::S3Vectors::VectorBucket': '$0.06 a GB',
};

/** What a kept resource costs a month; undefined where nothing is known of it, which is not for free. */
export function keptCost(type: string): string | undefined {
  return Object.hasOwn(KEPT_COSTS, type) ? KEPT_COSTS[type] : undefined;
}

/** What stays and costs nothing: what is billed by use alone, and what is free (same pages). */
const FREE_WHILE_UNUSED: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Account',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::Subnet',
  'AWS::EC2::VPC',
  // Up to a million tables, partitions and versions in the account (AWS: Glue pricing).
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::IAM::Role',
  'AWS::RDS::DBClusterParameterGroup',
  'AWS::RDS::DBSubnetGroup',
  'AWS::SQS::Queue',
]);

/** Whether a kept resource costs nothing while nothing uses it. */
export function isFreeWhileUnused(type: string): boolean {
  return FREE_WHILE_UNUSED.has(type);
}
