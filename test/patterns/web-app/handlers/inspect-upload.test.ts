import { S3Client } from '@aws-sdk/client-s3';
import type { Context, SQSEvent } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { logger, metrics } from '../../../../lib/runtime/observability';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const KEY = 'uploads/ada/1';

describe('the function that looks at files that came', () => {
  let stores: typeof import('../../../../patterns/web-app/runtime/stores.js');
  beforeAll(async () => {
    const variables = {
      DATABASE_WRITER: '127.0.0.1:1',
      DATABASE_READER: '127.0.0.1:1',
      DATABASE_TRUST: 'none',
      DATABASE_CONNECT_SECONDS: '5',
      UPLOADS_BUCKET: 'files',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
    };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    stores = await import('../../../../patterns/web-app/runtime/stores.js');
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(async () => {
    await stores.database().close();
    vi.unstubAllEnvs();
  });

  /** What came of an event when the database answers so and S3 has the file: measured, logged, asked of S3. */
  async function handled(event: object | string, rows: readonly (readonly object[])[], file: object | Error = {}) {
    const [measured, warned, asked]: [unknown[], unknown[], string[]] = [[], [], []];
    const left = [...rows];
    vi.spyOn(stores.database(), 'query').mockImplementation(async () => {
      return { rows: [...(left.shift() ?? [])] as never[], repeated: false };
    });
    vi.spyOn(S3Client.prototype, 'send').mockImplementation(async (command: object) => {
      asked.push(command.constructor.name);
      if (command.constructor.name === 'GetObjectCommand' && file instanceof Error) throw file;
      return { Body: { transformToByteArray: async () => PNG }, ContentType: 'image/png', ...file };
    });
    vi.spyOn(metrics, 'addMetric').mockImplementation((...metric) => {
      measured.push(metric);
      return metrics;
    });
    vi.spyOn(logger, 'warn').mockImplementation((...line) => {
      warned.push(line);
    });
    vi.spyOn(logger, 'error').mockReturnValue(undefined);
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    const records = { Records: [{ messageId: 'm-1', eventSource: 'aws:sqs', body }] } as unknown as SQSEvent;
    // Loaded by each test, so that a handler that cannot be loaded fails them all by name.
    const { handler } = await import('../../../../patterns/web-app/handlers/inspect-upload.js');
    const { batchItemFailures } = await handler(records, {} as Context);
    return { measured, warned, asked, failures: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
  }

  const created = ({ type = 'Object Created', bucket = 'files', key = KEY } = {}) => ({
    'detail-type': type,
    detail: { bucket: { name: bucket }, object: { key } },
  });
  const expected = { content_type: 'image/png', size: String(PNG.length), status: 'pending' };
  const settled = { owner: 'ada', item_id: 'i' };

  it('counts one that is what it says', async () => {
    const { measured, warned, asked, failures } = await handled(created(), [[expected], [settled]]);
    expect(measured).toEqual([['UploadsReady', 'Count', 1]]);
    expect([warned, asked, failures]).toEqual([[], ['GetObjectCommand'], []]);
  });

  it('counts one that lies, and logs its attachment and nothing else of its key', async () => {
    const { measured, warned, asked } = await handled(created(), [[{ ...expected, size: '1' }], [settled]]);
    expect(measured).toEqual([['UploadsQuarantined', 'Count', 1]]);
    expect(warned).toEqual([['The content of a file does not match its declared type or size', { attachment: '1' }]]);
    expect(asked).toEqual(['GetObjectCommand', 'CopyObjectCommand', 'DeleteObjectCommand']);
  });

  it('counts one that went again, and one that nobody misses', async () => {
    const gone = Object.assign(new Error('NoSuchKey'), { name: 'NoSuchKey' });
    expect((await handled(created(), [[expected]], gone)).measured).toEqual([['UploadsGone', 'Count', 1]]);
    vi.restoreAllMocks();
    const { measured, warned, asked } = await handled(created(), [[]]);
    expect(measured).toEqual([['UploadsDeleted', 'Count', 1]]);
    expect([warned, asked]).toEqual([[], ['DeleteObjectCommand']]);
  });

  it.each([
    ['of another kind', created({ type: 'Object Deleted' })],
    ['of another bucket', created({ bucket: 'others' })],
    ['of another folder', created({ key: 'quarantine/ada/1' })],
    ['of a folder that ends so', created({ key: 'other/uploads/' })],
    ['without an object', { 'detail-type': 'Object Created', detail: { bucket: { name: 'files' } } }],
    ['that is no JSON', 'nothing'],
  ])('sends back an event %s, and touches nothing', async (_, event) => {
    const { measured, asked, failures } = await handled(event, [[expected], [settled]]);
    expect([measured, asked, failures]).toEqual([[], [], ['m-1']]);
  });
});
