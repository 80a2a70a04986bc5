import { Duration, Size, Token } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { LARGEST_SINGLE_REQUEST_BYTES, PRESIGNED_SECONDS, UPLOAD_FOLDERS } from '../runtime/upload-limits';
import { combinedGrant } from '../security/combined-grant';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';
import { refuse, warn } from '../validation/refuse';
import { PrivateBucket } from './private-bucket';

/** What lies about its type waits so long for someone who wants to know. */
const QUARANTINE_RETENTION = Duration.days(30);
/** How long a browser remembers that it may ask. Browsers keep it for two hours at most. */
const PREFLIGHT_SECONDS = 3600;

/** Props of {@link UploadsBucket}. */
export interface UploadsBucketProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** Origins of the pages that upload, such as `https://app.example.com`; never `*`. Other pages are not let in. */
  readonly allowedOrigins: readonly string[];
  /** How long a presigned request lives. 5 to 15 minutes, whole seconds (guide 98). @default Duration.minutes(10) */
  readonly urlLifetime?: Duration;
  /** Of `stackUniqueName`, for a site that must know it before the bucket is there. @default - CloudFormation names it */
  readonly bucketName?: string;
  /** The largest file. 1 byte to 5 GiB, which S3 copies in one request. @default Size.gibibytes(1) */
  readonly maxSize?: Size;
  /** The folder, such as `documents/`, that a file goes to once it was looked at. @default - it stays where it came in */
  readonly keptIn?: string;
  /** Your own bucket, which must send events to EventBridge and allow the origins (CORS). @default - a new bucket */
  readonly existing?: IBucket;
}

/**
 * A bucket that people upload into by presigned requests, and that tells EventBridge of what comes: files come into `uploads/`, and
 * into `quarantine/`, for 30 days, those that are not what they say. Only pages of the origins that are named may use it from a
 * browser, and a signature older than 15 minutes opens nothing, whatever it says itself.
 */
export class UploadsBucket extends PrivateBucket {
  /** Seconds that a presigned request lives. */
  readonly urlSeconds: number;
  /** Bytes of the largest file. */
  readonly maxBytes: number;
  private readonly keptIn?: string;

