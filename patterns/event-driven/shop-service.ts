import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { HandlerCode } from '../../lib/compute/handler-code';
import { HandlerFunction } from '../../lib/compute/handler-function';
import { ServiceTable } from '../../lib/database/service-table';
import type { Outbox } from '../../lib/messaging/outbox';
import { QueueConsumer } from '../../lib/messaging/queue-consumer';
import { WorkQueue } from '../../lib/messaging/work-queue';
import { Environment } from '../../lib/runtime/contract';
import type { StageSettings } from '../../lib/stage/stage';
import type { ClaimsBucket } from '../../lib/storage/claims-bucket';
import { handles } from '../../lib/validation/explain';
import { refuse } from '../../lib/validation/refuse';
import type { OrderEventType } from './contract';

/** What a service of the shop is made of; see {@link EventDrivenShop.addService}. */
export interface ServiceOptions {
  /** The service's handler: a file that exports `handler`. Give this or `function`. */
  readonly entry?: string;
  /** The service's handler: a function of yours. Give this or `entry`. */
  readonly function?: IFunction;
  /** The events it handles. @default ['order.placed'] */
  readonly events?: readonly OrderEventType[];
  /** Time for one batch, 1 s to 15 min. The queue's visibility follows it. @default Duration.seconds(30) */
  readonly timeout?: Duration;
  /** Batches at once, 2 to 1,000. @default 5 */
  readonly maxConcurrency?: number;
  /** Whether the service gets a table for its effects and the events it has handled. @default true */
  readonly table?: boolean;
  /** Whether it may fetch the lines of large orders from S3 (`linesOf`). @default true */
  readonly readsLines?: boolean;
  /** Whether it may publish facts; it then needs its table. @default true */
  readonly publishesFacts?: boolean;
  /** The questions its table answers. @default - the events handled, and one record per order */
  readonly accessPatterns?: readonly string[];
}

/** What the shop hands to each of its services. */
export interface ServiceContext {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly outbox: Outbox;
  readonly claims: ClaimsBucket;
  readonly fifo: boolean;
}

/** Props of {@link ShopService}. */
export interface ShopServiceProps extends Omit<ServiceOptions, 'entry'> {
  readonly serviceName: string;
  /** @default - `function` is the handler */
  readonly code?: HandlerCode;
  readonly context: ServiceContext;
}

/** One service: its queue and dead-letter queue, its consumer, its table. */
export class ShopService extends Construct {
  readonly queue: WorkQueue;
  /** The consumer. */
  readonly function: IFunction;
  /** The consumer with its log group, unless you brought a function. */
  readonly handler?: HandlerFunction;
  /** Undefined when made with `table: false`. */
  readonly table?: ServiceTable;

  constructor(scope: Construct, id: string, props: ShopServiceProps) {
    super(scope, id);
    const { context } = props;
    const timeout = props.timeout ?? Duration.seconds(30);
    this.queue = new WorkQueue(this, 'Work', { ...context, consumerTimeout: timeout });
    if (props.table !== false) {
      this.table = new ServiceTable(this, 'Table', {
        ...context,
        accessPatterns: props.accessPatterns ?? [
          'whether an event was handled, by event id',
          'one record of the service, by order id',
        ],
      });
    }
    if (props.function === undefined) this.handler = this.createHandler(props, timeout);
    this.function = props.function ?? this.handler?.function ?? refuseBoth(this);
    if (props.function !== undefined && props.code !== undefined) refuseBoth(this);
    if (this.table !== undefined) {
      this.table.grant(this.function, ['dynamodb:PutItem']);
      if (props.publishesFacts !== false) context.outbox.grantPublish(this.function);
    }
    if (props.readsLines !== false) context.claims.grantRead(this.function);
    new QueueConsumer(this, 'Consumer', {
      queue: this.queue,
      consumer: this.function,
      timeout: props.function === undefined ? timeout : undefined,
      maxConcurrency: props.maxConcurrency,
    });
    handles(this.function, 'sqs-idempotent-consumer', 'lambda-no-warm-capacity-for-background');
  }

  private createHandler(props: ShopServiceProps, timeout: Duration): HandlerFunction {
    const { context } = props;
    return new HandlerFunction(this, 'Handler', {
      ...context,
      code: props.code ?? refuseBoth(this),
      serviceName: props.serviceName,
      timeout,
      environment: {
        ...(props.readsLines !== false && { [Environment.claimsBucket]: context.claims.bucket.bucketName }),
        ...(this.table !== undefined && { [Environment.serviceTable]: this.table.table.tableName }),
        ...(this.table !== undefined &&
          props.publishesFacts !== false && { [Environment.outboxTable]: context.outbox.table.table.tableName }),
      },
    });
  }
}

function refuseBoth(scope: Construct): never {
  return refuse(scope, {
    prop: 'entry',
    value: 'both or neither of entry and function',
    allowed: 'exactly one of entry and function',
    fix: "pass entry: 'path/to/handler.ts', or function: yourFunction",
  });
}
