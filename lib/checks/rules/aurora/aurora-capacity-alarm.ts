import { databaseAlarms, isServerless } from '../../relational-database';
import { mustHold, notApplicable, type Rule } from '../../rule';

const PERCENT = 90;

export const auroraCapacityAlarm: Rule = {
  id: 'aurora-capacity-alarm',
  title: 'An alarm watches how near a serverless cluster is to its maximum capacity, at 90% or below',
  why: 'Aurora Serverless v2 scales up to MaxCapacity and no further. At the ceiling queries only grow slower, and without an alarm your users notice first.',
  fix: 'Add a CloudWatch alarm on ACUUtilization of AWS/RDS for the cluster with a Threshold of at most 90 (metricACUUtilization in the CDK).',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html',
  example: {
    fixed: {
      Cluster: {
        Type: 'AWS::RDS::DBCluster',
        Properties: {
          Engine: 'aurora-postgresql',
          ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 4 },
        },
      },
      Capacity: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/RDS',
          MetricName: 'ACUUtilization',
          Dimensions: [{ Name: 'DBClusterIdentifier', Value: { Ref: 'Cluster' } }],
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          Threshold: 90,
        },
      },
    },
    broken: [
      { Capacity: null },
      { 'Capacity.Properties.Threshold': 91 },
      { 'Capacity.Properties.Dimensions.0.Value': 'another-cluster' },
    ],
  },
  types: ['AWS::RDS::DBCluster'],
  check: (cluster, inventory) => {
    // Development does without: each alarm costs (see README, what it costs).
    if (!isServerless(cluster) || !inventory.strict) return notApplicable;
    const alarms = databaseAlarms('ACUUtilization', cluster, inventory);
    return mustHold(
      alarms.some((alarm) => (alarm.number('Threshold') ?? Number.POSITIVE_INFINITY) <= PERCENT),
      `no alarm on ACUUtilization; allowed: at ${PERCENT}% or below`,
    );
  },
};
