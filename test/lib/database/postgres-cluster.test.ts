import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { AuroraPostgresEngineVersion, DatabaseCluster, DatabaseClusterEngine } from 'aws-cdk-lib/aws-rds';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES, stages } from '../../../lib';
import { refuseTooManyConnections } from '../../../lib/database/connection-limits';
import { PostgresCluster, type PostgresClusterProps } from '../../../lib/database/postgres-cluster';
import { PostgresProxy } from '../../../lib/database/postgres-proxy';
import { maxConnections, RESERVED_CONNECTIONS } from '../../../lib/facts/postgres-connections';
import { deployedName } from '../../fixtures/deployed-name';
import { resourcesOf } from '../../synthesize';
import { bareStack, type DataStackProps, dataStack } from './data-stack-fixture';

const templateOf = (props: DataStackProps = {}) => Template.fromStack(dataStack(props).stack);

/** The one resource of a type. */
function only(template: Template, type: string) {
  const [first, ...more] = Object.values(resourcesOf(template, type));
  if (first === undefined || more.length > 0) throw new Error(`Not exactly one ${type}`);
  return first;
}

describe('PostgresCluster', () => {
  it.each([
    ['dev', { min: 0, max: 2, days: 7, instances: 1 }],
    ['staging', { min: 0.5, max: 4, days: 14, instances: 2 }],
    ['prod', { min: 1, max: 16, days: 35, instances: 2 }],
  ] as const)('has the sizes of %s', (stage, { min, max, days, instances }) => {
    const template = templateOf({ stage });
    template.hasResourceProperties('AWS::RDS::DBCluster', {
      ServerlessV2ScalingConfiguration: {
        MinCapacity: min,
        MaxCapacity: max,
        SecondsUntilAutoPause: min === 0 ? 300 : Match.absent(),
      },
      BackupRetentionPeriod: days,
      DeletionProtection: stage === 'prod',
    });
    template.resourceCountIs('AWS::RDS::DBInstance', instances);
  });

  it.each(STAGE_NAMES)('is encrypted, takes TLS and IAM alone, and keeps no password of ours in %s', (stage) => {
    const template = templateOf({ stage });
    const key = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] };
    template.hasResourceProperties('AWS::RDS::DBCluster', {
      StorageEncrypted: true,
      KmsKeyId: key,
      EnableIAMDatabaseAuthentication: true,
      ManageMasterUserPassword: true,
      MasterUserSecret: { KmsKeyId: key },
      MasterUsername: 'administrator',
      MasterUserPassword: Match.absent(),
      EnableHttpEndpoint: true,
      CopyTagsToSnapshot: true,
      DatabaseName: 'app',
      PreferredMaintenanceWindow: Match.anyValue(),
      PreferredBackupWindow: Match.anyValue(),
      AllocatedStorage: Match.absent(),
    });
    template.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
      Family: 'aurora-postgresql17',
      Parameters: Match.objectLike({ 'rds.force_ssl': '1', log_parameter_max_length: '0' }),
    });
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    template.allResourcesProperties('AWS::RDS::DBInstance', {
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: true,
      PreferredMaintenanceWindow: Match.anyValue(),
    });
  });

  it('puts each instance into the next zone, and lets the first reader take over', () => {
    const instances = Object.values(
      resourcesOf(templateOf({ stage: 'prod', database: { readers: 2 } }), 'AWS::RDS::DBInstance'),
    );
    const at = (index: number) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] });
    expect(instances.map(({ Properties }) => [Properties['PromotionTier'], Properties['AvailabilityZone']])).toEqual([
      [0, at(0)],
      [1, at(1)],
      [1, at(2)],
    ]);
  });

  it('has the log group that RDS writes to before RDS has, with a retention', () => {
    const template = templateOf({ stage: 'prod' });
    const [[id, group] = []] = Object.entries(resourcesOf(template, 'AWS::Logs::LogGroup')).filter(
      ([, { Properties }]) => JSON.stringify(Properties['LogGroupName'] ?? '').includes('/aws/rds/cluster/'),
    );
    const cluster = only(template, 'AWS::RDS::DBCluster');
    const name = deployedName(cluster.Properties['DBClusterIdentifier']);
    expect(deployedName(group?.Properties['LogGroupName'])).toBe(`/aws/rds/cluster/${name}/postgresql`);
    expect(group?.Properties['RetentionInDays']).toBe(365);
    expect(cluster).toMatchObject({ DependsOn: expect.arrayContaining([id]) });
    expect(cluster.Properties['EnableCloudwatchLogsExports']).toEqual(['postgresql']);
    expect(name).toMatch(/^[a-z](-?[a-z0-9]){0,62}$/);
  });

  it('stays when the stack of prod goes, with all that it hangs on, and goes in dev', () => {
    const types = [
      'AWS::RDS::DBCluster',
      'AWS::RDS::DBInstance',
      'AWS::RDS::DBClusterParameterGroup',
      'AWS::RDS::DBSubnetGroup',
    ];
    for (const type of types) {
      const [prod, dev] = [templateOf({ stage: 'prod' }), templateOf()].map((template) => resourcesOf(template, type));
      for (const { DeletionPolicy } of Object.values(prod ?? {}))
        expect([type, DeletionPolicy]).toEqual([type, 'RetainExceptOnCreate']);
      for (const { DeletionPolicy } of Object.values(dev ?? {})) expect(String(DeletionPolicy)).not.toMatch(/^Retain/);
    }
    const [group] = Object.entries(resourcesOf(templateOf({ stage: 'prod' }), 'AWS::EC2::SecurityGroup')).filter(
      ([id]) => id.startsWith('Database'),
    );
    expect(group?.[1].DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  it('leaves no name taken: by a first deployment that failed, or by a proxy that is no more', () => {
    const policies = (stage: 'dev' | 'prod') =>
      Object.fromEntries(
        Object.values(resourcesOf(templateOf({ stage }), 'AWS::Logs::LogGroup'))
          .filter(({ Properties }) => Properties['LogGroupName'] !== undefined)
          .map(({ Properties, DeletionPolicy }) => [
            deployedName(Properties['LogGroupName']).split('/').slice(0, 4).join('/'),
            DeletionPolicy,
          ]),
      );
    expect(policies('prod')).toEqual({ '/aws/rds/cluster': 'RetainExceptOnCreate', '/aws/rds/proxy': 'Delete' });
    expect(policies('dev')).toEqual({ '/aws/rds/cluster': 'Delete' });
  });

  it('lets in who is named, by group, and nobody else', () => {
    const template = templateOf({ stage: 'prod' });
    const ingress = Object.values(resourcesOf(template, 'AWS::EC2::SecurityGroupIngress'));
    const reached = ingress.map(({ Properties }) => [
      JSON.stringify(Properties['SourceSecurityGroupId']),
      JSON.stringify(Properties['GroupId']),
      Properties['FromPort'],
      Properties['ToPort'],
    ]);
    const group = (name: string) => expect.stringContaining(`"${name}SecurityGroup`);
    expect(reached).toEqual(
      expect.arrayContaining([
        [group('Clients'), group('Database'), 5432, 5432],
        [group('Proxy'), group('Database'), 5432, 5432],
        [group('Clients'), group('Proxy'), 5432, 5432],
        [group('Clients'), group('Cache'), 6379, 6379],
      ]),
    );
    expect(reached).toHaveLength(4);
    const inline = Object.values(resourcesOf(template, 'AWS::EC2::SecurityGroup')).flatMap(
      ({ Properties }) => Properties['SecurityGroupIngress'] ?? [],
    );
    expect(inline).toEqual([]);
  });

  it('grants the connection as one user to this cluster alone', () => {
    const { stack, database } = dataStack();
    const role = new Role(stack, 'Role', { assumedBy: new AccountPrincipal('111122223333') });
    database.grantConnect(role, 'app');
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^Role') }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'rds-db:connect',
            Resource: {
              'Fn::Join': [
                '',
                Match.arrayWith([':dbuser:', { 'Fn::GetAtt': [Match.anyValue(), 'DBClusterResourceId'] }, '/app']),
              ],
            },
          },
        ],
      },
    });
  });

  it('can be there twice in a stack', () => {
    const { stack, network, encryptionKey, stage } = dataStack();
    const common = { stage, encryptionKey, vpc: network.vpc, subnets: network.dataSubnets, databaseName: 'app' };
    new PostgresCluster(stack, 'Other', common);
    const clusters = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::RDS::DBCluster'));
    expect(new Set(clusters.map(({ Properties }) => Properties['DBClusterIdentifier'])).size).toBe(2);
  });

  it.each([
    ['dev', { minCapacity: 0.7 }, "minCapacity is '0.7 ACU'"],
    ['dev', { minCapacity: -0.5 }, 'minCapacity'],
    ['dev', { minCapacity: 256.5 }, 'minCapacity'],
    ['dev', { minCapacity: Number.NaN }, 'minCapacity'],
    [
      'prod',
      { minCapacity: 0 },
      "minCapacity is '0 ACU'; allowed: at least 0.5 ACU in prod. [aurora-serverless-bounds]",
    ],
    ['dev', { maxCapacity: 0.5 }, "maxCapacity is '0.5 ACU'; allowed: 1 to 256 ACU in steps of 0.5"],
    ['dev', { maxCapacity: 300 }, 'maxCapacity'],
    ['prod', { minCapacity: 8, maxCapacity: 4 }, "maxCapacity is '4 ACU'; allowed: 8 to 256 ACU"],
    ['dev', { readers: 16 }, 'readers is 16; allowed: 0 to 15 in dev'],
    ['dev', { readers: 0.5 }, 'readers'],
    ['prod', { readers: 0 }, 'readers is 0; allowed: 1 to 15 in prod. [aurora-reader-second-az]'],
    [
      'dev',
      { backupRetention: Duration.days(6) },
      "backupRetention is '6 days'; allowed: 7 to 35 whole days. [rds-backup-retention]",
    ],
    ['dev', { backupRetention: Duration.days(36) }, 'backupRetention'],
    ['dev', { backupRetention: Duration.hours(180) }, "backupRetention is '7.5 days'"],
    ['dev', { autoPause: Duration.seconds(299) }, "autoPause is '299 s'; allowed: 300 s to 86400 s"],
    ['dev', { autoPause: Duration.hours(25) }, 'autoPause'],
  ] satisfies [(typeof STAGE_NAMES)[number], Partial<PostgresClusterProps>, string][])(
    'refuses in %s %o',
    (stage, database, message) => {
      expect(() => dataStack({ stage, database })).toThrow(message);
    },
  );

  it.each([
    [{ minCapacity: 0.5, maxCapacity: 1 }],
    [{ minCapacity: 64 }],
    [{ minCapacity: 256, maxCapacity: 256 }],
    [{ readers: 15, backupRetention: Duration.days(7) }],
  ] satisfies [Partial<PostgresClusterProps>][])('takes %o', (database) => {
    expect(() => dataStack({ stage: 'prod', database })).not.toThrow();
  });
});

