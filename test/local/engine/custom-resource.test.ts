import { describe, expect, it } from 'vitest';
import { createCustomResource } from '../../../local/engine/custom-resource';
import type { Reply } from '../../../local/lambda/sandbox';
import { DEFINITION } from './engine-fixture';

interface Request {
  readonly ResponseURL: string;
}

const RESOURCE = {
  logicalId: 'Secret',
  type: 'Custom::OriginSecret',
  name: 'secret',
  attributes: {},
  properties: { generation: '1' },
};

/** Creates the resource by a function that is a callback. */
const create = (handler: (event: Request) => Promise<Reply>) =>
  createCustomResource(RESOURCE, DEFINITION, () => ({
    invoke: (event) => handler(event as Request),
    load: async () => ({}),
    stop: async () => undefined,
  }));
const answer =
  (body: object) =>
  async ({ ResponseURL }: Request) => {
    await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(body) });
    return {};
  };

describe('a custom resource', () => {
  it('is asked for as CloudFormation asks, and has the attributes that it answered', async () => {
    const asked: object[] = [];
    const data = await create(async (event) => {
      asked.push(event);
      return answer({ Status: 'SUCCESS', Data: { Value1: 'secret' } })(event);
    });
    expect(data).toEqual({ Value1: 'secret' });
    expect(asked).toEqual([
      expect.objectContaining({
        RequestType: 'Create',
        LogicalResourceId: 'Secret',
        ResourceType: 'Custom::OriginSecret',
        ResourceProperties: { generation: '1' },
      }),
    ]);
    expect(await create(answer({ Status: 'SUCCESS' }))).toEqual({});
  });

  it.each([
    ['says that it did not work', answer({ Status: 'FAILED', Reason: 'no table' }), 'Secret: no table'],
    ['says nothing', async () => ({}), 'Secret: it did not answer'],
    ['dies', async () => ({ errorType: 'Error', errorMessage: 'oh' }), 'Secret: Error: oh'],
  ])('fails when its function %s', async (_, handler, message) => {
    await expect(create(handler)).rejects.toThrow(message);
  });
});
