import { describe, expect, it } from 'vitest';
import { recordShop, UNSEEN } from './event-driven-run';
import { requestsOfCall } from './handler-requests';
import { distinct, expectAllowed, expectDenied, find, unusedGrants } from './harness';
import { ServiceRequests } from './service-requests';

describe.each([false, true])('IAM with fifo %s', (fifo) => {
  const recording = recordShop(fifo);

  it('allows each call that a handler made', async () => {
    const { template, calls } = await recording;
    const requests = distinct(calls.flatMap((call) => requestsOfCall(call, template)));
    const actions = new Set(requests.map(({ action }) => action));
    for (const action of ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 's3:GetObject', 's3:PutObject']) {
      expect(actions).toContain(action);
    }
    expect(actions.has('sns:Publish')).toBe(fifo);
    await expectAllowed(template, requests);
  });

  it('allows each delivery from service to service', async () => {
    const { template } = await recording;
    const requests = distinct(new ServiceRequests(template).all());
    expect(requests.length).toBeGreaterThan(100);
    await expectAllowed(template, requests);
  });

  it('grants nothing that is not used, but for stated reasons', async () => {
    const { template, calls } = await recording;
    const used = [...calls.flatMap((call) => requestsOfCall(call, template)), ...new ServiceRequests(template).all()];
    expect(unusedGrants(template, used, UNSEEN).unstated).toEqual([]);
  });

  it('denies what was not granted', async () => {
    const { template } = await recording;
    const queue = find(template, 'AWS::SQS::Queue', 'BillingWorkQueue');
    const key = find(template, 'AWS::KMS::Key');
    const billing = find(template, 'AWS::IAM::Role', 'BillingHandlerRole').arn;
    await expectDenied(template, [
      {
        principal: billing,
        action: 'dynamodb:PutItem',
        resource: find(template, 'AWS::DynamoDB::Table', 'OrdersTable').arn,
      },
      {
        principal: billing,
        action: 'dynamodb:DeleteItem',
        resource: find(template, 'AWS::DynamoDB::Table', 'BillingTable').arn,
      },
      {
        principal: 'sns.amazonaws.com',
        action: 'sqs:SendMessage',
        resource: queue.arn,
        policyOf: queue.logicalId,
        context: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:999999999999:foreign' },
      },
      {
        principal: 'sns.amazonaws.com',
        action: 'kms:GenerateDataKey',
        resource: key.arn,
        policyOf: key.logicalId,
        context: { 'aws:SourceAccount': '999999999999' },
      },
    ]);
  });
});
