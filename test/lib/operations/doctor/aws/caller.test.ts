import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { callerFor, createCaller } from '../../../../../lib/operations/doctor/aws/caller';
import { bodyOf } from '../../../../../local/aws/server';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** A caller of a server that answers so. */
async function calling(listener: RequestListener) {
  server = createServer(listener);
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
  return createCaller({ region: 'eu-west-1', endpoint, credentials });
}

/** The signature that AWS computes of a request (AWS: IAM user guide, create a signed request). */
async function signatureOf(request: IncomingMessage, signedPath: string): Promise<string> {
  const { method, headers } = request;
  const authorization = String(headers['authorization']);
  const [, scope = ''] = /Credential=[^/]+\/([^,]+)/.exec(authorization) ?? [];
  const [, names = ''] = /SignedHeaders=([^,]+)/.exec(authorization) ?? [];
  const hash = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
  const canonical = [
    method,
    signedPath,
    '',
    ...names.split(';').map((name) => `${name}:${String(headers[name])}`),
    '',
    names,
    hash(await bodyOf(request)),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(canonical)].join('\n');
  const hmac = (key: string | Buffer, part: string) => createHmac('sha256', key).update(part).digest();
  const key = scope.split('/').reduce<string | Buffer>(hmac, 'AWS4secret');
  return hmac(key, text).toString('hex');
}

describe('a call', () => {
  it.each([
    ['ssm:GetParameter', { Name: '/a' }, '/'],
    ['iam:GetRole', { RoleName: 'a b' }, '/'],
    ['lambda:GetAccountSettings', {}, '/2016-08-19/account-settings'],
    // What is escaped in a path is escaped once more where it is signed, but for S3.
    ['bedrock:GetFoundationModelAvailability', { modelId: 'a:0' }, '/foundation-model-availability/a%253A0'],
    ['s3:ListBucket', { Bucket: 'a' }, '/a/'],
  ] as const)('is signed as AWS computes it: %s', async (action, input, path) => {
    const seen: string[] = [];
    const { call } = await calling(async (request, response) => {
      const [, signature = ''] = /Signature=(\w+)/.exec(String(request.headers['authorization'])) ?? [];
      expect(request.headers['x-amz-security-token']).toBe('token');
      seen.push(signature, await signatureOf(request, path));
      response.end(action === 'iam:GetRole' ? '<GetRoleResponse/>' : '{}');
    }).then((caller) => ({ call: caller.call.bind(caller) }));
    await call(action, input, 'eu-west-1');
    expect(seen[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(seen[0]).toBe(seen[1]);
  });

  it('is made once, however often it is asked', async () => {
    let count = 0;
    const caller = await calling((_, response) => {
      count += 1;
      response.end('{}');
    });
    await Promise.all([
      caller.call('lambda:GetAccountSettings', {}, 'eu-west-1'),
      caller.call('lambda:GetAccountSettings', {}, 'eu-west-1'),
    ]);
    await caller.call('lambda:GetAccountSettings', {}, 'us-east-1');
    expect(count).toBe(2);
  });

  it.each([
    ['a server that fails', 500, 'InternalFailure', 3],
    ['too many calls', 400, 'ThrottlingException', 3],
    ['too many calls by status', 429, 'X', 3],
    ['no permission', 403, 'AccessDeniedException', 1],
    ['a mistake', 400, 'ValidationException', 1],
  ])('is tried again, three times at most, after %s', async (_, status, code, attempts) => {
    let count = 0;
    const caller = await calling((_request, response) => {
      count += 1;
      response.writeHead(status, { 'x-amzn-errortype': code }).end('{}');
    });
    await expect(caller.call('ssm:GetParameter', { Name: 'a' }, 'eu-west-1')).rejects.toMatchObject({
      name: code,
      status,
    });
    expect(count).toBe(attempts);
  });

  it('succeeds after a failure that passes', async () => {
    let count = 0;
    const caller = await calling((request, response) => {
      count += 1;
      if (count === 1) request.socket.destroy();
      else if (count === 2) response.writeHead(503).end();
      else response.end('{"Parameter":{"Value":"6"}}');
    });
    expect(await caller.call('ssm:GetParameter', { Name: 'a' }, 'eu-west-1')).toEqual({ Parameter: { Value: '6' } });
  });

  it('that cannot be sent ends in the error of the way', async () => {
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const caller = createCaller({ region: 'eu-west-1', endpoint: 'http://127.0.0.1:1', credentials });
    await expect(caller.call('ssm:GetParameter', { Name: 'a' }, 'eu-west-1')).rejects.toThrow();
    const elsewhere = createCaller({ region: 'us-iso-east-1', credentials });
    await expect(elsewhere.call('iam:GetRole', { RoleName: 'a' }, 'us-iso-east-1')).rejects.toThrow(
      'iam has an endpoint of its own in the partition of us-iso-east-1',
    );
  });

  it('is made in the region that is given', async () => {
    expect(await callerFor('eu-central-1').region()).toBe('eu-central-1');
  });
});
