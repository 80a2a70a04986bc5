import { describe, expect, it } from 'vitest';
import { runRulesOnTemplates } from '../../../lib/checks';
import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { aurora } from './aurora-template-fixture';
import { PARAMETER, resources, table } from './rule-table-fixture';

const CLUSTER = 'AWS::RDS::DBCluster';
const INSTANCE = 'AWS::RDS::DBInstance';
const PROXY = 'AWS::RDS::DBProxy';
const POOL = 'AWS::RDS::DBProxyTargetGroup';
const FUNCTION = 'AWS::Lambda::Function';
const ROTATION = 'AWS::SecretsManager::RotationSchedule';
const ALARM = 'AWS::CloudWatch::Alarm';
const ACU = 'ServerlessV2ScalingConfiguration';

/** A database of one instance, as PostgreSQL on RDS. */
const instance = resources({
  Database: [
    INSTANCE,
    {
      Engine: 'postgres',
      DBInstanceClass: 'db.t4g.medium',
      BackupRetentionPeriod: 7,
      DBParameterGroupName: 'mine',
      PreferredMaintenanceWindow: 'sun:03:00-sun:04:00',
      MasterUserPassword: { 'Fn::Sub': '{{resolve:secretsmanager:$' + '{Login}:SecretString:password}}' },
    },
  ],
  Login: ['AWS::SecretsManager::Secret', {}],
  Rotation: [ROTATION, { SecretId: { Ref: 'Login' }, RotationRules: { AutomaticallyAfterDays: 30 } }],
});

const clusterAddress = (t: MutableTemplate) => ({ 'Fn::GetAtt': [t.id(CLUSTER), 'Endpoint.Address'] });
const direct = (t: MutableTemplate) => t.set(FUNCTION, 'Environment.Variables', { DATABASE: clusterAddress(t) }, 'Api');
const unbounded = (t: MutableTemplate) => {
  direct(t);
  t.drop('AWS::Lambda::EventSourceMapping', 'ScalingConfig');
};
const api = { subject: 'Api' };

table('rds-proxy-for-many-clients', FUNCTION, aurora, [
  { verdict: 'compliant', when: 'it holds the address of the proxy, and the port of the cluster', ...api },
  { verdict: 'violation', when: 'it holds the address of the cluster', change: unbounded, ...api, says: /straight to/ },
  { verdict: 'compliant', when: 'five connect at the most', change: direct, ...api },
  {
    verdict: 'violation',
    when: 'eleven may',
    change: (t) => {
      direct(t);
      t.set('AWS::Lambda::EventSourceMapping', 'ScalingConfig.MaximumConcurrency', 11);
    },
    ...api,
  },
  { verdict: 'not-applicable', when: 'development has no proxy', change: unbounded, strict: false, ...api },
  {
    verdict: 'not-applicable',
    when: 'it uses the Data API, which takes no connection',
    change: (t) =>
      t.set(FUNCTION, 'Environment.Variables', { CLUSTER: { 'Fn::GetAtt': [t.id(CLUSTER), 'DBClusterArn'] } }, 'Api'),
    ...api,
  },
  {
    verdict: 'not-applicable',
    when: 'it makes a custom resource',
    change: (t) => {
      unbounded(t);
      t.add('Schema', 'Custom::Schema', { ServiceToken: { 'Fn::GetAtt': [t.id(FUNCTION, 'Api'), 'Arn'] } });
    },
    ...api,
  },
  {
    verdict: 'cannot-tell',
    when: 'its variables are a parameter',
    change: (t) => t.set(FUNCTION, 'Environment.Variables', PARAMETER, 'Api'),
    ...api,
  },
]);

table('rds-proxy-for-many-clients', PROXY, aurora, [
  { verdict: 'compliant', when: 'CDK gives it a target, a secret and TLS' },
  { verdict: 'violation', when: 'it leads nowhere', change: (t) => t.remove(POOL), says: /DBProxyTargetGroup/ },
  {
    verdict: 'violation',
    when: 'it takes connections without TLS',
    change: (t) => t.set(PROXY, 'RequireTLS', false),
    says: /RequireTLS/,
  },
  { verdict: 'violation', when: 'it knows no login', change: (t) => t.drop(PROXY, 'Auth'), says: /no login/ },
  {
    verdict: 'compliant',
    when: 'IAM goes from end to end',
    change: (t) => {
      t.drop(PROXY, 'Auth');
      t.properties(PROXY)['DefaultAuthScheme'] = 'IAM_AUTH';
    },
  },
  { verdict: 'cannot-tell', when: 'TLS is a parameter', change: (t) => t.set(PROXY, 'RequireTLS', PARAMETER) },
]);