describe('PostgresProxy', () => {
  it('knows clients, and is known, by IAM, over TLS alone', () => {
    const template = templateOf({ stage: 'prod' });
    template.hasResourceProperties('AWS::RDS::DBProxy', {
      DefaultAuthScheme: 'IAM_AUTH',
      Auth: Match.absent(),
      RequireTLS: true,
      EngineFamily: 'POSTGRESQL',
      IdleClientTimeout: 1800,
    });
    template.hasResourceProperties('AWS::RDS::DBProxyTargetGroup', {
      DBClusterIdentifiers: [{ Ref: Match.stringLikeRegexp('^DatabaseCluster') }],
      ConnectionPoolConfigurationInfo: {
        ConnectionBorrowTimeout: 10,
        MaxConnectionsPercent: 90,
        MaxIdleConnectionsPercent: 50,
      },
    });
  });

  it('may be the one user at the one cluster', () => {
    const policies = Object.entries(resourcesOf(templateOf({ stage: 'prod' }), 'AWS::IAM::Policy')).filter(([id]) =>
      id.startsWith('ProxyRole'),
    );
    const [[, policy] = []] = policies;
    const document = (policy?.Properties['PolicyDocument'] ?? {}) as {
      Statement?: { Action: unknown; Resource: unknown }[];
    };
    const { Statement = [] } = document;
    expect(Statement).toHaveLength(1);
    expect(Statement[0]?.Action).toBe('rds-db:connect');
    expect(JSON.stringify(Statement[0]?.Resource)).toMatch(/DBClusterResourceId.*"\/app"/);
  });

  it('comes after the instances, which it would be refused without', () => {
    const template = templateOf({ stage: 'prod' });
    const instances = Object.keys(resourcesOf(template, 'AWS::RDS::DBInstance'));
    expect(only(template, 'AWS::RDS::DBProxyTargetGroup')).toMatchObject({
      DependsOn: expect.arrayContaining(instances),
    });
  });

  it('has an endpoint for reads where there is a reader, and the writer answers them elsewhere', () => {
    const { stack, proxy } = dataStack({ stage: 'prod' });
    Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBProxyEndpoint', { TargetRole: 'READ_ONLY' });
    expect(stack.resolve(proxy?.hosts.reader)).toEqual({
      'Fn::GetAtt': [expect.stringContaining('ReadEndpoint'), 'Endpoint'],
    });
    const alone = dataStack({ stage: 'staging', database: { readers: 0 } });
    Template.fromStack(alone.stack).resourceCountIs('AWS::RDS::DBProxyEndpoint', 0);
    expect(alone.proxy?.hosts.reader).toBe(alone.proxy?.hosts.writer);
  });

  it('grants the connection as its user to this proxy alone', () => {
    const { stack, proxy } = dataStack({ stage: 'prod' });
    const role = new Role(stack, 'Client', { assumedBy: new AccountPrincipal('111122223333') });
    proxy?.grantConnect(role);
    const [[, policy] = []] = Object.entries(resourcesOf(Template.fromStack(stack), 'AWS::IAM::Policy')).filter(
      ([id]) => id.startsWith('Client'),
    );
    const document = JSON.stringify(policy?.Properties['PolicyDocument']);
    expect(document).toMatch(/"rds-db:connect".*DBProxyArn.*"\/app"/);
  });

  it('refuses a cluster that pauses: its connections would keep it awake', () => {
    expect(() => dataStack({ stage: 'dev', proxy: true })).toThrow('[aurora-serverless-bounds]');
    expect(() => dataStack({ stage: 'dev', proxy: true, database: { minCapacity: 0.5 } })).not.toThrow();
  });

  it('stands in front of a cluster that was brought', () => {
    const { stack, encryptionKey } = bareStack();
    const vpc = new Vpc(stack, 'Vpc');
    const group = (id: string) => new SecurityGroup(stack, id, { vpc, allowAllOutbound: false });
    const [own, clients] = [group('Own'), group('Clients')];
    const cluster = DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Brought', {
      clusterIdentifier: 'brought',
      clusterResourceIdentifier: 'cluster-ABC',
      engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_17_9 }),
      port: 5433,
      securityGroups: [own],
      clusterEndpointAddress: 'brought.example.com',
    });
    const common = { stage: stages.prod, encryptionKey, vpc, subnets: { subnets: vpc.privateSubnets } };
    new PostgresProxy(stack, 'Proxy', { ...common, database: { cluster }, clients, user: 'app' });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::RDS::DBProxyTargetGroup', { DBClusterIdentifiers: ['brought'] });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Own'), 'GroupId'] },
      FromPort: 5433,
    });
  });
});

describe('connections of a cluster', () => {
  it('must be enough for all clients at once', () => {
    const { stack } = bareStack();
    const demand = { prop: 'scaling.concurrency', poolSize: 2, minCapacity: 0, maxCapacity: 2 };
    const fit = Math.floor((maxConnections(0, 2) - RESERVED_CONNECTIONS) / 2);
    expect(() => refuseTooManyConnections(stack, { ...demand, clients: fit })).not.toThrow();
    expect(() => refuseTooManyConnections(stack, { ...demand, clients: fit + 1 })).toThrow(
      `scaling.concurrency is '${fit + 1}, with 2 connections each: ${2 * (fit + 1)}'; allowed: at most ${fit}: at 2 ACU`,
    );
  });
});
