import { describe, expect, it } from 'vitest';
import { quotas } from '../../../../../lib/operations/doctor/checks/quotas';
import { denied, ec2, Refusal, stackIn } from '../account-fixture';
import { type Resources, useDoctor } from '../doctor-fixture';

const { told, account } = useDoctor();
const quota = (Value: number) => ({ 'servicequotas:GetServiceQuota': () => ({ Quota: { Value } }) });
const addresses = (count: number) => ({
  'ec2:DescribeAddresses': () =>
    ec2(
      'DescribeAddresses',
      `<addressesSet>${'<item><publicIp>192.0.2.1</publicIp></item>'.repeat(count)}</addressesSet>`,
    ),
});
const TWO_ADDRESSES: Resources = { A: { Type: 'AWS::EC2::EIP' }, B: { Type: 'AWS::EC2::EIP' } };
const VPC: Resources = { Vpc: { Type: 'AWS::EC2::VPC' } };
const SITE: Resources = { Site: { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig: {} } } };
const tasks = (DesiredCount: unknown, Cpu: unknown = '1024'): Resources => ({
  Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { Cpu } },
  Service: { Type: 'AWS::ECS::Service', Properties: { DesiredCount, TaskDefinition: { Ref: 'Task' } } },
});
const distributions = (count: number, truncated = false) => ({
  'cloudfront:ListDistributions': () =>
    `<DistributionList><IsTruncated>${truncated}</IsTruncated><Quantity>${count}</Quantity></DistributionList>`,
});

describe('quotas', () => {
  it.each([
    [TWO_ADDRESSES, { ...quota(5), ...addresses(0) }, 'ok'],
    [TWO_ADDRESSES, { ...quota(5), ...addresses(1) }, 'ok'],
    [TWO_ADDRESSES, { ...quota(5), ...addresses(3) }, 'ok'],
    [TWO_ADDRESSES, { ...quota(5), ...addresses(4) }, 'will-fail'],
    [VPC, quota(2), 'ok'],
    [VPC, quota(1), 'will-fail'],
    [SITE, { ...quota(200), ...distributions(199) }, 'ok'],
    [SITE, { ...quota(200), ...distributions(200) }, 'will-fail'],
    [SITE, { ...quota(200), ...distributions(100, true) }, 'cannot-tell'],
    [tasks(6), quota(6), 'ok'],
    [tasks('7'), quota(6), 'will-fail'],
    [tasks(undefined), quota(1), 'ok'],
    [tasks(undefined, '2048'), quota(1), 'will-fail'],
  ])('%#: %j', async (resources, answers, expected) => {
    expect((await told(quotas.id, resources, answers)).map(({ is }) => is)).toEqual([expected]);
  });

  it('are raised by a command', async () => {
    expect(await told(quotas.id, TWO_ADDRESSES, { ...quota(5), ...addresses(4) })).toMatchObject([
      {
        subject: 'Elastic IP addresses',
        reason: '2 more are needed; the quota is 5, 4 in use',
        commands: [
          'aws service-quotas request-service-quota-increase --region eu-west-1 --service-code ec2 --quota-code L-0263D0A3 --desired-value 6',
        ],
      },
    ]);
  });

  it('of CloudFront are those of us-east-1', async () => {
    const [found] = await told(quotas.id, SITE, { ...quota(1), ...distributions(1) });
    expect(found?.commands).toEqual([
      expect.stringMatching(/--region us-east-1 --service-code cloudfront --quota-code L-24B04930/),
    ]);
    expect(account().asked).toContainEqual(
      expect.objectContaining({ action: 'servicequotas:GetServiceQuota', region: 'us-east-1' }),
    );
  });

  it('that were never changed are those that every account begins with', async () => {
    const answers = { ...addresses(3), 'servicequotas:GetServiceQuota': () => new Refusal('NoSuchResourceException') };
    expect(await told(quotas.id, TWO_ADDRESSES, answers)).toMatchObject([
      { is: 'ok', reason: '2 needed; the quota is 5, 3 in use' },
    ]);
  });

  it('cannot tell for stacks that are deployed, and for tasks that deployment decides', async () => {
    const deployed = { 'cloudformation:DescribeStacks': () => stackIn('CREATE_COMPLETE') };
    expect(await told(quotas.id, TWO_ADDRESSES, { ...quota(5), ...addresses(4), ...deployed })).toMatchObject([
      { is: 'cannot-tell', reason: expect.stringMatching(/some of them in stacks that are deployed/) },
    ]);
    expect(await told(quotas.id, tasks({ Ref: 'Count' }), quota(6))).toMatchObject([
      { is: 'cannot-tell', reason: expect.stringMatching(/known only at deployment/) },
    ]);
  });

  it('cannot be told where CloudFormation does not say what is deployed, but where all of it fits', async () => {
    const secret = { 'cloudformation:DescribeStacks': denied };
    expect(await told(quotas.id, TWO_ADDRESSES, { ...quota(5), ...addresses(4), ...secret })).toMatchObject([
      { is: 'cannot-tell', reason: 'no permission for cloudformation:DescribeStacks in eu-west-1' },
    ]);
    expect(await told(quotas.id, TWO_ADDRESSES, { ...quota(5), ...addresses(3), ...secret })).toMatchObject([
      { is: 'ok' },
    ]);
  });

  it('cannot be told without permission or an answer', async () => {
    for (const action of ['servicequotas:GetServiceQuota', 'ec2:DescribeVpcs'] as const) {
      expect(await told(quotas.id, VPC, { [action]: denied })).toMatchObject([
        { is: 'cannot-tell', reason: `no permission for ${action} in eu-west-1` },
      ]);
    }
    expect(await told(quotas.id, VPC, { 'servicequotas:GetServiceQuota': () => ({}) })).toMatchObject([
      { is: 'cannot-tell' },
    ]);
  });
});
