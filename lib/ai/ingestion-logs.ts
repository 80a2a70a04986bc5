import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource, LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { accountUniqueName } from '../naming/account-unique-name';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';

/** Props of {@link IngestionLogs}. */
export interface IngestionLogsProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly knowledgeBaseArn: string;
  /** What replaces the knowledge base, and so what is known of it by name. */
  readonly identity: readonly unknown[];
}

/**
 * What a knowledge base says of each document: ingested, skipped or failed, and why (AWS: Bedrock, monitor knowledge bases using
 * CloudWatch Logs). It says so nowhere else once a job is over.
 */
export class IngestionLogs extends Construct {
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, { stage, encryptionKey, knowledgeBaseArn, identity }: IngestionLogsProps) {
    super(scope, id);
    const name = accountUniqueName(this, 'knowledge', identity);
    this.logGroup = new LogGroup(this, 'LogGroup', {
      // With this prefix CloudWatch Logs lets AWS's services in by one rule, which does not run out of room (AWS: CloudWatch Logs,
      // enable logging from AWS services, log group resource policy size limit).
      logGroupName: `/aws/vendedlogs/bedrock/${name}`,
      retention: stage.logRetention,
      encryptionKey,
      removalPolicy: stage.removalPolicy,
    });
    handles(this.logGroup, 'cw-log-retention', 'logs-everywhere', 'encrypt-everything-at-rest');
    const source = new CfnDeliverySource(this, 'Source', {
      name,
      resourceArn: knowledgeBaseArn,
      logType: 'APPLICATION_LOGS',
    });
    const destination = new CfnDeliveryDestination(this, 'Destination', {
      name,
      destinationResourceArn: this.logGroup.logGroupArn,
    });
    const delivery = new CfnDelivery(this, 'Delivery', {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.attrArn,
    });
    // It knows the source by name alone.
    delivery.node.addDependency(source);
    handles(delivery, 'logs-everywhere');
  }
}
