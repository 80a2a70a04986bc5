import type { CatalogueRow } from '../catalogue-row';

/** Databases - RDS (guide 137-151). */
export const rdsRows = [
  {
    id: 'rds-multi-az',
    guideLines: ['140'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: 'Multi-AZ gives a synchronous failover standby and is not the same as a read replica.',
    condition:
      '`AWS::RDS::DBInstance.MultiAZ == true` for non-Aurora (cdk-nag `AwsSolutions-RDS3`); Aurora see `aurora-reader-second-az`',
  },
  {
    id: 'rds-replica-lag-handled',
    guideLines: ['141'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['handler'],
    claim: 'Replicas are asynchronous, so a read that must see its own write goes to the writer.',
    condition:
      'repository-layer test: read-after-write path uses `WRITER_HOST`; only flagged queries use the reader endpoint',
  },
  {
    id: 'rds-proxy-for-many-clients',
    guideLines: ['142', '149', '358'],
    tier: 1,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default', 'refused at synth'],
    claim: 'Thousands of Lambda/container connections need RDS Proxy pooling.',
    condition:
      "prod: `AWS::RDS::DBProxy` + `DBProxyTargetGroup` exist when compute is Lambda; function env holds the proxy endpoint and not the database's, unless at most 10 executions run at once; `Auth[].SecretArn` or `DefaultAuthScheme: IAM_AUTH`, `RequireTLS: true`",
  },
  {
    id: 'rds-backup-retention',
    guideLines: ['143'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default', 'refused at synth'],
    claim: 'Point-in-time recovery keeps up to 35 days; snapshots for longer.',
    condition: '`BackupRetentionPeriod` in 7..35 in prod, 1..35 in dev (CDK default omits it => 1 day)',
  },
  {
    id: 'rds-size-for-connections',
    guideLines: ['148'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['refused at synth'],
    claim: 'Connection limits follow instance size; a tiny dev instance takes production down.',
    condition:
      'prod profile rejects `db.t*.micro/small`; `maxFunctionConcurrency x poolSize` (or proxy `MaxConnectionsPercent`) must fit the class/ACU connection limit, else synth error. Not caught by CDK (t3.micro passes)',
  },
  {
    id: 'rds-connections-alarm',
    guideLines: ['148'],
    tier: 2,
    derived: true,
    patterns: ['web-app'],
    mechanisms: ['alarm'],
    claim: 'Connection exhaustion should page before it fails.',
    condition:
      'alarm on `AWS/RDS DatabaseConnections` >= 80% of computed max; with proxy also `ClientConnections`, `DatabaseConnectionsBorrowLatency`',
  },
  {
    id: 'rds-dns-ttl-or-proxy',
    guideLines: ['149'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default', 'handler'],
    claim: 'Failover moves DNS; clients that cache it keep hitting the dead node.',
    condition:
      'proxy endpoint used, or JVM containers carry `-Dsun.net.inetaddr.ttl=5` (`networkaddress.cache.ttl` is a java.security property, not a -D flag); Node pool test: connection error => pool destroyed, new lookup, one retry',
  },
  {
    id: 'rds-own-parameter-group',
    guideLines: ['150-151'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: 'Parameter changes often need a reboot, so plan them in a maintenance window.',
    condition:
      '`DBClusterParameterGroupName` is a stack-owned `AWS::RDS::DBClusterParameterGroup` (not `default.*`); `PreferredMaintenanceWindow` set; changes flagged in docs',
  },
] as const satisfies readonly CatalogueRow[];
