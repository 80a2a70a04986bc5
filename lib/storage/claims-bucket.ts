import type { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';
import { PrivateBucket } from './private-bucket';

/** Props of {@link ClaimsBucket}. */
export interface ClaimsBucketProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** How long an object lives, in whole days: for items that expire, and longer than they do. @default - as long as no one deletes it */
  readonly expiresAfter?: Duration;
}

/**
 * Holds payloads that are too large for a message or an item (claim check). The objects are data, not copies: they live
 * as long as the items that point at them, so nothing but superseded versions and broken uploads expires unless you say so.
 */
export class ClaimsBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { expiresAfter, ...props }: ClaimsBucketProps) {
    super(scope, id, {
      ...props,
      ...(expiresAfter !== undefined && { lifecycleRules: [{ id: 'expired-claims', expiration: expiresAfter }] }),
      objectsReason:
        "Claims are one object for each order; the bucket holds nothing else, so its objects are the handler's exact resource.",
    });
    handles(this.bucket, 'sqs-message-size-pointer', 'ddb-item-400kb-s3-pointer');
  }
}
