import { describe, expect, it } from 'vitest';
import { zones } from '../../../../../lib/operations/doctor/checks/zones';
import { denied, ec2, zonesXml } from '../account-fixture';
import { type Resources, useDoctor } from '../doctor-fixture';

const { told } = useDoctor();
const subnets = (count: number): Resources =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => {
      const AvailabilityZone = { 'Fn::Select': [at, { 'Fn::GetAZs': '' }] };
      return [`Subnet${at}`, { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone } }];
    }),
  );
const withZones = (...ids: readonly string[]) => ({
  'ec2:DescribeAvailabilityZones': ({ region }: { region: string }) => zonesXml(region, ids),
});
const defaults = (...names: readonly string[]) => ({
  'ec2:DescribeSubnets': () =>
    ec2(
      'DescribeSubnets',
      `<subnetSet>${names.map((name) => `<item><availabilityZone>${name}</availabilityZone></item>`).join('')}</subnetSet>`,
    ),
});

describe('zones by position', () => {
  it.each([
    [2, 2, 'ok'],
    [3, 3, 'ok'],
    [3, 2, 'will-fail'],
    [1, 1, 'ok'],
  ])('%d of %d: %s', async (taken, there, expected) => {
    const ids = ['euw1-az1', 'euw1-az2', 'euw1-az3'].slice(0, there);
    expect((await told(zones.id, subnets(taken), withZones(...ids))).map(({ is }) => is)).toEqual([expected]);
  });

  it('says which zones they are', async () => {
    expect(await told(zones.id, subnets(2), withZones('euw1-az3', 'euw1-az1', 'euw1-az2'))).toMatchObject([
      { is: 'ok', reason: 'eu-west-1a (euw1-az3), eu-west-1b (euw1-az1)' },
    ]);
  });

  it('are those with a default subnet where there is any', async () => {
    expect(await told(zones.id, subnets(3), defaults('eu-west-1a', 'eu-west-1c'))).toMatchObject([
      {
        is: 'will-fail',
        reason:
          'Fn::GetAZs gives 2 zones here, and 3 are taken from it: it leaves out eu-west-1b, without a default subnet',
        commands: ['aws ec2 create-default-subnet --region eu-west-1 --availability-zone eu-west-1b'],
      },
    ]);
    expect(await told(zones.id, subnets(2), defaults('eu-west-1c', 'eu-west-1a'))).toMatchObject([
      { is: 'ok', reason: 'eu-west-1a (euw1-az1), eu-west-1c (euw1-az3)' },
    ]);
    expect(await told(zones.id, subnets(3), defaults('eu-west-1a', 'eu-west-1b', 'eu-west-1c'))).toMatchObject([
      { is: 'ok' },
    ]);
  });

  const ORIGIN: Resources = { Origin: { Type: 'AWS::CloudFront::VpcOrigin' } };
  const task = (CpuArchitecture: unknown): Resources => ({
    Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { RuntimePlatform: { CpuArchitecture } } },
  });
  const fargate = (compatibility: string): Resources => ({
    Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { RequiresCompatibilities: [compatibility] } },
  });
  it.each([
    [ORIGIN, ['use1-az1', 'use1-az3'], 'will-fail'],
    [ORIGIN, ['use1-az1', 'use1-az2', 'use1-az3'], 'ok'],
    [fargate('FARGATE'), ['use1-az1', 'apne1-az3'], 'will-fail'],
    [fargate('EC2'), ['use1-az1', 'apne1-az3'], 'ok'],
    [fargate('FARGATE'), ['use1-az3', 'use1-az1'], 'ok'],
    [task('ARM64'), ['use1-az3', 'use1-az1'], 'will-fail'],
    [task('X86_64'), ['use1-az3', 'use1-az1'], 'ok'],
    [task({ Ref: 'Architecture' }), ['use1-az3', 'use1-az1'], 'ok'],
    [{}, ['use1-az3', 'use1-az1'], 'ok'],
  ])('in which a service does not work: %j in %j is %s', async (more, ids, expected) => {
    const [found] = await told(zones.id, { ...subnets(2), ...more }, withZones(...ids));
    expect(found?.is).toBe(expected);
    if (expected === 'will-fail') expect(found?.reason).toMatch(/ is \w+-az3 in this account, where AWS::/);
  });

  it('cannot be told without permission, and are not asked for where none is taken', async () => {
    for (const action of ['ec2:DescribeAvailabilityZones', 'ec2:DescribeSubnets'] as const) {
      expect(await told(zones.id, subnets(2), { [action]: denied })).toMatchObject([{ is: 'cannot-tell' }]);
    }
    expect(await told(zones.id, ORIGIN)).toEqual([]);
  });
});
