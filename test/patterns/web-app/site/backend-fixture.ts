import { randomUUID } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import type { LoginClient } from '../../../../local/aws/login-grants';
import { LocalS3 } from '../../../../local/aws/s3';
import type { ObjectChange } from '../../../../local/aws/s3/bucket';
import { startLocalAws } from '../../../../local/aws/server';
import { LocalUserPool } from '../../../../local/aws/user-pool';
import type { OnCall } from '../../../../local/aws/wire';
import { tokenCheck } from '../../../../patterns/web-app/container/tokens';
import { UPLOADS_PREFIX } from '../../../../patterns/web-app/contract';
import { createApplication } from '../../../../patterns/web-app/runtime/application';
import { AttachmentsRepository } from '../../../../patterns/web-app/runtime/attachments-repository';
import { inspectUpload } from '../../../../patterns/web-app/runtime/inspect-upload';
import { InspectedObjects } from '../../../../patterns/web-app/runtime/inspected-objects';
import { PresignedUploads } from '../../../../patterns/web-app/runtime/presigned-uploads';
import { startPostgres } from '../../../fixtures/postgres';
import { startRedis } from '../../../fixtures/redis';
import { type SiteFixture, startSiteFixture } from './site-fixture';

const BUCKET = 'uploads';
const REGION = 'eu-west-1';
/** Bytes of the largest file: above what goes up in one piece. */
export const MAX_UPLOAD_BYTES = 200 * 1024 ** 2;

/** What a test may do behind the site's back. */
export interface Trouble {
  /** Milliseconds that the clock of S3 goes ahead. */
  ahead: number;
  /** Hears of each call of S3; throwing an `AwsError` refuses it. */
  onCall: OnCall;
  /** Changes what the API answers to a path. A browser's own interception would hold up large files. */
  onAnswer: (path: string, answer: Response) => Response | Promise<Response>;
}

export const NO_TROUBLE: Readonly<Trouble> = {
  ahead: 0,
  onCall: () => undefined,
  onAnswer: (_path, answer) => answer,
};

/** The site on the real application, a PostgreSQL, a Redis, and an S3 that checks signatures. */
export interface SiteBackend extends SiteFixture {
  readonly trouble: Trouble;
  readonly bucket: { keys(): string[]; content(key: string): Buffer };
}

/** @param client what the site's client of the user pool is like */
export async function startSiteBackend(client: Partial<LoginClient> = {}): Promise<SiteBackend> {
  const trouble: Trouble = { ...NO_TROUBLE };
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const [database, cache] = [postgres.connect(), redis.open()];
  let inspect: (change: ObjectChange) => void = () => undefined;
  const store = new LocalS3(() => Date.now() + trouble.ahead, { onChange: (change) => inspect(change) });
  const aws = await startLocalAws({ s3: store }, { onCall: (call) => trouble.onCall(call) });
  const s3 = new S3Client({
    endpoint: aws.endpoint,
    forcePathStyle: true,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: store.secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const attachments = new AttachmentsRepository(database, cache);
  const objects = new InspectedObjects(BUCKET, s3);
  const inspections = new Set<Promise<unknown>>();
  inspect = ({ type, key }) => {
    if (type !== 'Object Created' || !key.startsWith(UPLOADS_PREFIX)) return;
    const inspection = inspectUpload(key, { database, attachments, objects }).finally(() =>
      inspections.delete(inspection),
    );
    inspections.add(inspection);
  };
  const uploads = new PresignedUploads({ bucket: BUCKET, maxBytes: MAX_UPLOAD_BYTES, seconds: 600, client: s3 });
  const pool = new LocalUserPool(`https://cognito-idp.${REGION}.amazonaws.com/${REGION}_Site`, Date.now, randomUUID);
  const fixture = await startSiteFixture({ pool, bucketOrigin: aws.endpoint, client });
  const subjectOf = tokenCheck({ userPoolId: pool.id, clientId: fixture.clientId, endpoint: fixture.login.url });
  const application = createApplication({
    database,
    cache,
    uploads: async () => uploads,
    maxUploadBytes: MAX_UPLOAD_BYTES,
    ownerOf: ({ req }) => subjectOf(req.header('authorization')),
    requestIdOf: () => randomUUID(),
  });
  fixture.serveApi(async (request) =>
    trouble.onAnswer(new URL(request.url).pathname, await application.fetch(request)),
  );
  store.createBucket(BUCKET, REGION, {
    tells: true,
    cors: [
      {
        AllowedOrigins: [fixture.origin],
        AllowedMethods: ['POST', 'PUT', 'GET'],
        AllowedHeaders: ['content-type'],
        ExposedHeaders: ['ETag'],
      },
    ],
  });
  const content = (key: string) => store.call('GetObject', { Bucket: BUCKET, Key: key })['Body'] as Buffer;
  return {
    ...fixture,
    trouble,
    bucket: { keys: () => store.keys(BUCKET), content },
    close: async () => {
      await fixture.close();
      await Promise.all(inspections);
      s3.destroy();
      await Promise.all([aws.close(), redis.stop(), postgres.stop()]);
    },
  };
}