table('rds-backup-retention', CLUSTER, aurora, [
  { verdict: 'compliant', when: 'backups are kept for a week' },
  {
    verdict: 'violation',
    when: 'for a day, the default',
    change: (t) => t.drop(CLUSTER, 'BackupRetentionPeriod'),
    says: /1 days.*7 to 35/,
  },
  {
    verdict: 'compliant',
    when: 'for a day, in development',
    change: (t) => t.drop(CLUSTER, 'BackupRetentionPeriod'),
    strict: false,
  },
  {
    verdict: 'violation',
    when: 'for longer than RDS does',
    change: (t) => t.set(CLUSTER, 'BackupRetentionPeriod', 36),
  },
  {
    verdict: 'cannot-tell',
    when: 'for a parameter',
    change: (t) => t.set(CLUSTER, 'BackupRetentionPeriod', PARAMETER),
  },
]);

table('rds-backup-retention', INSTANCE, instance, [
  { verdict: 'compliant', when: 'backups are kept for a week' },
  {
    verdict: 'violation',
    when: 'there are none, in development',
    change: (t) => t.set(INSTANCE, 'BackupRetentionPeriod', 0),
    strict: false,
  },
  {
    verdict: 'not-applicable',
    when: 'it is a replica',
    change: (t) => (t.properties(INSTANCE)['SourceDBInstanceIdentifier'] = 'theirs'),
  },
  {
    verdict: 'not-applicable',
    when: 'its cluster has them',
    change: (t) => (t.properties(INSTANCE)['DBClusterIdentifier'] = 'theirs'),
  },
]);

table('rds-size-for-connections', INSTANCE, instance, [
  { verdict: 'compliant', when: 'it is medium' },
  {
    verdict: 'violation',
    when: 'it is micro',
    change: (t) => t.set(INSTANCE, 'DBInstanceClass', 'db.t3.micro'),
    says: /db\.t3\.micro/,
  },
  {
    verdict: 'compliant',
    when: 'it is micro in development',
    change: (t) => t.set(INSTANCE, 'DBInstanceClass', 'db.t3.micro'),
    strict: false,
  },
  {
    verdict: 'cannot-tell',
    when: 'its size is a parameter',
    change: (t) => t.set(INSTANCE, 'DBInstanceClass', PARAMETER),
  },
]);

table('rds-size-for-connections', CLUSTER, aurora, [
  { verdict: 'compliant', when: 'a proxy shares its connections' },
  {
    verdict: 'violation',
    when: 'a thousand functions connect, and 4 ACU take 823',
    change: unbounded,
    says: /1000 connections, and it takes 823/,
  },
  { verdict: 'compliant', when: 'five functions connect', change: direct },
  {
    verdict: 'compliant',
    when: 'it may grow',
    change: (t) => {
      unbounded(t);
      t.set(CLUSTER, `${ACU}.MaxCapacity`, 16);
    },
  },
  {
    verdict: 'violation',
    when: 'two proxies take it all',
    change: (t) => t.add('Second', POOL, { DBClusterIdentifiers: [{ Ref: t.id(CLUSTER) }] }),
    says: /200%/,
  },
]);

table('rds-connections-alarm', CLUSTER, aurora, [
  { verdict: 'compliant', when: 'somebody is told' },
  { verdict: 'violation', when: 'nobody is', change: (t) => t.remove(ALARM, 'Connections') },
  {
    verdict: 'not-applicable',
    when: 'nobody is, in development',
    change: (t) => t.remove(ALARM, 'Connections'),
    strict: false,
  },
]);

table('rds-connections-alarm', PROXY, aurora, [
  { verdict: 'compliant', when: 'both metrics are watched' },
  {
    verdict: 'violation',
    when: 'nobody sees who waits',
    change: (t) => t.removeAlarms('DatabaseConnectionsBorrowLatency'),
    says: /BorrowLatency/,
  },
]);

const java = (options: object) => (t: MutableTemplate) => {
  t.set(FUNCTION, 'Runtime', 'java21', 'Api');
  t.set(FUNCTION, 'Environment.Variables', { DATABASE: clusterAddress(t), ...options }, 'Api');
};

table('rds-dns-ttl-or-proxy', FUNCTION, aurora, [
  { verdict: 'compliant', when: 'it goes by the proxy', ...api },
  { verdict: 'violation', when: 'a JVM keeps names for good', change: java({}), ...api },
  {
    verdict: 'compliant',
    when: 'it keeps them for 5 s',
    change: java({ JAVA_TOOL_OPTIONS: '-Dsun.net.inetaddr.ttl=5' }),
    ...api,
  },
  {
    verdict: 'violation',
    when: 'it keeps them for a minute',
    change: java({ JAVA_TOOL_OPTIONS: '-Dsun.net.inetaddr.ttl=60' }),
    ...api,
  },
  { verdict: 'not-applicable', when: 'Node.js keeps none', change: direct, ...api },
]);