  /** @throws RefusedValueError for a lifetime, size or origin out of range. */
  constructor(scope: Construct, id: string, props: UploadsBucketProps) {
    super(scope, id, {
      stage: props.stage,
      encryptionKey: props.encryptionKey,
      bucketName: props.bucketName,
      existing: props.existing,
      lifecycleRules: [{ id: 'quarantine', prefix: UPLOAD_FOLDERS.quarantine, expiration: QUARANTINE_RETENTION }],
      objectsReason:
        'Keys are made for each file of each user when it comes, so a folder of the bucket is the exact resource.',
    });
    this.urlSeconds = this.checkedLifetime(props.urlLifetime ?? Duration.minutes(10));
    this.maxBytes = this.checkedSize(props.maxSize ?? Size.gibibytes(1));
    this.checkOrigins(props.allowedOrigins);
    this.keptIn = props.keptIn;
    if (props.existing !== undefined) {
      warn(
        this,
        's3-event-driven-ingest',
        'Your own bucket must send its events to EventBridge, allow POST and GET from the origins of the pages that upload, ' +
          'and have versioning; none of this is configured for you.',
      );
      return;
    }
    const resource = this.bucket.node.defaultChild;
    if (resource instanceof CfnBucket) {
      // On the L1: the L2's switch adds a custom resource with a function of its own to do the same.
      resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
      resource.corsConfiguration = {
        corsRules: [
          {
            allowedOrigins: [...props.allowedOrigins],
            allowedMethods: ['POST', 'PUT', 'GET'],
            // A page that sends a part may name its type; nothing else about a request is the page's to say.
            allowedHeaders: ['content-type'],
            exposedHeaders: ['ETag'],
            maxAge: PREFLIGHT_SECONDS,
          },
        ],
      };
    }
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'DenyOldSignatures',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:*'],
        resources: [this.bucket.arnForObjects('*')],
        conditions: { NumericGreaterThan: { 's3:signatureAge': String(PRESIGNED_SECONDS.most * 1000) } },
      }),
    );
    handles(this.bucket, 's3-presigned-uploads', 's3-presign-expiry-5-15-min', 's3-event-driven-ingest');
  }

  /** Lets a principal sign requests for the folder of uploads, complete those in parts, and delete files. */
  grantPresign(grantee: IGrantable): Grant {
    if (this.keptIn !== undefined) {
      const sending = ['s3:PutObject', 's3:DeleteObject'];
      return combinedGrant(
        this.grantObjects(grantee, sending, ['kms:GenerateDataKey'], UPLOAD_FOLDERS.uploads),
        this.grantObjects(grantee, ['s3:GetObject', 's3:DeleteObject'], ['kms:Decrypt'], this.keptIn),
      );
    }
    const actions = ['s3:PutObject', 's3:GetObject', 's3:DeleteObject', 's3:ListMultipartUploadParts'];
    // An upload in parts is decrypted to be completed (AWS: S3 multipart upload, permissions with KMS).
    return combinedGrant(
      this.grantObjects(grantee, actions, ['kms:GenerateDataKey', 'kms:Decrypt'], UPLOAD_FOLDERS.uploads),
      this.grantKnowing(grantee),
    );
  }

  /** Lets a principal look at uploads, delete them, and copy them into quarantine, and to where they are kept. */
  grantInspect(grantee: IGrantable): Grant {
    const keyActions = ['kms:GenerateDataKey', 'kms:Decrypt'];
    const all = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];
    return combinedGrant(
      this.grantObjects(grantee, ['s3:GetObject', 's3:DeleteObject'], keyActions, UPLOAD_FOLDERS.uploads),
      this.grantObjects(grantee, ['s3:PutObject'], keyActions, UPLOAD_FOLDERS.quarantine),
      this.keptIn === undefined ? undefined : this.grantObjects(grantee, all, keyActions, this.keptIn),
      this.grantKnowing(grantee),
    );
  }

  /** Lets a principal delete files where they are kept. */
  grantRemove(grantee: IGrantable): Grant {
    return this.grantObjects(grantee, ['s3:DeleteObject'], [], this.keptIn ?? UPLOAD_FOLDERS.uploads);
  }

  /** Without permission to list a bucket, S3 responds with 403 instead of 404 for a missing object (AWS: S3 API, HeadObject). */
  private grantKnowing(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.named.bucketArn] });
  }

  private checkedLifetime(lifetime: Duration): number {
    const { least, most } = PRESIGNED_SECONDS;
    const milliseconds = lifetime.toMilliseconds();
    if (milliseconds % 1000 !== 0 || milliseconds < least * 1000 || milliseconds > most * 1000) {
      refuse(this, {
        prop: 'urlLifetime',
        value: `${milliseconds / 1000} s`,
        allowed: `${least} s to ${most} s, whole seconds`,
        fix: 'keep the default of 10 minutes: a large file is uploaded in parts, and the client can request new URLs for them',
        catalogueId: 's3-presign-expiry-5-15-min',
      });
    }
    return milliseconds / 1000;
  }

  private checkedSize(size: Size): number {
    const bytes = size.toBytes();
    if (!Number.isSafeInteger(bytes) || bytes < 1 || bytes > LARGEST_SINGLE_REQUEST_BYTES) {
      refuse(this, {
        prop: 'maxSize',
        value: `${bytes} bytes`,
        allowed: `1 to ${LARGEST_SINGLE_REQUEST_BYTES} bytes (5 GiB)`,
        fix: 'split larger files: a rejected file is copied to quarantine in one request, which S3 limits to 5 GiB',
        catalogueId: 's3-multipart-over-100mb',
      });
    }
    return bytes;
  }

  private checkOrigins(origins: readonly string[]): void {
    const wrong = origins.filter((origin) => !Token.isUnresolved(origin) && !isOrigin(origin));
    if (wrong.length === 0 && origins.length > 0) return;
    refuse(this, {
      prop: 'allowedOrigins',
      value: wrong.length > 0 ? wrong : '[]',
      allowed: 'one or more origins such as https://app.example.com, or http://localhost:5173 in development; no *',
      fix: 'pass the origin of the site, without a path or a trailing slash',
      catalogueId: 's3-presigned-uploads',
    });
  }
}

function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.origin !== text || text.includes('*')) return false;
  return url.protocol === 'https:' || url.hostname === 'localhost' || url.hostname === '127.0.0.1';
}
