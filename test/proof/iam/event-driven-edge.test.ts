import { beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { recordShop, resolvedShopWithEdge, UNSEEN } from './event-driven-run';
import { requestsOfCall } from './handler-requests';
import { expectAllowed, expectDenied, find, unusedGrants } from './harness';
import type { AccessRequest } from './policies';
import { ServiceRequests } from './service-requests';
import { assumption, trustRequests } from './trust-requests';
import { WebAppRequests } from './web-app-requests';

describe('IAM of a shop with an edge', () => {
  let shop: ResolvedTemplate;
  let edge: ResolvedTemplate;
  let used: readonly AccessRequest[];
  let usedAtEdge: readonly AccessRequest[];
  beforeAll(async () => {
    ({ shop, edge } = resolvedShopWithEdge());
    const { calls } = await recordShop(false);
    used = [...calls.flatMap((call) => requestsOfCall(call, shop)), ...new ServiceRequests(shop).all()];
    usedAtEdge = [...new ServiceRequests(edge).all(), ...new WebAppRequests(edge).all()];
  });

  const secretHandler = () => find(shop, 'AWS::IAM::Role', 'EdgeSecretHandler').arn;

  it('allows what is done, in both stacks', async () => {
    expect(used.map(({ principal }) => principal)).toContain(secretHandler());
    expect(usedAtEdge.map(({ principal }) => principal)).toContain('delivery.logs.amazonaws.com');
    await expectAllowed(shop, used);
    await expectAllowed(edge, usedAtEdge);
  });

  it('grants nothing beside it', () => {
    expect(unusedGrants(shop, used, UNSEEN).unstated).toEqual([]);
    expect(unusedGrants(edge, usedAtEdge, {}).unstated).toEqual([]);
  });

  it('lets who makes the secret do nothing but log and trace', async () => {
    const orders = find(shop, 'AWS::Lambda::Function', 'OrdersApi');
    const key = find(shop, 'AWS::KMS::Key');
    const principal = secretHandler();
    await expectDenied(shop, [
      { principal, action: 'lambda:GetFunctionConfiguration', resource: orders.arn },
      { principal, action: 'lambda:InvokeFunction', resource: orders.arn },
      { principal, action: 'dynamodb:GetItem', resource: find(shop, 'AWS::DynamoDB::Table', 'OrdersTable').arn },
      { principal, action: 'kms:Decrypt', resource: key.arn, policyOf: key.logicalId },
      { principal, action: 'secretsmanager:GetSecretValue', resource: 'arn:aws:secretsmanager:eu-west-1:1:secret:any' },
    ]);
    const trusted = trustRequests(shop).filter(({ resource }) => resource === principal);
    expect(trusted.map((request) => request.principal)).toEqual(['lambda.amazonaws.com']);
    await expectAllowed(shop, trusted);
    await expectDenied(shop, [assumption(shop, 'cloudfront.amazonaws.com', principal, shop.deployment.account)]);
  });

  it("lets AWS WAF deliver this account's logs, into their folder, and no others", async () => {
    const deliveries = usedAtEdge.filter(({ action }) => action === 's3:PutObject');
    expect(deliveries).toHaveLength(1);
    await expectDenied(
      edge,
      deliveries.flatMap((delivery) => [
        { ...delivery, context: { ...delivery.context, 'aws:SourceAccount': '999999999999' } },
        { ...delivery, context: { ...delivery.context, 's3:x-amz-acl': 'private' } },
        { ...delivery, resource: delivery.resource.replace('AWSLogs', 'cloudfront') },
        { ...delivery, action: 's3:GetObject' },
      ]),
    );
  });
});
