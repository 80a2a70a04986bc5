import { Duration, Size } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { stackOwnName } from '../naming/stack-own-name';
import type { StageSettings } from '../stage/stage';
import type { PrivateBucket } from '../storage/private-bucket';
import { handles } from '../validation/explain';
import { refuse } from '../validation/refuse';

/** Props of {@link QueryWorkgroup}. */
export interface QueryWorkgroupProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** Where answers go; it should let them expire. */
  readonly results: PrivateBucket;
  /** A query that scans more is stopped. At least 10 MB, Athena's own bound. @default Size.gibibytes(10): $0.05 at $5 a TB */
  readonly scanLimit?: Size;
}

/** Athena's lower bound for a query's limit, in bytes (AWS: Athena API, BytesScannedCutoffPerQuery). */
const MIN_SCAN_BYTES = 10_000_000;

/** An Athena workgroup whose settings a query cannot leave: encrypted answers in one place, and a bound on what is scanned. */
export class QueryWorkgroup extends Construct {
  readonly workgroup: CfnWorkGroup;
  readonly workgroupName: string;
  /** What a query may scan at most. */
  readonly scanLimit: Size;

  /** @throws RefusedValueError for a scan limit below Athena's. */
  constructor(scope: Construct, id: string, props: QueryWorkgroupProps) {
    super(scope, id);
    const scanLimit = props.scanLimit ?? Size.gibibytes(10);
    if (scanLimit.toBytes() < MIN_SCAN_BYTES) {
      refuse(this, {
        prop: 'scanLimit',
        value: `${scanLimit.toBytes()} bytes`,
        allowed: `at least ${MIN_SCAN_BYTES} bytes`,
        fix: 'raise it: Athena rejects a lower limit',
        catalogueId: 'athena-scan-limit',
      });
    }
    this.scanLimit = scanLimit;
    // CloudFormation takes no workgroup without a name, so this one is the construct's path and the stack's own.
    this.workgroupName = stackOwnName(this, { maxLength: 128 });
    this.workgroup = new CfnWorkGroup(this, 'WorkGroup', {
      name: this.workgroupName,
      // It holds saved queries and the history of those that ran, and no data: without it no stack that was used can be deleted.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: scanLimit.toBytes(),
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${props.results.bucket.bucketName}/results/`,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: props.encryptionKey.keyArn },
        },
      },
    });
    handles(this.workgroup, 'athena-scan-limit', 'encrypt-everything-at-rest');
  }

  /** A metric of the workgroup (AWS: Athena query metrics). @default - the average of five minutes */
  metric(metricName: string, options?: MetricOptions): Metric {
    return new Metric({
      namespace: 'AWS/Athena',
      metricName,
      period: Duration.minutes(5),
      dimensionsMap: { WorkGroup: this.workgroupName },
      ...options,
    });
  }

  /**
   * Bytes that queries scanned: what Athena bills. It comes by workgroup alone, and again by workgroup, query type and state
   * (AWS: supported metrics for resource tags for telemetry); CREATE TABLE AS and DDL are not in it (AWS: Athena query metrics).
   *
   * @default - the sum of five minutes
   */
  metricScanned(options?: MetricOptions): Metric {
    return this.metric('ProcessedBytes', { statistic: Stats.SUM, ...options });
  }

  /** Saves a query for whoever opens the workgroup. */
  addQuery(id: string, query: { readonly database: string; readonly description: string; readonly sql: string }): void {
    const saved = new CfnNamedQuery(this, id, {
      name: id,
      database: query.database,
      description: query.description,
      queryString: query.sql,
      workGroup: this.workgroupName,
    });
    saved.node.addDependency(this.workgroup);
  }
}
