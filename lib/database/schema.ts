import { CustomResource, Duration, Size, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { HandlerCode } from '../compute/handler-code';
import { HandlerFunction } from '../compute/handler-function';
import type { SchemaRequest } from '../runtime/database-schema';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';
import { leaveUnwatched, RUNS_AT_DEPLOYMENT } from '../validation/unwatched';

/** Props of {@link DatabaseSchema}. */
export interface DatabaseSchemaProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** With the Data API, and instances of the same stack if it is not brought. */
  readonly cluster: IDatabaseCluster;
  /** The administrator's. */
  readonly secret: ISecret;
  readonly databaseName: string;
  /** The role that applications connect as; it is made. */
  readonly user: string;
  /** A handler for a `SchemaRequest`. */
  readonly code: HandlerCode;
  /** Changes with the schema, so that CloudFormation runs the handler again. */
  readonly version: string;
}

/** What a transaction takes (Service Authorization Reference: RDS Data API). */
const DATA_API_ACTIONS = [
  'rds-data:BeginTransaction',
  'rds-data:CommitTransaction',
  'rds-data:ExecuteStatement',
  'rds-data:RollbackTransaction',
];
/** Below CloudFormation's, so that the function's own answer is the one that it hears. */
const FUNCTION_TIMEOUT = Duration.minutes(10);
const DEPLOYMENT_TIMEOUT = Duration.minutes(12);

/**
 * Brings the schema of a database up to date at each deployment that changes it, and fails the deployment if it cannot, before
 * anything that relies on the schema is deployed: make what does depend on this. The function runs outside of the VPC, by the Data
 * API, which reads the administrator's secret on its behalf.
 */
export class DatabaseSchema extends Construct {
  readonly handler: HandlerFunction;
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: DatabaseSchemaProps) {
    super(scope, id);
    const { stage, encryptionKey, cluster, secret, databaseName, user, code, version } = props;
    this.handler = new HandlerFunction(this, 'Handler', {
      stage,
      encryptionKey,
      code,
      serviceName: 'schema',
      timeout: FUNCTION_TIMEOUT,
      memory: Size.mebibytes(256),
    });
    const { function: fn } = this.handler;
    leaveUnwatched(fn, RUNS_AT_DEPLOYMENT);
    const allow = (statement: PolicyStatementProps) => fn.addToRolePolicy(new PolicyStatement(statement));
    allow({ actions: DATA_API_ACTIONS, resources: [cluster.clusterArn] });
    allow({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] });
    // A secret without a key of its own is encrypted by one that everyone in the account may use by Secrets Manager.
    if (secret.encryptionKey !== undefined) {
      allow({
        actions: ['kms:Decrypt'],
        resources: [secret.encryptionKey.keyArn],
        // For that secret alone, and only for Secrets Manager (AWS: Secrets Manager, encryption context).
        conditions: {
          StringEquals: {
            'kms:ViaService': `secretsmanager.${Stack.of(this).region}.amazonaws.com`,
            'kms:EncryptionContext:SecretARN': secret.secretArn,
          },
        },
      });
    }
    handles(fn, 'secrets-lambda-runtime-fetch');
    this.resource = new CustomResource(this, 'Schema', {
      serviceToken: fn.functionArn,
      resourceType: 'Custom::DatabaseSchema',
      serviceTimeout: DEPLOYMENT_TIMEOUT,
      properties: {
        clusterArn: cluster.clusterArn,
        secretArn: secret.secretArn,
        database: databaseName,
        user,
        version,
      } satisfies SchemaRequest,
    });
    // Run when the function may, and when there is an instance that answers.
    this.resource.node.addDependency(fn, cluster);
  }
}
