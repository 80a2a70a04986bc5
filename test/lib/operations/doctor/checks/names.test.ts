import { describe, expect, it } from 'vitest';
import { names } from '../../../../../lib/operations/doctor/checks/names';
import { denied, Refusal, stackIn, type WireAnswer } from '../account-fixture';
import { type Resources, useDoctor } from '../doctor-fixture';

const { told, account } = useDoctor();
const bucket = (BucketName: unknown): Resources => ({ Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName } } });
const TABLE: Resources = { Data: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'orders' } } };
const GROUP: Resources = { Data: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/shop/orders' } } };
const DOMAIN: Resources = {
  Data: { Type: 'AWS::Cognito::UserPoolDomain', Properties: { Domain: 'shop', UserPoolId: { Ref: 'Users' } } },
};
const head = (status: number) => ({
  's3:ListBucket': (): WireAnswer => (status === 200 ? {} : new Refusal('', '', status)),
});
const own =
  '<DescribeStackResourceResponse><DescribeStackResourceResult><StackResourceDetail><PhysicalResourceId>x</PhysicalResourceId></StackResourceDetail></DescribeStackResourceResult></DescribeStackResourceResponse>';

describe('a name', () => {
  it.each([
    [bucket('shop-data'), head(404), 'ok'],
    [bucket('shop-data'), head(200), 'will-fail'],
    [bucket('shop-data'), head(301), 'will-fail'],
    [bucket('shop-data'), head(403), 'cannot-tell'],
    [bucket('shop-data'), head(400), 'cannot-tell'],
    [TABLE, {}, 'ok'],
    [TABLE, { 'dynamodb:DescribeTable': () => ({ Table: { TableName: 'orders' } }) }, 'will-fail'],
    [GROUP, { 'logs:DescribeLogGroups': () => ({ logGroups: [{ logGroupName: '/shop/orders-2' }] }) }, 'ok'],
    [GROUP, { 'logs:DescribeLogGroups': () => ({ logGroups: [{ logGroupName: '/shop/orders' }] }) }, 'will-fail'],
    [DOMAIN, {}, 'ok'],
    [
      DOMAIN,
      { 'cognito-idp:DescribeUserPoolDomain': () => ({ DomainDescription: { UserPoolId: 'eu-west-1_x' } }) },
      'will-fail',
    ],
  ])('%#: %j', async (resources, answers, expected) => {
    expect((await told(names.id, resources, answers)).map(({ is }) => is)).toEqual([expected]);
  });

  it('that is taken is told with what to do', async () => {
    expect(await told(names.id, bucket('shop-data'), head(200))).toMatchObject([
      { subject: 'shop-data', reason: expect.stringMatching(/^The name is taken/), commands: ['npx cdk import Shop'] },
    ]);
  });

  it('is put together of the account, the region and the stack', async () => {
    const name = { 'Fn::Join': ['-', [{ Ref: 'AWS::StackName' }, { Ref: 'AWS::AccountId' }, { Ref: 'AWS::Region' }]] };
    expect(await told(names.id, bucket(name), head(404))).toMatchObject([{ subject: 'Shop-111122223333-eu-west-1' }]);
    expect(account().asked).toContainEqual(
      expect.objectContaining({ action: 's3:ListBucket', input: { id: 'Shop-111122223333-eu-west-1' } }),
    );
  });

  it('of a deployed stack may be its own', async () => {
    const deployed = { ...head(200), 'cloudformation:DescribeStacks': () => stackIn('CREATE_COMPLETE') };
    expect(
      await told(names.id, bucket('shop-data'), { ...deployed, 'cloudformation:DescribeStackResource': () => own }),
    ).toMatchObject([{ is: 'ok', reason: "it is the stack's own" }]);
    expect(await told(names.id, bucket('shop-data'), deployed)).toMatchObject([{ is: 'will-fail' }]);
    for (const action of ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackResource'] as const) {
      expect(await told(names.id, bucket('shop-data'), { ...deployed, [action]: denied })).toMatchObject([
        { is: 'cannot-tell', reason: `no permission for ${action} in eu-west-1` },
      ]);
    }
  });

  it('that CloudFormation makes, or only deployment knows, is not looked at', async () => {
    expect(await told(names.id, { ...bucket(undefined), ...{ Other: { Type: 'AWS::S3::Bucket' } } })).toEqual([]);
    expect(await told(names.id, bucket({ Ref: 'Name' }))).toEqual([]);
    expect(
      await told(names.id, bucket({ 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] })),
    ).toEqual([]);
  });

  it('of another type cannot be told', async () => {
    const topic: Resources = { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'orders' } } };
    expect(await told(names.id, topic)).toMatchObject([
      {
        is: 'cannot-tell',
        reason: 'Whether these names are free is not looked up: orders',
        resources: [{ path: 'Topic' }],
      },
    ]);
  });

  it.each([
    [TABLE, 'dynamodb:DescribeTable'],
    [GROUP, 'logs:DescribeLogGroups'],
    [DOMAIN, 'cognito-idp:DescribeUserPoolDomain'],
  ] as const)('cannot be told without permission: %j', async (resources, action) => {
    expect(await told(names.id, resources, { [action]: denied })).toMatchObject([
      { is: 'cannot-tell', reason: `no permission for ${action} in eu-west-1` },
    ]);
  });
});
