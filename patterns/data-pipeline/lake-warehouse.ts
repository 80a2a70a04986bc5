import { ArnFormat, CustomResource, Duration, Size, Stack } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { CfnTable } from 'aws-cdk-lib/aws-glue';
import { Grant, PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { EventCatalog } from '../../lib/analytics/event-catalog';
import { WAREHOUSE_DATABASE, Warehouse, type WarehouseCapacity } from '../../lib/analytics/warehouse';
import { HandlerCode } from '../../lib/compute/handler-code';
import { HandlerFunction } from '../../lib/compute/handler-function';
import type { Alarms } from '../../lib/monitoring/alarms';
import { IsolatedNetwork } from '../../lib/network/isolated-network';
import type { StageSettings } from '../../lib/stage/stage';
import type { PrivateBucket } from '../../lib/storage/private-bucket';
import { acknowledge } from '../../lib/validation/explain';
import { inlinePolicyReasons } from '../../lib/validation/inline-policy-reasons';
import { nagResource } from '../../lib/validation/nag-resource';
import { leaveUnwatched, RUNS_AT_DEPLOYMENT } from '../../lib/validation/unwatched';
import type { ExternalSchema, PartitionedTable } from './contract';
import { PartitionRegistrar } from './partition-registrar';

/** Props of {@link LakeWarehouse}. */
export interface LakeWarehouseProps extends WarehouseCapacity {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly lake: PrivateBucket;
  readonly catalog: EventCatalog;
  readonly alarms: Alarms;
  /** A VPC of yours with three private subnets. @default - a new one without a way out */
  readonly vpc?: IVpc;
}

/** The schema in which the warehouse shows the lake's tables: `SELECT … FROM clickstream.events`. */
export const WAREHOUSE_SCHEMA = 'clickstream';

/**
 * What Redshift asks the catalog of a database's tables (AWS: IAM policies for Redshift Spectrum, minimum permissions, as far
 * as they read and say nothing about other databases).
 */
const TABLE_READER_ACTIONS = [
  'glue:BatchGetPartition',
  'glue:GetPartition',
  'glue:GetPartitions',
  'glue:GetTable',
  'glue:GetTables',
];

/** A warehouse that sees the lake's tables, days and all, by the same catalog as Athena. */
export class LakeWarehouse extends Construct {
  readonly warehouse: Warehouse;
  readonly partitions: PartitionRegistrar;

  /** @throws RefusedValueError for a capacity that Redshift refuses, or too few subnets. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: LakeWarehouseProps,
  ) {
    super(scope, id);
    const { stage, encryptionKey, catalog, alarms, baseCapacity, maxCapacity } = props;
    const vpc = props.vpc ?? new IsolatedNetwork(this, 'Network', { stage, encryptionKey }).vpc;
    const subnets = vpc.isolatedSubnets.length > 0 ? vpc.isolatedSubnets : vpc.privateSubnets;
    this.warehouse = new Warehouse(this, 'Warehouse', {
      stage,
      encryptionKey,
      vpc,
      subnets: { subnets },
      baseCapacity,
      maxCapacity,
    });
    this.partitions = new PartitionRegistrar(this, 'Partitions', {
      stage,
      encryptionKey,
      databaseName: catalog.databaseName,
      alarms,
    });
    this.letRoleReadCatalog();
    this.createSchema();
  }

  /** Shows one more table of the lake: its files may be read, and its days are registered. */
  addTable(table: PartitionedTable, resource: CfnTable): void {
    this.props.lake.grantRead(this.warehouse.role, `${table.name}/`);
    this.partitions.add(table, resource);
  }

  private letRoleReadCatalog(): void {
    const { catalog, lake } = this.props;
    const { role } = this.warehouse;
    const { databaseName } = catalog;
    const glue = (resource: string, resourceName?: string) =>
      Stack.of(this).formatArn({ service: 'glue', resource, resourceName });
    const tables = glue('table', `${databaseName}/*`);
    const database = [glue('catalog'), glue('database', databaseName)];
    Grant.addToPrincipal({ grantee: role, actions: ['glue:GetDatabase'], resourceArns: database });
    Grant.addToPrincipal({ grantee: role, actions: TABLE_READER_ACTIONS, resourceArns: [...database, tables] });
    Grant.addToPrincipal({
      grantee: role,
      actions: ['s3:GetBucketLocation', 's3:ListBucket'],
      resourceArns: [lake.bucket.bucketArn],
    });
    const policy = role.node.tryFindChild('DefaultPolicy');
    if (policy === undefined) return;
    acknowledge(policy, {
      ...inlinePolicyReasons(),
      [`AwsSolutions::AwsSolutions-IAM5[Resource::${nagResource(Stack.of(this).resolve(tables))}]`]:
        'The schema shows each table of this one database, those that are added later, too; it shows names and columns alone.',
    });
  }

  /** CloudFormation has no resource for a schema, so a function makes it at deployment, by the Data API. */
  private createSchema(): void {
    const { stage, encryptionKey, catalog } = this.props;
    const { workgroup, adminSecretName, role } = this.warehouse;
    const { function: fn } = new HandlerFunction(this, 'SchemaHandler', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('data-pipeline', 'create-external-schema'),
      serviceName: 'external-schema',
      timeout: Duration.minutes(10),
      memory: Size.mebibytes(256),
    });
    leaveUnwatched(fn, RUNS_AT_DEPLOYMENT);
    const allow = (statement: PolicyStatementProps) => fn.addToRolePolicy(new PolicyStatement(statement));
    allow({ actions: ['redshift-data:ExecuteStatement'], resources: [workgroup.attrWorkgroupWorkgroupArn] });
    allow({
      actions: ['redshift-data:DescribeStatement'],
      resources: ['*'],
      // No resource to name, but one's own statements, by IAM's variable for the caller (Service Authorization Reference:
      // Redshift Data API).
      conditions: { StringEquals: { 'redshift-data:statement-owner-iam-userid': '\u0024{aws:userid}' } },
    });
    const secret = Stack.of(this).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${adminSecretName}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    allow({ actions: ['secretsmanager:GetSecretValue'], resources: [secret] });
    const policy = fn.role?.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) {
      acknowledge(policy, {
        'AwsSolutions::AwsSolutions-IAM5[Resource::*]':
          "X-Ray's actions have no resource to name, and redshift-data:DescribeStatement has a condition in its place: one's own statements.",
      });
    }
    const schema = new CustomResource(this, 'Schema', {
      serviceToken: fn.functionArn,
      resourceType: 'Custom::ExternalSchema',
      // Longer than the function may take; CloudFormation would wait for an hour otherwise.
      serviceTimeout: Duration.minutes(15),
      properties: {
        workgroup: workgroup.ref,
        database: WAREHOUSE_DATABASE,
        secret: adminSecretName,
        schema: WAREHOUSE_SCHEMA,
        catalogDatabase: catalog.databaseName,
        roleArn: role.roleArn,
      } satisfies ExternalSchema,
    });
    // Made when its function may do it, and dropped before that changes.
    schema.node.addDependency(fn, this.warehouse);
  }
}
