// @node24

import { createHash } from 'node:crypto';
import type { Context, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { DocumentPage, NewDocument } from '../../../../patterns/genai-rag/contract';
import { RagEnvironment } from '../../../../patterns/genai-rag/contract';
import { postForm } from '../../../local/aws/s3/s3-fixture';
import { ACME, BUCKET, DocumentsFixture } from '../runtime/documents-fixture';

const fixture = new DocumentsFixture();
/** The lines of the log. */
const lines: string[] = [];

beforeAll(async () => {
  await fixture.start();
  const environment = {
    ...fixture.environment,
    POWERTOOLS_DEV: 'true',
    [RagEnvironment.originVerifiers]: createHash('sha256').update('secret').digest('hex'),
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line) => void lines.push(String(line)));
  }
});
afterAll(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await fixture.stop();
});

it('take a document from its announcement into the index', async () => {
  const { metrics } = await import('../../../../lib/runtime/observability.js');
  const added = vi.spyOn(metrics, 'addMetric');
  const { handler: api } = await import('../../../../patterns/genai-rag/handlers/documents.js');
  const { handler: inspect } = await import('../../../../patterns/genai-rag/handlers/inspect-document.js');
  const { handler: sync } = await import('../../../../patterns/genai-rag/handlers/sync-knowledge-base.js');
  const ask = async <T>(httpMethod: string, body?: unknown): Promise<T> => {
    const answer = await api({
      httpMethod,
      path: '/api/documents',
      resource: '/api/documents',
      headers: { 'X-Origin-Verify': 'secret', 'content-type': 'application/json', 'idempotency-key': 'one' },
      body: body === undefined ? null : JSON.stringify(body),
      requestContext: { requestId: 'r', authorizer: { claims: { sub: ACME.user, 'cognito:groups': 'tenant-acme' } } },
    });
    expect(answer.statusCode, answer.body).toBeLessThan(300);
    return JSON.parse(answer.body) as T;
  };
  const { upload } = await ask<NewDocument>('POST', { name: 'a.txt', contentType: 'text/plain', size: 5 });
  expect((await postForm(upload, 'hello')).status).toBe(204);

  const records = (bodies: readonly unknown[]): SQSEvent =>
    ({
      Records: bodies.map((body, index) => ({
        messageId: `m-${index}`,
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-west-1:111111111111:work',
        body: JSON.stringify(body),
      })),
    }) as unknown as SQSEvent;
  while (fixture.events.length > 0) {
    const bodies = fixture.events.splice(0).map(({ type, key, ...rest }) => ({
      'detail-type': type,
      detail: {
        bucket: { name: BUCKET },
        object: { key, ...('etag' in rest && { etag: rest.etag.replaceAll('"', '') }) },
      },
    }));
    expect(await inspect(records(bodies), {} as Context)).toEqual({ batchItemFailures: [] });
  }
  // Another bucket's event is nobody's of ours; it stays for who looks into the dead letters.
  const foreign = {
    'detail-type': 'Object Created',
    detail: { bucket: { name: 'other' }, object: { key: 'uploads/x' } },
  };
  expect(await inspect(records([foreign]), {} as Context)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-0' }] });

  const status = async () => (await ask<DocumentPage>('GET')).documents.map((document) => document.status);
  expect(await status()).toEqual(['pending']);
  const later = (minutes: number) => {
    vi.useFakeTimers({ now: Date.now() + minutes * 60_000, toFake: ['Date'] });
    fixture.now += minutes * 60_000;
  };
  for (let minute = 0; minute < 3; minute += 1) {
    later(1);
    await sync();
  }
  expect(await status()).toEqual(['indexed']);
  expect(added.mock.calls).toEqual([
    ['DocumentsAnnounced', 'Count', 1],
    ['DocumentsTakenIn', 'Count', 1],
    ['OldestChangeSeconds', 'Seconds', 60],
    ['DocumentsIndexed', 'Count', 1],
    ['OldestChangeSeconds', 'Seconds', 120],
  ]);

  // The client takes the clock that jumped for its own mistake, and tries again; how often depends on the date that it was last told.
  fixture.bedrock.refuse('StartIngestionJob', 'AccessDeniedException', 20);
  fixture.put('documents/t-acme/b.txt', 'b');
  await fixture.deliver();
  later(2);
  await expect(sync()).rejects.toThrow(/refused/);
  expect(lines.some((line) => line.includes('Synchronizing failed') && line.includes('AccessDeniedException'))).toBe(
    true,
  );
});
