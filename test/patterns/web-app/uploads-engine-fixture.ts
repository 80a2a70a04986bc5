import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { Duration, Stack } from 'aws-cdk-lib';
import { DataKey, HandlerCode, HandlerFunction, stages, UploadEvents, UploadsBucket } from '../../../lib';
import type { Endpoint } from '../../../lib/runtime/endpoint';
import { readStack } from '../../../local/assembly/cloud-assembly';
import { WallClock } from '../../../local/clock/wall-clock';
import { LocalEngine, type LocalEngineOptions } from '../../../local/engine/local-engine';
import { WebAppEnvironment } from '../../../patterns/web-app/contract';
import { testApp } from '../../synthesize';

/** Origin of the site whose pages upload. */
const SITE = 'https://app.example.com';

const INSPECT = join(__dirname, '../../../patterns/web-app/handlers/inspect-upload.ts');

/** The way of a file, run from its template: a bucket, its events, and the function that looks at what came. */
export interface UploadsEngine {
  readonly engine: LocalEngine;
  readonly bucket: string;
  /** Signs as a function of the stack does, on the engine's clock. */
  readonly client: S3Client;
  stop(): Promise<void>;
}

/** Synthesizes the blocks and starts them in front of a database. */
export async function startUploads(database: Endpoint, options: LocalEngineOptions = {}): Promise<UploadsEngine> {
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-uploads-'));
  const app = testApp({ outdir });
  const stack = new Stack(app, 'Uploads');
  const stage = stages.dev;
  const encryptionKey = new DataKey(stack, 'Key', { stage, description: 'Files' }).key;
  const uploads = new UploadsBucket(stack, 'Bucket', { stage, encryptionKey, allowedOrigins: [SITE] });
  const at = `${database.host}:${database.port}`;
  const timeout = Duration.seconds(30);
  const consumer = new HandlerFunction(stack, 'Inspect', {
    stage,
    encryptionKey,
    code: HandlerCode.entry(INSPECT),
    serviceName: 'inspect-upload',
    timeout,
    environment: {
      [WebAppEnvironment.uploadsBucket]: uploads.bucket.bucketName,
      [WebAppEnvironment.databaseWriter]: at,
      [WebAppEnvironment.databaseReader]: at,
      [WebAppEnvironment.databaseTrust]: 'none',
      [WebAppEnvironment.databaseConnectSeconds]: '5',
    },
  });
  uploads.grantInspect(consumer.function);
  new UploadEvents(stack, 'Events', { stage, encryptionKey, bucket: uploads.bucket, consumer, timeout });
  app.synth();
  const clock = new WallClock();
  const engine = await LocalEngine.start(readStack(outdir, 'Uploads'), { handlers: 'threads', clock, ...options });
  const client = new S3Client({
    endpoint: engine.endpoint,
    region: engine.deployment.region,
    credentials: { accessKeyId: 'Api', secretAccessKey: 'local' },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    get systemClockOffset() {
      return clock.ahead;
    },
  });
  return {
    engine,
    bucket: engine.find('AWS::S3::Bucket', 'Bucket').name,
    client,
    stop: async () => {
      client.destroy();
      await engine.stop();
      rmSync(outdir, { recursive: true, force: true });
    },
  };
}
