import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { bodyOf } from '../../../local/aws/server';

/** What CloudFormation was told. */
let told: Record<string, unknown>[] = [];
/** Answers that get lost on the way. */
let lost = 0;
let server: Server;
let ResponseURL: string;
let done: [string, unknown, unknown?][] = [];
let refusal: Error | undefined;

let handler: (event: CloudFormationCustomResourceEvent) => Promise<void>;

beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  // Logs go to the console that is silenced above.
  process.env['POWERTOOLS_DEV'] = 'true';
  const { customResource } = await import('../../../lib/runtime/custom-resource.js');
  handler = customResource({
    physicalId: ({ name }) => `thing/${String(name)}`,
    apply: async (properties, before) => {
      done.push(['apply', properties, before]);
      if (refusal !== undefined) throw refusal;
    },
    remove: async (properties) => {
      done.push(['remove', properties]);
    },
  });
  server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    lost -= 1;
    if (lost < 0) told.push(JSON.parse(body.toString()) as Record<string, unknown>);
    response.statusCode = lost < 0 ? 200 : 503;
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  ResponseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?signed`;
});
beforeEach(() => {
  [told, done, lost, refusal] = [[], [], 0, undefined];
});
afterAll(() => {
  server.close();
  vi.restoreAllMocks();
});

const THING = { ServiceToken: 'token', name: 'one' };
const ask = (RequestType: string, more: object = {}) =>
  handler({
    RequestType,
    ResponseURL,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Thing',
    ResourceType: 'Custom::Thing',
    ServiceToken: 'token',
    ResourceProperties: THING,
    ...more,
  } as unknown as CloudFormationCustomResourceEvent);

describe('a custom resource', () => {
  it('makes, and names what it made', async () => {
    await ask('Create');
    expect(done).toEqual([['apply', THING, undefined]]);
    expect(told).toEqual([
      {
        Status: 'SUCCESS',
        PhysicalResourceId: 'thing/one',
        StackId: 'stack',
        RequestId: 'request',
        LogicalResourceId: 'Thing',
      },
    ]);
  });

  it('hears of what was before an update', async () => {
    await ask('Update', { PhysicalResourceId: 'thing/none', OldResourceProperties: { name: 'none' } });
    expect(done).toEqual([['apply', THING, { name: 'none' }]]);
    expect(told).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'thing/one' }]);
  });

  it('removes by the id it has', async () => {
    await ask('Delete', { PhysicalResourceId: 'thing/one' });
    expect(done).toEqual([['remove', THING]]);
    expect(told).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'thing/one' }]);
  });

  it('fails the deployment at once and says why, and removes nothing of what was never made', async () => {
    refusal = new Error(`no room ${'x'.repeat(5000)}`);
    await ask('Create');
    expect(told).toMatchObject([
      { Status: 'FAILED', PhysicalResourceId: 'Thing', Reason: expect.stringMatching(/^no room x+$/) },
    ]);
    expect(String(told[0]?.['Reason'])).toHaveLength(1000);
    await ask('Delete', { PhysicalResourceId: told[0]?.['PhysicalResourceId'] });
    expect(done.map(([what]) => what)).toEqual(['apply']);
    expect(told[1]).toMatchObject({ Status: 'SUCCESS' });
  });

  it('keeps the name of what it could not change, so that a rollback finds it', async () => {
    refusal = new Error('no');
    await ask('Update', { PhysicalResourceId: 'thing/none', OldResourceProperties: {} });
    expect(told).toMatchObject([{ Status: 'FAILED', PhysicalResourceId: 'thing/none' }]);
  });

  it('tells again when the answer is lost, and gives up loudly', async () => {
    lost = 2;
    await ask('Create');
    expect(told).toHaveLength(1);
    lost = 3;
    await expect(ask('Create')).rejects.toThrow("CloudFormation's address answered 503");
  });
});
