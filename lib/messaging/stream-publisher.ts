import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { HandlerFunction } from '../compute/handler-function';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';
import { DeadLetterQueue } from './dead-letter-queue';
import { publishingKeyActions, STREAM_READ_ACTIONS, STREAM_RETRY_AGE, STREAM_RETRY_ATTEMPTS } from './stream-pipe';

/** Props of {@link StreamPublisher}. */
export interface StreamPublisherProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** The table whose stream is published. */
  readonly table: ITable;
  readonly topic: ITopic;
  readonly publisher: HandlerFunction;
  readonly filters: readonly Readonly<Record<string, unknown>>[];
}

/** Publishes a table's changes to a FIFO topic by a function, because Pipes cannot: same bounds, same dead-letter queue. */
export class StreamPublisher extends Construct {
  readonly deadLetterQueue: DeadLetterQueue;
  readonly mapping: EventSourceMapping;

  constructor(scope: Construct, id: string, props: StreamPublisherProps) {
    super(scope, id);
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue', props);
    const publisher = props.publisher.function;
    this.grant(publisher, ['sns:Publish'], props.topic.topicArn);
    this.grant(publisher, ['sqs:SendMessage'], this.deadLetterQueue.queueArn);
    for (const [key, actions] of publishingKeyActions(props.encryptionKey, props.topic)) {
      this.grant(publisher, actions, key);
    }
    this.grant(publisher, STREAM_READ_ACTIONS, props.table.tableStreamArn ?? '');
    this.mapping = new EventSourceMapping(this, 'Mapping', {
      target: publisher,
      eventSourceArn: props.table.tableStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 10,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      parallelizationFactor: 1,
      retryAttempts: STREAM_RETRY_ATTEMPTS,
      maxRecordAge: STREAM_RETRY_AGE,
      onFailure: { bind: () => ({ destination: this.deadLetterQueue.queueArn }) },
      filters: props.filters.map((filter) => FilterCriteria.filter({ ...filter })),
    });
    handles(this.mapping, 'ddb-streams-for-cdc');
  }

  private grant(grantee: IGrantable, actions: string[], ...resourceArns: string[]): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns });
  }
}
