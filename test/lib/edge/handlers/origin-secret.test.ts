import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { bodyOf } from '../../../../local/aws/server';

interface Answer {
  readonly Status: string;
  readonly PhysicalResourceId: string;
  readonly NoEcho?: boolean;
  readonly Data?: { readonly Value1: string; readonly Verifiers1: string };
}

let told: Answer[] = [];
const logged: unknown[] = [];
let server: Server;
let ResponseURL: string;

beforeAll(async () => {
  for (const method of ['log', 'info', 'debug', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...said: unknown[]) => void logged.push(said));
  }
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => logged.push(String(chunk)) > 0);
  }
  server = createServer(async (request, response) => {
    told.push(JSON.parse((await bodyOf(request)).toString()) as Answer);
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  ResponseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?signed`;
});
beforeEach(() => {
  told = [];
});
afterAll(() => {
  server.close();
  vi.restoreAllMocks();
});

async function ask(RequestType: 'Create' | 'Update' | 'Delete', more: object = {}): Promise<Answer> {
  // Loaded by each test, so that a handler that cannot be loaded fails them all by name.
  const { handler } = await import('../../../../lib/edge/handlers/origin-secret.js');
  await handler({
    RequestType,
    ResponseURL,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'OriginSecret',
    ResourceType: 'Custom::OriginSecret',
    ServiceToken: 'token',
    ResourceProperties: { ServiceToken: 'token', generation: '1' },
    ...more,
  } as unknown as CloudFormationCustomResourceEvent);
  const answer = told.at(-1);
  if (answer === undefined) throw new Error('CloudFormation was not told');
  return answer;
}

const update = (PhysicalResourceId: string) =>
  ask('Update', { PhysicalResourceId, OldResourceProperties: { generation: '1' } });
const hashOf = ({ Data }: Answer) =>
  createHash('sha256')
    .update(Data?.Value1 ?? '')
    .digest('hex');

describe('the secret between CloudFront and the API', () => {
  it('is 256 random bits, of which the API gets a hash', async () => {
    const [one, two] = [await ask('Create'), await ask('Create')];
    for (const answer of [one, two]) {
      expect(answer).toMatchObject({ Status: 'SUCCESS', NoEcho: true });
      expect(answer.Data?.Value1).toMatch(/^[0-9a-f]{64}$/);
      expect(answer.Data?.Verifiers1).toBe(hashOf(answer));
      expect(answer.PhysicalResourceId).toBe(answer.Data?.Verifiers1);
    }
    expect(one.Data?.Value1).not.toBe(two.Data?.Value1);
  });

  it('lets in the value before while CloudFront still sends it', async () => {
    const first = await ask('Create');
    const second = await update(first.PhysicalResourceId);
    expect(second.Data?.Value1).not.toBe(first.Data?.Value1);
    expect(second.Data?.Verifiers1.split(',')).toEqual([hashOf(second), hashOf(first)]);
  });

  it('takes nothing for a hash that is longer than one', async () => {
    const { PhysicalResourceId: hash } = await ask('Create');
    const next = await update([`${hash}0`, hash, `0${hash}`].join(','));
    expect(next.Data?.Verifiers1.split(',')).toEqual([hashOf(next), hash]);
  });

  it('lets in the value that edges have when a deployment with another is rolled back, and forgets what is older', async () => {
    const first = await ask('Create');
    const second = await update(first.PhysicalResourceId);
    const rolledBack = await update(second.PhysicalResourceId);
    expect(rolledBack.Data?.Verifiers1.split(',')).toEqual([hashOf(rolledBack), hashOf(second), hashOf(first)]);
    const later = await update(rolledBack.PhysicalResourceId);
    expect(later.Data?.Verifiers1.split(',')).toEqual([hashOf(later), hashOf(rolledBack), hashOf(second)]);
  });

  it('takes nothing but hashes from the name of what was', async () => {
    const answer = await update(`OriginSecret,${'g'.repeat(64)},`);
    expect(answer.Data?.Verifiers1).toBe(hashOf(answer));
  });

  it('names what it gives by the generation', async () => {
    const { Data, PhysicalResourceId } = await ask('Create', { ResourceProperties: { generation: '7' } });
    expect(Object.keys(Data ?? {})).toEqual(['Value7', 'Verifiers7']);
    expect(PhysicalResourceId).toMatch(/^[0-9a-f]{64}$/);
  });

  it('goes without a trace', async () => {
    const made = await ask('Create');
    expect(await ask('Delete', { PhysicalResourceId: made.PhysicalResourceId })).toEqual({
      Status: 'SUCCESS',
      PhysicalResourceId: made.PhysicalResourceId,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'OriginSecret',
    });
  });

  it('is never logged', async () => {
    const { Data } = await ask('Create');
    expect(JSON.stringify(logged)).not.toContain(Data?.Value1);
  });
});
