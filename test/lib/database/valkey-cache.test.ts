import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import type { STAGE_NAMES } from '../../../lib';
import { ValkeyCache, type ValkeyCacheProps } from '../../../lib/database/valkey-cache';
import { deployedName } from '../../fixtures/deployed-name';
import { CACHE_ACCESS } from '../../fixtures/redis';
import { resourcesOf } from '../../synthesize';
import { dataStack } from './data-stack-fixture';

const templateOf = (stage: (typeof STAGE_NAMES)[number] = 'dev') => Template.fromStack(dataStack({ stage }).stack);

describe('ValkeyCache', () => {
  it.each([
    ['dev', 1, 1000, undefined],
    ['staging', 1, 5000, undefined],
    ['prod', 10, 50_000, 1],
  ] as const)('is bounded and encrypted in %s', (stage, gb, ecpu, snapshots) => {
    templateOf(stage).hasResourceProperties('AWS::ElastiCache::ServerlessCache', {
      Engine: 'valkey',
      CacheUsageLimits: { DataStorage: { Maximum: gb, Unit: 'GB' }, ECPUPerSecond: { Maximum: ecpu } },
      KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
      SnapshotRetentionLimit: snapshots ?? Match.absent(),
      DailySnapshotTime: snapshots === undefined ? Match.absent() : Match.anyValue(),
    });
  });

  it('lies in the subnets of the data, in a group that names its clients', () => {
    templateOf().hasResourceProperties('AWS::ElastiCache::ServerlessCache', {
      SubnetIds: [1, 2].map((n) => ({ Ref: Match.stringLikeRegexp(`DataSubnet${n}`) })),
      SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^CacheSecurityGroup'), 'GroupId'] }],
    });
  });

  it('has one user, who logs in by IAM, whose name is therefore its id, and no user for everyone', () => {
    const template = templateOf();
    const [user, ...others] = Object.entries(resourcesOf(template, 'AWS::ElastiCache::User'));
    expect(others).toEqual([]);
    const { UserId, UserName, AuthenticationMode } = user?.[1].Properties ?? {};
    expect(UserName).toEqual(UserId);
    expect(deployedName(UserId)).toMatch(/^[a-z](-?[a-z0-9]){0,39}$/);
    expect(AuthenticationMode).toEqual({ Type: 'iam' });
    template.hasResourceProperties('AWS::ElastiCache::UserGroup', { Engine: 'valkey', UserIds: [{ Ref: user?.[0] }] });
    const [cache] = Object.values(resourcesOf(template, 'AWS::ElastiCache::ServerlessCache'));
    const [group] = Object.keys(resourcesOf(template, 'AWS::ElastiCache::UserGroup'));
    expect(cache?.Properties['UserGroupId']).toEqual({ Ref: group });
  });

  it('lets that user do what the application was seen to need on a real server, and no more', () => {
    const [user] = Object.values(resourcesOf(templateOf(), 'AWS::ElastiCache::User'));
    const words = String(user?.Properties['AccessString']).split(' ');
    // Valkey gives a new user no channels; the server of the tests has to be told.
    const proven = CACHE_ACCESS.split(' ').filter((word) => word !== 'resetchannels');
    expect(words).toEqual(['on', ...proven]);
  });

  it('grants the connection to this cache as this user alone', () => {
    const { stack, cache } = dataStack();
    cache.grantConnect(new Role(stack, 'Role', { assumedBy: new AccountPrincipal('111122223333') }));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^Role') }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'elasticache:Connect',
            Resource: [
              { 'Fn::GetAtt': [Match.stringLikeRegexp('^Cache(?!User)'), 'ARN'] },
              { 'Fn::GetAtt': [Match.stringLikeRegexp('^CacheUser'), 'Arn'] },
            ],
          },
        ],
      },
    });
  });

  it.each(['staging', 'prod'] as const)(
    'fits into the names that ElastiCache takes, twice in a stack, in %s',
    (stage) => {
      const { stack, network, encryptionKey, clients, stage: settings } = dataStack({ stage });
      const { vpc, dataSubnets: subnets } = network;
      const id = 'AnotherCacheWithANameThatIsLongerThanElastiCacheTakes';
      new ValkeyCache(stack, id, { stage: settings, encryptionKey, vpc, subnets, clients, keyPrefix: 'other:' });
      const caches = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::ElastiCache::ServerlessCache'));
      const names = caches.map(({ Properties }) => deployedName(Properties['ServerlessCacheName']));
      expect(new Set(names).size).toBe(2);
      for (const name of names) expect(name).toMatch(/^[a-z](-?[a-z0-9]){0,39}$/);
    },
  );

  it.each([
    [{ maxGb: 0 }, "maxGb is '0 GB'; allowed: a whole number of GB, 1 to 5000. [cache-serverless-limits]"],
    [{ maxGb: 5001 }, 'maxGb'],
    [{ maxGb: 1.5 }, 'maxGb'],
    [
      { maxEcpuPerSecond: 999 },
      "maxEcpuPerSecond is '999 ECPU/s'; allowed: a whole number of ECPU/s, 1000 to 15000000",
    ],
    [{ maxEcpuPerSecond: 15_000_001 }, 'maxEcpuPerSecond'],
    [{ keyPrefix: '*' }, "keyPrefix is '*'"],
    [{ keyPrefix: 'item' }, 'keyPrefix'],
    [{ keyPrefix: 'item: ~*' }, 'keyPrefix'],
  ] satisfies [Partial<ValkeyCacheProps>, string][])('refuses %o', (cache, message) => {
    expect(() => dataStack({ cache })).toThrow(message);
  });
});
