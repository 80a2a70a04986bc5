import { describe, expect, it } from 'vitest';
import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { RecordedCall } from '../../../local/aws/server';
import { withEventDriven } from '../../patterns/event-driven/engine';
import { requestsOfCall } from './handler-requests';
import { type AccessRequest, Policies } from './policies';
import { ServiceRequests } from './service-requests';

/** Runs the pattern through every path that a handler has, and records what its functions call. */
async function record(fifo: boolean): Promise<{ template: ResolvedTemplate; calls: RecordedCall[] }> {
  const calls: RecordedCall[] = [];
  const onCall = (call: RecordedCall) => {
    calls.push(call);
  };
  return withEventDriven({ stage: 'staging', props: { fifo }, onCall }, async (engine) => {
    const ask = (method: string, path: string, body?: object) =>
      engine.request({
        method,
        path,
        headers: { 'Idempotency-Key': `k${calls.length}`, ...engine.signedIn('alice') },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    const line = { sku: 'book', quantity: 1000, unitPriceCents: 9_990, note: 'n'.repeat(500) };
    for (const lines of [[line], Array.from({ length: 300 }, () => line)]) {
      const { body = '' } = await ask('POST', '/orders', { currency: 'EUR', lines });
      await ask('GET', `/orders/${(JSON.parse(body) as { orderId: string }).orderId}`);
    }
    await ask('GET', '/orders');
    await engine.settle();
    return { template: engine.template, calls };
  });
}

function distinct(requests: readonly AccessRequest[]): AccessRequest[] {
  return [...new Map(requests.map((request) => [JSON.stringify(request), request])).values()];
}

/** Actions that no call above shows, and why they are granted. */
const UNSEEN: Readonly<Record<string, string>> = {
  'dynamodb:ListStreams':
    "AWS's policy for stream readers names it on the stream (DynamoDB: permissions to process streams); the simulator knows it only without a resource.",
  'kms:DescribeKey':
    'DynamoDB asks for the state of the key in the name of whoever uses the table (DynamoDB: encryption at rest, usage notes).',
  'kms:Encrypt': "DynamoDB's documented set of key actions for those who use the table.",
  'kms:GenerateDataKey': "DynamoDB's documented set of key actions for those who use the table.",
  'kms:ReEncryptFrom': "DynamoDB's documented set of key actions for those who use the table.",
  'kms:ReEncryptTo': "DynamoDB's documented set of key actions for those who use the table.",
};

describe.each([false, true])('IAM with fifo %s', (fifo) => {
  const recording = record(fifo);

  it('allows each call that a handler made', async () => {
    const { template, calls } = await recording;
    const policies = new Policies(template, template.deployment.account);
    const requests = distinct(calls.flatMap((call) => requestsOfCall(call, template)));
    const actions = new Set(requests.map(({ action }) => action));
    for (const action of ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 's3:GetObject', 's3:PutObject']) {
      expect(actions).toContain(action);
    }
    expect(actions.has('sns:Publish')).toBe(fifo);
    for (const request of requests) expect(await policies.evaluate(request), JSON.stringify(request)).toBe('Allowed');
  });

  it('allows each delivery from service to service', async () => {
    const { template } = await recording;
    const policies = new Policies(template, template.deployment.account);
    const requests = distinct(new ServiceRequests(template).all());
    expect(requests.length).toBeGreaterThan(100);
    for (const request of requests) expect(await policies.evaluate(request), JSON.stringify(request)).toBe('Allowed');
  });

  it('grants nothing that is not used, but for stated reasons', async () => {
    const { template, calls } = await recording;
    const used = [...calls.flatMap((call) => requestsOfCall(call, template)), ...new ServiceRequests(template).all()];
    const unused = new Policies(template, template.deployment.account)
      .grants()
      .filter(({ role, action, resources, via }) => {
        const roleArn = `arn:aws:iam::${template.deployment.account}:role/${role}`;
        const seen = resources.every((resource) =>
          used.some((each) => each.principal === roleArn && each.action === action && covers(resource, each.resource)),
        );
        const stated =
          UNSEEN[action] !== undefined && (!action.startsWith('kms:') || via?.startsWith('dynamodb.') === true);
        return !seen && !stated;
      });
    expect(unused).toEqual([]);
  });

  it('denies what was not granted', async () => {
    const { template } = await recording;
    const policies = new Policies(template, template.deployment.account);
    const id = (type: string, part: string) =>
      template.ofType(type).find(({ logicalId }) => logicalId.includes(part)) ?? { arn: '', logicalId: '' };
    const [queue, key] = [id('AWS::SQS::Queue', 'BillingWorkQueue'), id('AWS::KMS::Key', '')];
    const billing = String(id('AWS::IAM::Role', 'BillingHandlerRole').arn);
    const refused: AccessRequest[] = [
      {
        principal: billing,
        action: 'dynamodb:PutItem',
        resource: String(id('AWS::DynamoDB::Table', 'OrdersTable').arn),
      },
      {
        principal: billing,
        action: 'dynamodb:DeleteItem',
        resource: String(id('AWS::DynamoDB::Table', 'BillingTable').arn),
      },
      {
        principal: 'sns.amazonaws.com',
        action: 'sqs:SendMessage',
        resource: String(queue.arn),
        policyOf: queue.logicalId,
        context: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:999999999999:foreign' },
      },
      {
        principal: 'sns.amazonaws.com',
        action: 'kms:GenerateDataKey',
        resource: String(key.arn),
        policyOf: key.logicalId,
        context: { 'aws:SourceAccount': '999999999999' },
      },
    ];
    for (const request of refused)
      expect(await policies.evaluate(request), JSON.stringify(request)).not.toBe('Allowed');
  });
});

/** Tells whether a granted resource, which may end in a wildcard, covers one that was used. */
function covers(granted: string, used: string): boolean {
  return granted === used || (granted.endsWith('*') && used.startsWith(granted.slice(0, -1)));
}
