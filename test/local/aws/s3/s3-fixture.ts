import { S3Client } from '@aws-sdk/client-s3';
import { LocalS3 } from '../../../../local/aws/s3';
import type { ObjectChange } from '../../../../local/aws/s3/bucket';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';
import type { RecordedCall } from '../../../../local/aws/wire';

export const SITE = 'https://site.example.com';
export const BUCKET = 'files';

/** A bucket that browsers may call, and a client whose presigned requests it knows. */
export class S3Fixture {
  /** Milliseconds that the store's clock goes ahead of the real one. */
  ahead = 0;
  readonly changes: ObjectChange[] = [];
  /** What was asked of the store, by the SDK and by browsers. */
  readonly calls: RecordedCall[] = [];
  readonly store = new LocalS3(() => Date.now() + this.ahead, { onChange: (change) => this.changes.push(change) });
  private aws?: LocalAws;
  private made?: S3Client;

  constructor() {
    this.store.createBucket(BUCKET, undefined, {
      tells: true,
      cors: [
        {
          AllowedOrigins: [SITE],
          AllowedMethods: ['POST', 'PUT', 'GET'],
          AllowedHeaders: ['content-type'],
          ExposedHeaders: ['ETag'],
          MaxAge: 600,
        },
      ],
    });
  }

  async start(): Promise<void> {
    this.aws = await startLocalAws({ s3: this.store }, { onCall: (call) => this.calls.push(call) });
    this.made = this.clientWith('local');
  }

  async stop(): Promise<void> {
    this.made?.destroy();
    await this.aws?.close();
  }

  get client(): S3Client {
    if (this.made === undefined) throw new Error('The fixture is not started');
    return this.made;
  }

  get endpoint(): string {
    return this.aws?.endpoint ?? '';
  }

  clientWith(secretAccessKey: string): S3Client {
    return new S3Client({
      endpoint: this.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'Function', secretAccessKey },
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      maxAttempts: 1,
    });
  }

  /** An object's content; undefined when there is none. */
  content(key: string): Buffer | undefined {
    if (!this.store.keys(BUCKET).includes(key)) return undefined;
    return this.store.call('GetObject', { Bucket: BUCKET, Key: key })['Body'] as Buffer;
  }
}

/** Posts a form as a browser does: the file last. */
export function postForm(
  { url, fields }: { readonly url: string; readonly fields: Readonly<Record<string, string>> },
  content: Uint8Array | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([typeof content === 'string' ? content : Uint8Array.from(content)]), 'photo.png');
  return fetch(url, { method: 'POST', body: form, headers });
}

/** S3's code and message of an error answer. */
export async function refusalOf(
  response: Response,
): Promise<readonly [status: number, code?: string, message?: string]> {
  const text = await response.text();
  const [, code] = /<Code>(.*?)<\/Code>/.exec(text) ?? [];
  const [, message] = /<Message>(.*?)<\/Message>/.exec(text) ?? [];
  return [response.status, code, message];
}
