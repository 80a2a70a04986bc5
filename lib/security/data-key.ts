import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';
import { letUseKey } from './key-policy';

/** Props of {@link DataKey}. */
export interface DataKeyProps {
  readonly stage: StageSettings;
  /** What the key protects, for the person who finds it in the console. */
  readonly description: string;
  /** Your own key, used in place of a new one. @default - a new key, rotated yearly */
  readonly existing?: IKey;
}

/** AWS services that use the key on their own behalf to deliver into encrypted queues and topics. */
const DELIVERING_SERVICES = ['sns.amazonaws.com', 'events.amazonaws.com', 'cloudwatch.amazonaws.com'];

/**
 * The customer-managed key of one pattern: queues, topics, tables, buckets and logs share it, at $1 a month
 * (kms-one-key-per-data-domain). Its policy lets in the services that must use it, for this account only; without
 * that an encrypted queue silently refuses SNS and EventBridge (kms-fanout-key-policy).
 */
export class DataKey extends Construct {
  readonly key: IKey;

  constructor(scope: Construct, id: string, props: DataKeyProps) {
    super(scope, id);
    this.key = props.existing ?? this.createKey(props);
    this.letServicesIn();
  }

  private createKey(props: DataKeyProps): Key {
    const key = new Key(this, 'Resource', {
      description: props.description,
      enableKeyRotation: true,
      rotationPeriod: Duration.days(365),
      removalPolicy: props.stage.removalPolicy,
      // The shortest wait that KMS allows: a destroyed dev stack's key stops being visible after a week.
      pendingWindow: Duration.days(props.stage.strict ? 30 : 7),
    });
    handles(key, 'kms-rotation', 'kms-fanout-key-policy', 'kms-one-key-per-data-domain', 'encrypt-everything-at-rest');
    return key;
  }

  private letServicesIn(): void {
    const statements = [this.delivery(), ...this.archives(), this.logs()];
    letUseKey(this, this.key, statements, 'deliveries into encrypted queues and topics fail silently');
  }

  private delivery(): PolicyStatement {
    return new PolicyStatement({
      sid: 'DeliverIntoEncryptedQueuesAndTopics',
      principals: DELIVERING_SERVICES.map((service) => new ServicePrincipal(service)),
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    });
  }

  /**
   * An archive encrypts anew, in the context of its bus, and looks at the key before there is a context (EventBridge: key policy for
   * archives). Looking reveals nothing but the key's settings.
   */
  private archives(): readonly PolicyStatement[] {
    const buses = Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: '*' });
    const principals = [new ServicePrincipal('events.amazonaws.com')];
    return [
      new PolicyStatement({
        sid: 'EncryptEventsAndArchives',
        principals,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncrypt*'],
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:events:event-bus:arn': buses } },
      }),
      new PolicyStatement({
        sid: 'LookAtKeyForArchives',
        principals,
        actions: ['kms:DescribeKey'],
        resources: ['*'],
      }),
    ];
  }

  private logs(): PolicyStatement {
    const groups = Stack.of(this).formatArn({ service: 'logs', resource: '*' });
    return new PolicyStatement({
      sid: 'EncryptLogGroups',
      principals: [new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`)],
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups } },
    });
  }
}
