import { Aws } from 'aws-cdk-lib';
import { type Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AttributeType,
  BillingMode,
  ContributorInsightsMode,
  type GlobalSecondaryIndexProps,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { TableKeys } from '../runtime/contract';
import { combinedGrant } from '../security/combined-grant';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { refuse } from '../validation/refuse';

/** Props of {@link ServiceTable}. */
export interface ServiceTableProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** The questions the table answers, one sentence each. Not empty: DynamoDB has no ad-hoc queries (guide 171). */
  readonly accessPatterns: readonly string[];
  /** Name of a sort key, text. @default - none: one item for each partition key */
  readonly sortKey?: string;
  /** Whether changes are published from the table's stream (new images). @default false */
  readonly stream?: boolean;
  /** @default - none */
  readonly indexes?: readonly GlobalSecondaryIndexProps[];
  /** Expected peak, when it is above what a new on-demand table takes. @default - none is declared */
  readonly expectedPeak?: { readonly readsPerSecond: number; readonly writesPerSecond: number };
}

/** What a new on-demand table serves at once (AWS: DynamoDB on-demand initial throughput). */
const INITIAL_READS_PER_SECOND = 12_000;
const INITIAL_WRITES_PER_SECOND = 4_000;

/** What DynamoDB does with a customer-managed key for its caller (DynamoDB: authorizing use of your key). */
const TABLE_KEY_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];
const VIA_DYNAMODB = { StringEquals: { 'kms:ViaService': `dynamodb.${Aws.REGION}.amazonaws.com` } };

/** Names that make a hot partition: few values, or the same value for all writes of a moment (guide 166). */
const LOW_CARDINALITY = /^(date|day|hour|timestamp|status|type|region|month)$/i;

/**
 * A service's own table: on-demand, encrypted with the pattern's key, point-in-time recovery, TTL on `expiresAt`,
 * partition key `pk`. It is `AWS::DynamoDB::Table`, because `TableV2` with a key of ours cannot be synthesized without a
 * concrete region.
 */
export class ServiceTable extends Construct {
  readonly table: Table;
  private readonly encryptionKey: IKey;

  /** @throws RefusedValueError for no access pattern, or an index whose partition key has few values. */
  constructor(scope: Construct, id: string, props: ServiceTableProps) {
    super(scope, id);
    this.refuseGuesses(props);
    this.encryptionKey = props.encryptionKey;
    const peak = props.expectedPeak;
    const warm =
      peak !== undefined &&
      (peak.readsPerSecond > INITIAL_READS_PER_SECOND || peak.writesPerSecond > INITIAL_WRITES_PER_SECOND);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: TableKeys.partition, type: AttributeType.STRING },
      sortKey: props.sortKey === undefined ? undefined : { name: props.sortKey, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.encryptionKey,
      timeToLiveAttribute: TableKeys.expiresAt,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.stage.deletionProtection,
      removalPolicy: props.stage.removalPolicy,
      stream: props.stream === true ? StreamViewType.NEW_IMAGE : undefined,
      contributorInsightsSpecification: props.stage.contributorInsights
        ? { enabled: true, mode: ContributorInsightsMode.THROTTLED_KEYS }
        : undefined,
      warmThroughput:
        warm && peak !== undefined
          ? {
              readUnitsPerSecond: Math.max(peak.readsPerSecond, INITIAL_READS_PER_SECOND),
              writeUnitsPerSecond: Math.max(peak.writesPerSecond, INITIAL_WRITES_PER_SECOND),
            }
          : undefined,
    });
    for (const index of props.indexes ?? []) this.table.addGlobalSecondaryIndex(index);
    handles(
      this.table,
      'ddb-on-demand-default',
      'ddb-high-cardinality-key',
      'ddb-access-patterns-first',
      'ddb-prewarm-burst',
      'encrypt-everything-at-rest',
      ...(props.stream === true ? (['ddb-streams-for-cdc'] as const) : []),
      ...(props.stage.contributorInsights ? (['ddb-partition-limit-visible'] as const) : []),
    );
    const reason =
      'Point-in-time recovery keeps 35 days of every second; an AWS Backup plan is an account-wide decision of the owner.';
    acknowledge(this.table, {
      'HIPAA.Security::HIPAA.Security-DynamoDBInBackupPlan': reason,
      'NIST.800.53.R5::NIST.800.53.R5-DynamoDBInBackupPlan': reason,
    });
  }

  /**
   * Allows exact actions on the table, or on one of its indexes, with the use of the key that DynamoDB needs for them.
   *
   * @param actions DynamoDB actions, such as `dynamodb:GetItem`
   * @param index name of the index that the actions are for. @default - the table
   */
  grant(grantee: IGrantable, actions: readonly string[], index?: string): Grant {
    const { tableArn } = this.table;
    const onTable = Grant.addToPrincipal({
      grantee,
      actions: [...actions],
      resourceArns: [index === undefined ? tableArn : `${tableArn}/index/${index}`],
    });
    const withKey = Grant.addToPrincipal({
      grantee,
      actions: TABLE_KEY_ACTIONS,
      resourceArns: [this.encryptionKey.keyArn],
      conditions: VIA_DYNAMODB,
    });
    return combinedGrant(onTable, withKey);
  }

  /** A metric of the table (AWS: DynamoDB, metrics and dimensions). */
  metric(metricName: string, options?: MetricOptions): Metric {
    return this.table.metric(metricName, options);
  }

  /** Reads that were throttled. @default - the sum of five minutes */
  metricReadThrottles(options?: MetricOptions): Metric {
    return this.table.metric('ReadThrottleEvents', { statistic: Stats.SUM, ...options });
  }

  /** Writes that were throttled. @default - the sum of five minutes */
  metricWriteThrottles(options?: MetricOptions): Metric {
    return this.table.metric('WriteThrottleEvents', { statistic: Stats.SUM, ...options });
  }

  private refuseGuesses(props: ServiceTableProps): void {
    if (props.accessPatterns.length === 0) {
      refuse(this, {
        prop: 'accessPatterns',
        value: '[]',
        allowed: 'at least one sentence',
        fix: 'list the queries of the table before choosing its keys',
        catalogueId: 'ddb-access-patterns-first',
      });
    }
    for (const index of props.indexes ?? []) {
      const name = index.partitionKey?.name;
      if (name !== undefined && LOW_CARDINALITY.test(name)) {
        refuse(this, {
          prop: `indexes.${index.indexName}.partitionKey`,
          value: name,
          allowed: 'an attribute with many values, such as an id',
          fix: 'move it to the sort key, or combine it with an id',
          catalogueId: 'ddb-high-cardinality-key',
        });
      }
    }
  }
}
