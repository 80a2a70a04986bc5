/** A rule of a bucket's CORS configuration, as CloudFormation has it (AWS::S3::Bucket CorsRule). */
export interface CorsRule {
  readonly AllowedOrigins: readonly string[];
  readonly AllowedMethods: readonly string[];
  readonly AllowedHeaders?: readonly string[];
  readonly ExposedHeaders?: readonly string[];
  readonly MaxAge?: number;
}

/** What a bucket is made with. */
export interface BucketSettings {
  /** Where it is. @default - wherever it is asked for */
  readonly region?: string;
  /** Who may call from a browser. @default - no one */
  readonly cors?: readonly CorsRule[];
  /** Whether it tells EventBridge of its objects. @default false */
  readonly tells?: boolean;
}

/** An object that came or went (docs.aws.amazon.com/AmazonS3: EventBridge event message structure). */
export type ObjectChange =
  | {
      readonly type: 'Object Created';
      readonly bucket: string;
      readonly key: string;
      readonly size: number;
      readonly etag: string;
      readonly reason: 'PutObject' | 'POST Object' | 'CopyObject' | 'CompleteMultipartUpload';
    }
  | {
      readonly type: 'Object Deleted';
      readonly bucket: string;
      readonly key: string;
      readonly reason: 'DeleteObject';
    };

/** The `detail` of the event of a change. */
export function objectDetail(change: ObjectChange, requestId: string): unknown {
  const { bucket, key, reason } = change;
  const created = change.type === 'Object Created';
  return {
    version: '0',
    bucket: { name: bucket },
    object: created ? { key, size: change.size, etag: change.etag.replaceAll('"', '') } : { key },
    'request-id': requestId,
    reason,
  };
}

/** What a template says of a bucket. */
export function bucketSettings(properties: Readonly<Record<string, unknown>>): BucketSettings {
  const { CorsRules } = (properties['CorsConfiguration'] ?? {}) as { CorsRules?: CorsRule[] };
  const { EventBridgeConfiguration } = (properties['NotificationConfiguration'] ?? {}) as {
    EventBridgeConfiguration?: { EventBridgeEnabled?: boolean };
  };
  // Present, it is on unless it says otherwise (CloudFormation: EventBridgeConfiguration, default true).
  const tells = EventBridgeConfiguration !== undefined && EventBridgeConfiguration.EventBridgeEnabled !== false;
  return { cors: CorsRules, tells };
}
