import {
  Connections,
  type IConnectable,
  type IVpc,
  Port,
  SecurityGroup,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import { CompositePrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnNamespace, CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import { Construct } from 'constructs';
import { stackOwnName } from '../naming/stack-own-name';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';
import { refuse } from '../validation/refuse';

/** What a warehouse may use at once, in Redshift Processing Units (RPU). */
export interface WarehouseCapacity {
  /** Base capacity in RPU. 8 to 512 in steps of 8. @default 8, the least of most regions */
  readonly baseCapacity?: number;
  /**
   * Maximum capacity in RPU, which limits the cost. At least the base, at most 512, in steps of 8. Redshift changes one of the two at a
   * time, so raise this one in a deployment before the base, and lower it in one after. @default 16
   */
  readonly maxCapacity?: number;
}

/** Props of {@link Warehouse}. */
export interface WarehouseProps extends WarehouseCapacity {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly vpc: IVpc;
  /** At least three subnets in three zones. @default - the isolated subnets */
  readonly subnets?: SubnetSelection;
}

/** Steps of capacity, and its largest (AWS: Redshift Serverless, compute capacity). */
const RPU = { step: 8, most: 512 } as const;
/** Subnets of a workgroup at least (AWS: Redshift Serverless considerations). */
const SUBNETS = 3;
const PORT = 5439;
const ADMIN = 'warehouse_admin';
/** The first database of a namespace. */
export const WAREHOUSE_DATABASE = 'warehouse';
/** Logs that a namespace can export (AWS::RedshiftServerless::Namespace, LogExports). */
const LOGS = ['connectionlog', 'userlog', 'useractivitylog'] as const;

/**
 * Redshift Serverless: no cluster, nothing to pay while no one asks but for what is stored. It is in private subnets, takes
 * no connection until one is allowed, and cannot grow beyond a bound (redshift-serverless-bounds).
 */
export class Warehouse extends Construct implements IConnectable {
  readonly namespace: CfnNamespace;
  readonly workgroup: CfnWorkgroup;
  /** What the warehouse reads the lake with; grant it what it is to read. */
  readonly role: Role;
  /** Network access: `warehouse.connections.allowDefaultPortFrom(peer)`. The query editor and the Data API need none. */
  readonly connections: Connections;
  /** Redshift keeps the administrator's password there and changes it by itself. It adds a hyphen and six characters. */
  readonly adminSecretName: string;

  /** @throws RefusedValueError for a capacity that Redshift refuses, or too few subnets. */
  constructor(scope: Construct, id: string, props: WarehouseProps) {
    super(scope, id);
    const {
      stage,
      encryptionKey,
      vpc,
      baseCapacity = RPU.step,
      // Not of the base: a change of both at once is refused (redshift-serverless-bounds).
      maxCapacity = 2 * RPU.step,
    } = props;
    this.refuseCapacity('baseCapacity', baseCapacity, RPU.step);
    this.refuseCapacity('maxCapacity', maxCapacity, baseCapacity);
    const { subnetIds } = vpc.selectSubnets(props.subnets ?? { subnets: vpc.isolatedSubnets });
    if (subnetIds.length < SUBNETS) {
      refuse(this, {
        prop: 'vpc',
        value: `${subnetIds.length} private subnets`,
        allowed: `at least ${SUBNETS}, in as many Availability Zones`,
        fix: 'add subnets, or omit the VPC and let the pattern create one',
        catalogueId: 'redshift-serverless-bounds',
      });
    }
    // CloudFormation takes neither without a name: lower-case letters, digits and hyphens, up to 64.
    const name = stackOwnName(this, { maxLength: 60 });
    this.adminSecretName = `redshift!${name}-${ADMIN}`;
    const logGroups = LOGS.map((log) => this.createLogGroup(`/aws/redshift/${name}/${log}`, log, props));
    this.role = new Role(this, 'Role', {
      assumedBy: new CompositePrincipal(
        new ServicePrincipal('redshift-serverless.amazonaws.com'),
        new ServicePrincipal('redshift.amazonaws.com'),
      ),
    });
    this.namespace = new CfnNamespace(this, 'Namespace', {
      namespaceName: name,
      dbName: WAREHOUSE_DATABASE,
      adminUsername: ADMIN,
      manageAdminPassword: true,
      kmsKeyId: encryptionKey.keyArn,
      iamRoles: [this.role.roleArn],
      defaultIamRoleArn: this.role.roleArn,
      logExports: [...LOGS],
    });
    this.namespace.applyRemovalPolicy(stage.removalPolicy);
    // Redshift would make the groups itself, without a retention.
    for (const logGroup of logGroups) this.namespace.node.addDependency(logGroup);
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'The warehouse: nobody gets in until somebody is let in',
      allowAllOutbound: false,
    });
    this.connections = new Connections({ securityGroups: [securityGroup], defaultPort: Port.tcp(PORT) });
    this.workgroup = new CfnWorkgroup(this, 'Workgroup', {
      workgroupName: name,
      namespaceName: this.namespace.ref,
      baseCapacity,
      maxCapacity,
      subnetIds,
      securityGroupIds: [securityGroup.securityGroupId],
      publiclyAccessible: false,
      // Redshift reads S3 and Glue by its own network: through the VPC it would take endpoints that bill by the hour.
      enhancedVpcRouting: false,
      port: PORT,
      configParameters: [
        { parameterKey: 'require_ssl', parameterValue: 'true' },
        { parameterKey: 'enable_user_activity_logging', parameterValue: 'true' },
      ],
    });
    handles(this.namespace, 'encrypt-everything-at-rest', 'logs-everywhere');
    handles(this.workgroup, 'redshift-serverless-bounds', 'redshift-vs-athena', 'tls-everywhere');
  }

  private createLogGroup(logGroupName: string, id: string, { stage, encryptionKey }: WarehouseProps): LogGroup {
    const logGroup = new LogGroup(this, id, {
      logGroupName,
      retention: stage.logRetention,
      encryptionKey,
      removalPolicy: stage.removalPolicy,
    });
    handles(logGroup, 'cw-log-retention', 'encrypt-everything-at-rest');
    return logGroup;
  }

  private refuseCapacity(prop: string, value: number, least: number): void {
    if (Number.isInteger(value) && value % RPU.step === 0 && value >= least && value <= RPU.most) return;
    refuse(this, {
      prop,
      value: `${value} RPU`,
      allowed: `${least} to ${RPU.most} RPU in steps of ${RPU.step}`,
      fix: 'round it up: it bounds what a second may cost',
      catalogueId: 'redshift-serverless-bounds',
    });
  }
}
