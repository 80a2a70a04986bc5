import { Duration } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { HandlerCode } from '../compute/handler-code';
import { HandlerFunction } from '../compute/handler-function';
import { ServiceTable } from '../database/service-table';
import type { StageSettings } from '../stage/stage';
import { NEW_ITEMS } from './new-items';
import { StreamPipe } from './stream-pipe';

/** Props of {@link Outbox}. */
export interface OutboxProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly bus: IEventBus;
  /** EventBridge `source` of the facts. */
  readonly source: string;
  /** The function that turns stream records into events with real numbers, which content filters compare. */
  readonly enrichment: HandlerCode;
}

/**
 * Where services leave the facts they publish: a table written in the same transaction as the effect, whose stream a
 * pipe publishes to the bus. A fact exists exactly when its effect does, and cannot be lost between the two.
 */
export class Outbox extends Construct {
  readonly table: ServiceTable;
  readonly pipe: StreamPipe;
  readonly enrichment: HandlerFunction;

  constructor(scope: Construct, id: string, props: OutboxProps) {
    super(scope, id);
    this.table = new ServiceTable(this, 'Facts', {
      ...props,
      accessPatterns: ['put a fact by its id', 'read new facts in order from the stream'],
      stream: true,
    });
    this.enrichment = new HandlerFunction(this, 'Enrichment', {
      ...props,
      code: props.enrichment,
      serviceName: 'outbox',
      timeout: Duration.seconds(10),
    });
    this.pipe = new StreamPipe(this, 'Pipe', {
      ...props,
      table: this.table.table,
      filters: NEW_ITEMS,
      enrichment: this.enrichment.function,
      target: { bus: props.bus, source: props.source, detailTypePath: '$.type' },
      inputTemplate: '<$.detail>',
    });
  }

  /** Lets a service add facts, and nothing else. */
  grantPublish(grantee: IGrantable): Grant {
    return this.table.grant(grantee, ['dynamodb:PutItem']);
  }
}
