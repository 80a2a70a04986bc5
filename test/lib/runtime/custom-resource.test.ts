import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Applied, CustomResource } from '../../../lib/runtime/custom-resource';
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
    pauses: [0],
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
  it('tries again while a permission is not known, and tells the refusal if it stays', async () => {
    refusal = Object.assign(new Error('not authorized to perform redshift-data:ExecuteStatement'), {
      name: 'AccessDeniedException',
    });
    await ask('Create');
    expect(done.map(([what]) => what)).toEqual(['apply', 'apply']);
    expect(told).toMatchObject([{ Status: 'FAILED', Reason: refusal.message }]);
  });

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

describe('the answer to CloudFormation', () => {
  let sent: { url: unknown; init: RequestInit; body: Record<string, unknown> }[];
  /** Statuses of the answers to come, and then 200. */
  let statuses: number[];
  const timeout = vi.fn((_ms: number) => new AbortController().signal);
  beforeEach(() => {
    [sent, statuses] = [[], []];
    timeout.mockClear();
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(timeout);
    vi.spyOn(globalThis, 'fetch').mockImplementation((async (url: unknown, init: RequestInit) => {
      sent.push({ url, init, body: JSON.parse(String(init.body)) as Record<string, unknown> });
      const status = statuses.shift() ?? 200;
      return { ok: status < 300, status };
    }) as never);
  });
  afterEach(() => {
    vi.mocked(fetch).mockRestore();
    vi.mocked(AbortSignal.timeout).mockRestore();
  });

  const request = { ResponseURL: 'https://example.com/signed', ResourceProperties: THING };
  const answering = async (resource: Partial<CustomResource>, more: object) => {
    const { customResource } = await import('../../../lib/runtime/custom-resource.js');
    const whole = { physicalId: () => 'id', apply: async () => {}, remove: async () => {}, ...resource };
    const event = {
      RequestType: 'Create',
      StackId: 's',
      RequestId: 'r',
      LogicalResourceId: 'Thing',
      ...request,
      ...more,
    };
    await customResource(whole as CustomResource)(event as unknown as CloudFormationCustomResourceEvent);
    return sent.at(-1)?.body;
  };

  it('is a PUT without a type, which ends after 10 seconds', async () => {
    await answering({}, {});
    expect(sent).toMatchObject([
      { url: 'https://example.com/signed', init: { method: 'PUT', headers: { 'content-type': '' } } },
    ]);
    expect(timeout.mock.calls).toEqual([[10_000]]);
    expect(sent[0]?.init.signal).toBe(timeout.mock.results[0]?.value);
  });

  it('is tried three times', async () => {
    statuses = [500, 403];
    await answering({}, {});
    expect(sent).toHaveLength(3);
    statuses = [500, 500, 503];
    await expect(answering({}, {})).rejects.toThrow("CloudFormation's address answered 503");
    expect(sent).toHaveLength(6);
  });

  it('has what was made, which names it', async () => {
    const apply = async () => ({ data: { Id: '7' } });
    const physicalId = (_: object, { Id }: Applied['data']) => `thing-${Id}`;
    expect(await answering({ apply, physicalId }, {})).toMatchObject({
      PhysicalResourceId: 'thing-7',
      Data: { Id: '7' },
      NoEcho: false,
    });
    const secret = async () => ({ data: { Id: '7' }, noEcho: true });
    expect(await answering({ apply: secret, physicalId }, {})).toMatchObject({ NoEcho: true });
  });

  it('has no data of what was not named, or not made', async () => {
    const apply = async () => ({ data: { Id: '7' } });
    const physicalId = () => {
      throw new Error('no name');
    };
    const failed = await answering({ apply, physicalId }, {});
    expect(failed).toMatchObject({ Status: 'FAILED', Reason: 'no name', PhysicalResourceId: 'Thing' });
    expect(failed).not.toHaveProperty('Data');
    const nothing = vi.fn(() => 'id');
    expect(await answering({ physicalId: nothing }, {})).not.toHaveProperty('Data');
    expect(nothing).toHaveBeenCalledWith(THING, {});
  });

  it('says why, whatever was thrown', async () => {
    const apply = () => Promise.reject('a text');
    expect(await answering({ apply }, {})).toMatchObject({ Status: 'FAILED', Reason: 'a text' });
  });

  it('is about an update alone when there were other properties', async () => {
    const apply = vi.fn(async () => {});
    const OldResourceProperties = { name: 'old' };
    await answering({ apply }, { OldResourceProperties });
    expect(apply).toHaveBeenLastCalledWith(THING, undefined, undefined);
    await answering({ apply }, { RequestType: 'Update', PhysicalResourceId: 'thing', OldResourceProperties });
    expect(apply).toHaveBeenLastCalledWith(THING, OldResourceProperties, 'thing');
  });
});
