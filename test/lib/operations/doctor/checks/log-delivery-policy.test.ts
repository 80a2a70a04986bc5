import { describe, expect, it } from 'vitest';
import { logDeliveryPolicy } from '../../../../../lib/operations/doctor/checks/log-delivery-policy';
import { denied, stackIn } from '../account-fixture';
import { type Resources, useDoctor } from '../doctor-fixture';

const { told } = useDoctor();
const stage = (LogGroupName?: unknown): Resources => ({
  Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName } },
  Stage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { AccessLogSettings: { DestinationArn: { 'Fn::GetAtt': ['Group', 'Arn'] } } },
  },
});
const POLICY = 'AWSLogDeliveryWrite20150319';
const policies = (...resourcePolicies: readonly object[]) => ({
  'logs:DescribeResourcePolicies': () => ({ resourcePolicies }),
});
const written = (length: number) => policies({ policyName: POLICY, policyDocument: 'x'.repeat(length) });
const others = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ policyName: `p${at}`, policyDocument: '{}' }));
/** What a group of the name `shop` adds: its ARN, quotes and a comma. */
const ADDED = '"arn:aws:logs:eu-west-1:111122223333:log-group:shop:log-stream:*",'.length;

describe('the policy for log delivery', () => {
  it.each([
    [written(5120 - ADDED), 'ok'],
    [written(5120 - ADDED + 1), 'will-fail'],
    [policies(...others(9)), 'ok'],
    [policies(...others(10)), 'will-fail'],
    [policies(...others(9), { policyName: POLICY, policyDocument: '{}' }), 'ok'],
  ])('%#: %s', async (answers, expected) => {
    const found = (await told(logDeliveryPolicy.id, stage('shop'), answers)).map(({ is }) => is);
    expect(found).toEqual([expected]);
  });

  it('is full, and what to do', async () => {
    const [found] = await told(logDeliveryPolicy.id, stage('shop'), written(5120));
    expect(found?.reason).toMatch(/^The policy has 5120 of 5120 characters, and the groups need about 66 more: /);
    const [many] = await told(logDeliveryPolicy.id, stage('shop'), policies(...others(10)));
    expect(many?.commands).toEqual(['aws logs delete-resource-policy --region eu-west-1 --policy-name <name>']);
  });

  it('takes groups of /aws/vendedlogs/ in one entry, and counts a name that CloudFormation makes', async () => {
    expect(await told(logDeliveryPolicy.id, stage('/aws/vendedlogs/shop'), written(5120))).toMatchObject([
      { is: 'ok' },
    ]);
    const vended = { 'Fn::Join': ['', ['/aws/vendedlogs/', { Ref: 'Suffix' }]] };
    expect(await told(logDeliveryPolicy.id, stage(vended), written(5120))).toMatchObject([{ is: 'ok' }]);
    // Shop-Group-0123456789AB
    const made = ADDED - 'shop'.length + 'ShopGroup'.length + 14;
    expect(await told(logDeliveryPolicy.id, stage(), written(5120 - made))).toMatchObject([{ is: 'ok' }]);
    expect(await told(logDeliveryPolicy.id, stage(), written(5120 - made + 1))).toMatchObject([{ is: 'will-fail' }]);
  });

  it('has the groups of a stack that is deployed', async () => {
    const deployed = { 'cloudformation:DescribeStacks': () => stackIn('CREATE_COMPLETE') };
    expect(await told(logDeliveryPolicy.id, stage('shop'), { ...written(5120), ...deployed })).toMatchObject([
      { is: 'ok' },
    ]);
  });

  it('does not matter where nothing is delivered, and cannot be told without permission', async () => {
    expect(await told(logDeliveryPolicy.id, { Group: { Type: 'AWS::Logs::LogGroup' } }, written(5120))).toEqual([]);
    expect(await told(logDeliveryPolicy.id, stage('shop'), { 'logs:DescribeResourcePolicies': denied })).toMatchObject([
      { is: 'cannot-tell', reason: 'no permission for logs:DescribeResourcePolicies in eu-west-1' },
    ]);
  });
});
