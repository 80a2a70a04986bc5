/**
 * What the constructs, the handlers, the container and the site agree on. All worlds import this file; it imports none.
 */

import { Environment } from '../../lib/runtime/contract';

/** Names of the environment variables that the constructs set and the application reads. Values are names, never secrets. */
export const WebAppEnvironment = {
  /** `host:port` of the writer: the proxy's endpoint, or the cluster's. */
  databaseWriter: 'DATABASE_WRITER',
  /** `host:port` of a reader, which may lag behind; the writer's where there is no other instance. */
  databaseReader: 'DATABASE_READER',
  /** Which authorities vouch for the database's certificate: see {@link DatabaseTrust}. */
  databaseTrust: 'DATABASE_TRUST',
  /** Seconds to wait for a connection: a cluster that paused takes about 15 to come back (corrections 14). */
  databaseConnectSeconds: 'DATABASE_CONNECT_SECONDS',
  /** `host:port` of the cache. Unset: there is none, and every read goes to the database. */
  cacheEndpoint: 'CACHE_ENDPOINT',
  /** Name of the serverless cache, which a token is made for. */
  cacheName: 'CACHE_NAME',
  /** Who connects to it: with IAM the user's name is its id, and that is made for each stack. */
  cacheUser: 'CACHE_USER',
  uploadsBucket: 'UPLOADS_BUCKET',
  /** Bytes of the largest file that may be uploaded. */
  uploadsMaxBytes: 'UPLOADS_MAX_BYTES',
  /** Seconds that a presigned request lives: 300 to 900 (s3-presign-expiry-5-15-min). */
  uploadUrlSeconds: 'UPLOAD_URL_SECONDS',
  /** SHA-256, in hex and separated by commas, of what the origin header may say. Lambda only. */
  originVerifiers: Environment.originVerifiers,
  /** Who issues tokens, and whom for. Fargate only: in front of Lambda, API Gateway checks them. */
  userPoolId: 'USER_POOL_ID',
  userPoolClientId: 'USER_POOL_CLIENT_ID',
} as const;

/**
 * `amazon`: authorities that Node.js trusts anyway (RDS Proxy); `rds`: RDS's own (clusters); `none`: no TLS, which is taken for
 * addresses of the loopback interface alone.
 */
export type DatabaseTrust = 'amazon' | 'rds' | 'none';

/** Name of the database, and of the role that the application connects as, by IAM. */
export const DATABASE_NAME = 'app';
export const DATABASE_USER = 'app';
/** What the keys of items begin with; the cache's user may touch no others. */
export const CACHE_KEY_PREFIX = 'item:';

/** Where the API begins; everything else is the site's. */
export const API_PREFIX = '/api';
/** The one route that takes no token. */
export const HEALTH_PATH = `${API_PREFIX}/health`;
/** Where the container listens. */
export const CONTAINER_PORT = 8080;
/** Connections that a container opens to the writer at most, and as many to the reader. A function opens one of each. */
export const CONTAINER_CONNECTIONS = 10;

/** Folders of the uploads bucket. */
export const UPLOADS_PREFIX = 'uploads/';
export const QUARANTINE_PREFIX = 'quarantine/';
/** A file above this goes up in parts (guide 94). */
export const MULTIPART_ABOVE_BYTES = 100 * 1024 * 1024;
/** What S3 takes in one request and copies in one, and so the most that a file may have (AWS: S3 multipart upload limits). */
export const LARGEST_UPLOAD_BYTES = 5 * 1024 ** 3;
/** What a request to the API may hold; files go to S3 by themselves. */
export const LARGEST_BODY_BYTES = 64 * 1024;

/** Types that may be uploaded, by media type. What a file says that it is must be what it is. */
export const UPLOAD_TYPES = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
  'application/zip',
  'video/mp4',
  'text/plain',
  'text/csv',
] as const;
export type UploadType = (typeof UPLOAD_TYPES)[number];

/** An item as the API shows it. */
export interface Item {
  readonly id: string;
  readonly title: string;
  readonly notes: string;
  /** Goes up with each change; `If-Match: "<version>"` changes only what the caller has seen. */
  readonly version: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly attachments: readonly Attachment[];
}

/** An item in a list. */
export type ItemSummary = Omit<Item, 'notes' | 'attachments'>;

export interface ItemPage {
  readonly items: readonly ItemSummary[];
  /** Pass it as `?cursor=` for the next page; absent on the last. */
  readonly cursor?: string;
}

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly contentType: UploadType;
  /** Bytes. */
  readonly size: number;
  /** `pending` until the file has come and been looked at; `quarantined`: it is not what it says. */
  readonly status: 'pending' | 'ready' | 'quarantined';
}

/** How to upload a file: one form, or parts that are put one by one and then completed. */
export type Upload =
  | {
      readonly kind: 'form';
      readonly url: string;
      /** Fields of a `multipart/form-data` POST, before the last field `file`. */
      readonly fields: Readonly<Record<string, string>>;
      readonly expiresAt: string;
    }
  | {
      readonly kind: 'parts';
      /** Bytes of each part but the last. */
      readonly partSize: number;
      /** PUT part `number` here; keep the answer's ETag. */
      readonly parts: readonly { readonly number: number; readonly url: string }[];
      /** Then POST `{ parts: [{ number, etag }] }` here. */
      readonly completePath: string;
      readonly expiresAt: string;
    };

/** Answer of `POST /api/items/{id}/attachments`. */
export interface NewAttachment {
  readonly attachment: Attachment;
  readonly upload: Upload;
}

/** Answer of `GET /api/items/{id}/attachments/{attachmentId}`. */
export interface AttachmentDownload {
  readonly attachment: Attachment;
  /** Absent unless the file is ready. */
  readonly download?: { readonly url: string; readonly expiresAt: string };
}

/** `/config.json` of the site: what only the deployment knows. */
export interface SiteConfig {
  /** `https://<domain>.auth.<region>.amazoncognito.com`, or a local stand-in. */
  readonly loginUrl: string;
  readonly clientId: string;
}
/** Where the login sends people back to, and where after they sign out; paths of the site. */
export const CALLBACK_PATH = '/signed-in';
export const SIGNED_OUT_PATH = '/';
/** What the site asks for in a token. */
export const LOGIN_SCOPES = ['openid', 'email'] as const;
