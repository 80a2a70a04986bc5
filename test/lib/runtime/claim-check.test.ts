import { createHash, randomUUID } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClaimCheck } from '../../../lib/runtime/contract';
import { timeoutsOf } from './client-timeouts-fixture';

/** What the bucket holds, by key. */
let objects: Map<string, Uint8Array>;
let calls: object[];
let clients: Set<S3Client>;
let claims: typeof import('../../../lib/runtime/claim-check');

/** S3 in memory, behind the client of the SDK. */
async function answerOf(command: object): Promise<object> {
  calls.push(command);
  if (command instanceof PutObjectCommand) {
    objects.set(String(command.input.Key), command.input.Body as Uint8Array);
  } else if (command instanceof DeleteObjectCommand) {
    objects.delete(String(command.input.Key));
  } else if (command instanceof GetObjectCommand) {
    const bytes = objects.get(String(command.input.Key));
    return bytes === undefined ? {} : { Body: { transformToByteArray: async () => bytes } };
  }
  return {};
}

beforeEach(async () => {
  [objects, calls, clients] = [new Map(), [], new Set()];
  // A module that has no client yet.
  claims = await vi.importActual(`../../../lib/runtime/claim-check?${randomUUID()}`);
  vi.stubEnv('CLAIMS_BUCKET', 'claims');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.spyOn(S3Client.prototype, 'send').mockImplementation(function (this: S3Client, command: object) {
    clients.add(this);
    return answerOf(command);
  } as never);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const TEXT = '[{"sku":"Grüße"}]';
const SHA256 = createHash('sha256').update(TEXT).digest('hex');
const claimOf = (text: string): ClaimCheck => ({
  key: 'orders/1/x.json',
  bytes: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
});

describe('a claim', () => {
  it('points at what was stored, by the hash of its bytes', async () => {
    const claim = await claims.putClaim('orders/1', TEXT);
    expect(claim).toEqual({ key: `orders/1/${SHA256}.json`, bytes: 19, sha256: SHA256 });
    expect(calls).toMatchObject([
      { input: { Bucket: 'claims', Key: claim.key, Body: Buffer.from(TEXT), ContentType: 'application/json' } },
    ]);
    expect(await claims.resolveClaim(claim)).toBe(TEXT);
    expect(calls[1]).toMatchObject({ input: { Bucket: 'claims', Key: claim.key } });
  });

  it('is one object however often the same is stored', async () => {
    await claims.putClaim('orders/1', TEXT);
    await claims.putClaim('orders/1', TEXT);
    expect(objects.size).toBe(1);
  });

  it('is refused when the object has other bytes, as many as before', async () => {
    const claim = claimOf('[1]');
    objects.set(claim.key, Buffer.from('[2]'));
    await expect(claims.resolveClaim(claim)).rejects.toThrow(`Claim ${claim.key} does not match its pointer`);
  });

  it.each([-1, 1])('is refused when the pointer says %i bytes more', async (more) => {
    const claim = claimOf('[1]');
    objects.set(claim.key, Buffer.from('[1]'));
    expect(await claims.resolveClaim(claim)).toBe('[1]');
    await expect(claims.resolveClaim({ ...claim, bytes: claim.bytes + more })).rejects.toThrow('does not match');
  });

  it('is refused when the object has no content, unless nothing is what it should have', async () => {
    await expect(claims.resolveClaim(claimOf('[1]'))).rejects.toThrow('does not match');
    expect(await claims.resolveClaim(claimOf(''))).toBe('');
  });

  it('is dropped with its object', async () => {
    const claim = await claims.putClaim('orders/1', TEXT);
    await claims.dropClaim(claim);
    expect(calls[1]).toMatchObject({ input: { Bucket: 'claims', Key: claim.key } });
    expect(objects.size).toBe(0);
  });

  it('is kept by one client, whose tries end after 3 seconds each', async () => {
    await claims.putClaim('orders/1', TEXT);
    await claims.putClaim('orders/2', TEXT);
    const timeouts = await Promise.all([...clients].map(timeoutsOf));
    expect(timeouts).toEqual([{ connectionTimeout: 1000, requestTimeout: 3000, socketTimeout: 3000 }]);
  });
});
