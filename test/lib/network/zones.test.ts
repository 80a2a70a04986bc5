import { CfnResource, type Environment, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stages } from '../../../lib';
import { PostgresCluster } from '../../../lib/database/postgres-cluster';
import { AppNetwork, type AppNetworkProps } from '../../../lib/network/app-network';
import { IsolatedNetwork } from '../../../lib/network/isolated-network';
import { resourcesOf } from '../../synthesize';
import { bareStack } from '../database/data-stack-fixture';

const VIRGINIA = { account: '111122223333', region: 'us-east-1' };
const IRELAND = { account: '111122223333', region: 'eu-west-1' };

function network(env: Environment | undefined, zones?: AppNetworkProps['zones']) {
  const { stack, encryptionKey } = bareStack(env);
  const block = new AppNetwork(stack, 'Network', { stage: stages.dev, encryptionKey, zones });
  return { stack, encryptionKey, block };
}

/** Where subnets are: their ids, names, or positions. */
function places(stack: Stack): unknown[] {
  const subnets = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::EC2::Subnet'));
  const all = subnets.map(({ Properties }) =>
    JSON.stringify({ id: Properties['AvailabilityZoneId'], name: Properties['AvailabilityZone'] }),
  );
  return [...new Set(all)].map((each) => JSON.parse(each) as unknown);
}

const byPosition = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: { 'Fn::Select': [index, { 'Fn::GetAZs': '' }] } }));

describe('zones of a network', () => {
  it.each([
    ['us-east-1', 3, ['use1-az1', 'use1-az2', 'use1-az4']],
    ['us-west-1', 2, ['usw1-az1', 'usw1-az3']],
    ['ap-northeast-1', 3, ['apne1-az1', 'apne1-az2', 'apne1-az4']],
    ['ca-central-1', 2, ['cac1-az1', 'cac1-az2']],
  ])('are, in %s, where one lacks services, %i of the others', (region, count, ids) => {
    expect(places(network({ ...VIRGINIA, region }, count).stack)).toEqual(ids.map((id) => ({ id })));
  });

  it('stay at their positions elsewhere, so that no subnet is replaced', () => {
    const { stack } = network(IRELAND, 3);
    expect(places(stack)).toEqual(byPosition(3));
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  it('stay at their positions where the region is not known, with one warning', () => {
    const { stack } = network(undefined, 2);
    expect(places(stack)).toEqual(byPosition(2));
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('taken by position'));
    expect(warnings).toHaveLength(1);
  });

  it.each([
    ['ids', ['use1-az6', 'use1-az5'], [{ id: 'use1-az6' }, { id: 'use1-az5' }]],
    ['names', ['us-east-1a', 'us-east-1b'], [{ name: 'us-east-1a' }, { name: 'us-east-1b' }]],
  ])('are those that are named by their %s', (_, zones, expected) => {
    const { stack, block } = network(VIRGINIA, zones);
    expect(places(stack)).toEqual(expected);
    expect(block.zones).toBe(2);
    expect(places(network(undefined, zones).stack)).toEqual(expected);
  });

  it('stay at their positions in any region on request, without a warning', () => {
    for (const env of [VIRGINIA, undefined]) {
      const { stack } = network(env, 'by-position');
      expect(places(stack)).toEqual(byPosition(2));
      expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
    }
  });

  it('are the same for a network without a way out', () => {
    const of = (env: Environment, zones?: 'by-position' | string[]) => {
      const { stack, encryptionKey } = bareStack(env);
      new IsolatedNetwork(stack, 'Network', { stage: stages.dev, encryptionKey, zones });
      return places(stack);
    };
    expect(of(VIRGINIA)).toEqual(['use1-az1', 'use1-az2', 'use1-az4'].map((id) => ({ id })));
    expect(of(IRELAND)).toEqual(byPosition(3));
    expect(of(VIRGINIA, 'by-position')).toEqual(byPosition(3));
    const three = ['euw1-az3', 'euw1-az1', 'euw1-az2'];
    expect(of(IRELAND, three)).toEqual(three.map((id) => ({ id })));
    expect(() => of(IRELAND, ['euw1-az1', 'euw1-az2'])).toThrow(/allowed: 3 zones/);
  });

  it('give a database the names of the zones that its subnets are in', () => {
    const { stack, encryptionKey, block } = network(VIRGINIA, 2);
    new PostgresCluster(stack, 'Database', {
      stage: stages.dev,
      encryptionKey,
      vpc: block.vpc,
      subnets: block.dataSubnets,
      databaseName: 'app',
      readers: 1,
    });
    const instances = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::RDS::DBInstance'));
    expect(instances.map(({ Properties }) => Properties['AvailabilityZone'])).toEqual(
      [1, 2].map((n) => ({ 'Fn::GetAtt': [expect.stringContaining(`DataSubnet${n}`), 'AvailabilityZone'] })),
    );
  });
});

describe('named zones', () => {
  it.each([
    [['use1-az1'], /zones is 'use1-az1'; allowed: 2 or 3 zones/],
    [['use1-az1', 'use1-az2', 'use1-az4', 'use1-az5'], /allowed: 2 or 3 zones/],
    [['use1-az1', 'a'], /zones is 'a'; allowed: the id of an Availability Zone, such as use1-az1/],
    [['use1-az1', 'use1-az1'], /allowed: each zone once/],
    [['use1-az1', 'us-east-1b'], /allowed: ids or names, not both/],
    [['use1-az1', 'usw2-az2'], /zones is 'usw2-az2'; allowed: a zone of us-east-1, such as use1-az1/],
    [['us-east-1a', 'us-west-2a'], /zones is 'us-west-2a'; allowed: a zone of us-east-1/],
    [['use1-az1', 'us-east-1-bos-1a'], /allowed: the id of an Availability Zone/],
  ])('are refused when they are %o', (zones, message) => {
    expect(() => network(VIRGINIA, zones)).toThrow(message);
  });

  it.each([
    ['AWS::CloudFront::VpcOrigin', {}, /no CloudFront VPC origins/],
    ['AWS::RDS::DBProxy', {}, /no RDS Proxy/],
    ['AWS::ECS::TaskDefinition', { RuntimePlatform: { CpuArchitecture: 'ARM64' } }, /no Fargate with ARM64/],
  ])('are refused at synth where one lacks what is used: %s', (type, properties, message) => {
    const { stack } = network(VIRGINIA, ['use1-az1', 'use1-az3']);
    const other = new Stack(Stack.of(stack).node.root, 'Other', { env: VIRGINIA });
    new CfnResource(other, 'User', { type, properties });
    expect(() => Template.fromStack(stack)).toThrow(message);
    expect(() => Template.fromStack(stack)).toThrow(/zones is 'use1-az3'.*choose among use1-az1, use1-az2/);
  });

  it.each([
    ['AWS::ECS::TaskDefinition', { RuntimePlatform: { CpuArchitecture: 'X86_64' } }],
    ['AWS::SQS::Queue', {}],
  ])('are taken where nothing that they lack is used: %s', (type, properties) => {
    const { stack } = network(VIRGINIA, ['use1-az1', 'use1-az3']);
    new CfnResource(stack, 'User', { type, properties });
    expect(places(stack)).toEqual([{ id: 'use1-az1' }, { id: 'use1-az3' }]);
  });
});
