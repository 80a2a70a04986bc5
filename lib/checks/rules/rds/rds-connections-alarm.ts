import { DATABASES, databaseAlarms, isMember } from '../../relational-database';
import { mustHold, notApplicable, type Rule, verdict } from '../../rule';

export const rdsConnectionsAlarm: Rule = {
  id: 'rds-connections-alarm',
  title: 'Alarms watch the connections of a database, and those of its proxy',
  why: 'A database refuses connections beyond a number that its size sets, and then every request fails at once. The number of connections shows it some minutes before.',
  fix: 'Add an alarm on DatabaseConnections at 80% of what the database takes; for a proxy, alarms on ClientConnections and DatabaseConnectionsBorrowLatency.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html',
  example: {
    fixed: {
      Database: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-postgresql' } },
      Connections: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/RDS',
          MetricName: 'DatabaseConnections',
          Dimensions: [{ Name: 'DBClusterIdentifier', Value: { Ref: 'Database' } }],
          Threshold: 150,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        },
      },
      Proxy: { Type: 'AWS::RDS::DBProxy', Properties: { DBProxyName: 'orders', EngineFamily: 'POSTGRESQL' } },
      Clients: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/RDS',
          MetricName: 'ClientConnections',
          Dimensions: [{ Name: 'ProxyName', Value: { Ref: 'Proxy' } }],
          Threshold: 800,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        },
      },
      BorrowLatency: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/RDS',
          MetricName: 'DatabaseConnectionsBorrowLatency',
          Dimensions: [{ Name: 'ProxyName', Value: { Ref: 'Proxy' } }],
          Threshold: 1000000,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        },
      },
    },
    broken: [
      { Connections: null },
      { 'Connections.Properties.ComparisonOperator': 'LessThanThreshold' },
      { Clients: null },
      { BorrowLatency: null },
    ],
  },
  types: [...DATABASES, 'AWS::RDS::DBProxy'],
  check: (resource, inventory) => {
    // Development does without: each alarm costs (see README, what it costs).
    if (!inventory.strict || isMember(resource)) return notApplicable;
    if (resource.type === 'AWS::RDS::DBProxy') {
      return verdict(
        ['ClientConnections', 'DatabaseConnectionsBorrowLatency'].map(
          (metric) =>
            inventory.alarmsOn('AWS/RDS', metric, resource).length === 0 && `no alarm on ${metric} of the proxy`,
        ),
      );
    }
    return mustHold(
      databaseAlarms('DatabaseConnections', resource, inventory).length > 0,
      'no alarm on DatabaseConnections; allowed: at 80% of what it takes, or below',
    );
  },
};
