import { Duration } from 'aws-cdk-lib';
import type { CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { EventCatalog, LakeColumn } from '../../lib/analytics/event-catalog';
import { HandlerFunction, type HandlerFunctionProps } from '../../lib/compute/handler-function';
import type { Alarms } from '../../lib/monitoring/alarms';
import type { FlowDashboard } from '../../lib/monitoring/dashboard';
import { watchDelivery, watchTransform } from '../../lib/monitoring/stream-alarms';
import { showDelivery } from '../../lib/monitoring/stream-dashboard';
import type { StageSettings } from '../../lib/stage/stage';
import type { PrivateBucket } from '../../lib/storage/private-bucket';
import type { EventStream } from '../../lib/streaming/event-stream';
import { ParquetDelivery } from '../../lib/streaming/parquet-delivery';

/** Props of {@link LakeTable}. */
export interface LakeTableOptions {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly stream: EventStream;
  readonly lake: PrivateBucket;
  readonly catalog: EventCatalog;
  /** Of the table, and of the folder of its files. */
  readonly name: string;
  readonly columns: readonly LakeColumn[];
  /** The first day that a query without a bound looks at, as `yyyy-MM-dd`. */
  readonly since: string;
  /** A function that checks and reshapes records before they are rows. @default - none */
  readonly transform?: Pick<HandlerFunctionProps, 'code' | 'serviceName' | 'timeout' | 'memory' | 'environment'>;
  readonly alarms: Alarms;
  readonly dashboard?: FlowDashboard;
}

const DELIVERY_INTERVAL = Duration.minutes(5);

/** A table of the lake, with Firehose that fills it from a stream, and the alarms on that. */
export class LakeTable extends Construct {
  readonly table: CfnTable;
  readonly transform?: HandlerFunction;
  readonly delivery: ParquetDelivery;

  /** @throws RefusedValueError for a name or column that Athena cannot tell apart, or a stream without a place for Firehose. */
  constructor(scope: Construct, id: string, props: LakeTableOptions) {
    super(scope, id);
    const { stage, encryptionKey, stream, lake, catalog, name, columns, since, alarms } = props;
    const prefix = `${name}/`;
    this.table = catalog.addTable(name, { bucket: lake.bucket, prefix, columns, since });
    if (props.transform !== undefined) {
      this.transform = new HandlerFunction(this, 'Transform', { stage, encryptionKey, ...props.transform });
      watchTransform(alarms, `${id}Transform`, this.transform.function);
      alarms.watchErrorLines(`${id}Transform`, this.transform.logGroup, this.transform.node.path);
    }
    this.delivery = new ParquetDelivery(this, 'Delivery', {
      stage,
      encryptionKey,
      stream,
      bucket: lake,
      prefix,
      table: this.table,
      databaseName: catalog.databaseName,
      transform: this.transform,
      bufferingInterval: DELIVERY_INTERVAL,
    });
    const { delivery } = this.delivery;
    watchDelivery(alarms, `${id}Delivery`, { delivery, stream: stream.stream, interval: DELIVERY_INTERVAL });
    if (props.dashboard !== undefined) {
      showDelivery(props.dashboard, `Table ${name}`, delivery, this.transform?.function);
    }
  }
}
