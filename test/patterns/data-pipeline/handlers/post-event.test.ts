// @project memory
// @node24

import { randomUUID } from 'node:crypto';
import { KinesisClient, type PutRecordCommandInput } from '@aws-sdk/client-kinesis';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logger } from '../../../../lib/runtime/observability';
import { timeoutsOf } from '../../../lib/runtime/client-timeouts-fixture';

const NOW = Date.UTC(2026, 10, 24, 10);
const event = {
  event_id: 'e1',
  event_type: 'page_view',
  occurred_at: new Date(NOW).toISOString(),
  session_id: 'session-1',
  page: '/',
};
let put: PutRecordCommandInput[];
let clients: Set<KinesisClient>;
let refusal: Error | undefined;
let handler: (request: object) => Promise<APIGatewayProxyStructuredResultV2>;

beforeEach(async () => {
  [put, clients, refusal] = [[], new Set(), undefined];
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  vi.stubEnv('EVENT_STREAM', 'events');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  vi.spyOn(KinesisClient.prototype, 'send').mockImplementation(async function (
    this: KinesisClient,
    { input }: { readonly input: PutRecordCommandInput },
  ) {
    clients.add(this);
    put.push(input);
    if (refusal !== undefined) throw refusal;
    return { SequenceNumber: '49', ShardId: 'shardId-1', EncryptionType: 'KMS', $metadata: {} };
  } as never);
  const path = `../../../../patterns/data-pipeline/handlers/post-event?${randomUUID()}`;
  ({ handler } = await vi.importActual<{ handler: typeof handler }>(path));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const post = async (body: unknown = event) => {
  const request = { body: JSON.stringify(body), isBase64Encoded: false, requestContext: { requestId: 'r1' } };
  const { statusCode, headers, body: answer = '' } = await handler(request);
  return { statusCode, headers, json: JSON.parse(answer) as object };
};
const refusedBy = (name: string, $fault?: string, httpStatusCode = 400) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode }, ...($fault !== undefined && { $fault }) });

describe('an event that is posted', () => {
  it('is put into the stream, and answered with its place', async () => {
    expect(await post()).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      json: { SequenceNumber: '49', ShardId: 'shardId-1', EncryptionType: 'KMS' },
    });
    expect(put).toEqual([
      { StreamName: 'events', Data: Buffer.from(JSON.stringify(event)), PartitionKey: 'session-1' },
    ]);
  });

  it('is not put when it is none', async () => {
    const answer = await post({ ...event, page: '' });
    expect(answer).toMatchObject({ statusCode: 400, json: { code: 'out_of_range', field: 'page', requestId: 'r1' } });
    expect(answer.headers).not.toHaveProperty('retry-after');
    expect(put).toEqual([]);
  });

  it.each([
    'ProvisionedThroughputExceededException',
    'ThrottlingException',
    'KMSThrottlingException',
    'LimitExceededException',
  ])('is to be sent again after %s', async (name) => {
    refusal = refusedBy(name, 'client');
    const { statusCode, headers, json } = await post();
    expect([statusCode, headers?.['retry-after'], headers?.['content-type']]).toEqual([
      429,
      '1',
      'application/problem+json',
    ]);
    expect(json).toMatchObject({ code: 'throttled' });
  });

  it.each([
    ['InternalFailure', 'server', 500, 503],
    ['RequestTimeout', 'client', 400, 503],
    ['AccessDeniedException', 'client', 400, 500],
    ['InvalidArgumentException', 'client', 400, 500],
  ])('is our failure, or one that passes, after %s', async (name, fault, status, expected) => {
    refusal = refusedBy(name, fault, status);
    expect((await post()).statusCode).toBe(expected);
  });

  it('is given up after four tries of 5 seconds', async () => {
    await post();
    const [client] = clients;
    if (client === undefined) throw new Error('no client');
    expect(await timeoutsOf(client)).toEqual({ connectionTimeout: 1000, requestTimeout: 5000, socketTimeout: 5000 });
    expect(await client.config.maxAttempts()).toBe(4);
    expect(client.config.requestHandler.metadata?.handlerProtocol).toBe('http/1.1');
  });
});