table('rds-dns-ttl-or-proxy', 'AWS::ECS::TaskDefinition', aurora, [
  {
    verdict: 'violation',
    when: 'a container runs java',
    change: (t) => {
      const Environment = [{ Name: 'DATABASE', Value: clusterAddress(t) }];
      t.add('Task', 'AWS::ECS::TaskDefinition', {
        ContainerDefinitions: [{ Command: ['java', '-jar', 'api.jar'], Environment }],
      });
    },
  },
]);

table('rds-own-parameter-group', CLUSTER, aurora, [
  { verdict: 'compliant', when: 'the group is in the stack' },
  {
    verdict: 'violation',
    when: 'there is none',
    change: (t) => t.drop(CLUSTER, 'DBClusterParameterGroupName'),
    says: /default/,
  },
  {
    verdict: 'violation',
    when: "it is RDS's",
    change: (t) => t.set(CLUSTER, 'DBClusterParameterGroupName', 'default.aurora-postgresql16'),
  },
  {
    verdict: 'violation',
    when: 'AWS chooses when',
    change: (t) => t.drop(CLUSTER, 'PreferredMaintenanceWindow'),
    says: /Window/,
  },
  {
    verdict: 'cannot-tell',
    when: 'it is a parameter',
    change: (t) => t.set(CLUSTER, 'DBClusterParameterGroupName', PARAMETER),
  },
]);

table('secrets-rotation', CLUSTER, aurora, [
  { verdict: 'compliant', when: 'CDK rotates the secret that is attached to it' },
  { verdict: 'violation', when: 'nothing rotates it', change: (t) => t.remove(ROTATION) },
  {
    verdict: 'compliant',
    when: 'RDS manages and rotates the password',
    change: (t) => {
      t.drop(CLUSTER, 'MasterUserPassword');
      t.properties(CLUSTER)['ManageMasterUserPassword'] = true;
    },
  },
  {
    verdict: 'violation',
    when: 'the password is in the template',
    change: (t) => t.set(CLUSTER, 'MasterUserPassword', 'hunter2'),
  },
  {
    verdict: 'cannot-tell',
    when: 'the password is a parameter',
    change: (t) => t.set(CLUSTER, 'MasterUserPassword', PARAMETER),
  },
  {
    verdict: 'cannot-tell',
    when: 'the secret is elsewhere',
    change: (t) => t.set(CLUSTER, 'MasterUserPassword', '{{resolve:secretsmanager:theirs:SecretString:password}}'),
  },
]);

table('secrets-rotation', INSTANCE, instance, [
  { verdict: 'compliant', when: 'a schedule names its secret' },
  { verdict: 'violation', when: 'there is no schedule', change: (t) => t.remove(ROTATION) },
  {
    verdict: 'violation',
    when: 'the schedule is of another',
    change: [
      (t) => t.add('Other', 'AWS::SecretsManager::Secret', {}),
      (t) => t.set(ROTATION, 'SecretId', { Ref: 'Other' }),
    ],
  },
  {
    verdict: 'not-applicable',
    when: 'it is a replica',
    change: (t) => (t.properties(INSTANCE)['SourceDBInstanceIdentifier'] = 'theirs'),
  },
]);

table('secrets-rotation', PROXY, aurora, [
  { verdict: 'compliant', when: 'the secret that it logs in with rotates' },
  { verdict: 'violation', when: 'it does not', change: (t) => t.remove(ROTATION) },
  { verdict: 'not-applicable', when: 'it needs none', change: (t) => t.drop(PROXY, 'Auth') },
]);

describe('references to another stack', () => {
  const ids = aurora.Resources ?? {};
  const cluster = Object.keys(ids).find((id) => ids[id]?.Type === CLUSTER) ?? '';
  const Outputs = { Host: { Value: { 'Fn::GetAtt': [cluster, 'Endpoint.Address'] } } };
  const DATABASE = { 'Fn::GetStackOutput': { StackName: 'Data', OutputName: 'Host', Region: 'eu-west-1' } };
  const Api = { Type: FUNCTION, Properties: { Environment: { Variables: { DATABASE } } } };
  const of = (id: string, Host: object | undefined) =>
    runRulesOnTemplates({
      Data: { ...aurora, ...(Host === undefined ? {} : { Outputs: Host as typeof Outputs }) },
      App: { Resources: { Api } },
    }).find((finding) => finding.id === id && finding.resource.stack === 'App')?.verdict.kind;

  it('are followed to the database', () => {
    expect(of('rds-proxy-for-many-clients', Outputs)).toBe('violation');
    expect(of('rds-proxy-for-many-clients', undefined)).toBeUndefined();
  });
});
