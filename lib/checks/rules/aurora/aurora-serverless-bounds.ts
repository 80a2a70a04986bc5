import { isServerless, proxyTargetsOf } from '../../relational-database';
import { notApplicable, type Rule, verdict } from '../../rule';

/** AWS: Aurora Serverless v2, capacity. */
const STEP = 0.5;
const LARGEST = 256;
const SMALLEST_MAXIMUM = 1;

export const auroraServerlessBounds: Rule = {
  id: 'aurora-serverless-bounds',
  title: 'A serverless cluster scales from at least 0.5 up to 256 capacity units, in steps of 0.5',
  why: 'MaxCapacity bounds the bill, and RDS refuses sizes that do not exist. With a minimum of 0 the cluster pauses: the first request then waits about 15 seconds, and behind a proxy it never pauses at all.',
  fix: 'Set MinCapacity of ServerlessV2ScalingConfiguration to 0.5 or more and MaxCapacity to 1 to 256, both multiples of 0.5 (serverlessV2MinCapacity and serverlessV2MaxCapacity in the CDK).',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html',
  example: {
    fixed: {
      Cluster: {
        Type: 'AWS::RDS::DBCluster',
        Properties: {
          Engine: 'aurora-postgresql',
          ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 256 },
        },
      },
      Small: {
        Type: 'AWS::RDS::DBCluster',
        Properties: {
          Engine: 'aurora-postgresql',
          ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 1 },
        },
      },
    },
    broken: [
      { 'Cluster.Properties.ServerlessV2ScalingConfiguration.MinCapacity': 0 },
      { 'Cluster.Properties.ServerlessV2ScalingConfiguration.MinCapacity': null },
      { 'Cluster.Properties.ServerlessV2ScalingConfiguration.MinCapacity': 0.7 },
      { 'Cluster.Properties.ServerlessV2ScalingConfiguration.MaxCapacity': 256.5 },
      { 'Cluster.Properties.ServerlessV2ScalingConfiguration.MaxCapacity': null },
      { 'Small.Properties.ServerlessV2ScalingConfiguration.MinCapacity': 1.5 },
      { 'Small.Properties.ServerlessV2ScalingConfiguration': { MinCapacity: 0.5, MaxCapacity: 0.5 } },
    ],
  },
  types: ['AWS::RDS::DBCluster'],
  check: (cluster, inventory) => {
    if (!isServerless(cluster)) return notApplicable;
    const smallest = cluster.number('ServerlessV2ScalingConfiguration.MinCapacity');
    const largest = cluster.number('ServerlessV2ScalingConfiguration.MaxCapacity');
    const odd = [smallest, largest].filter((acu) => acu !== undefined && acu % STEP !== 0);
    const bounded = smallest !== undefined && largest !== undefined;
    return verdict([
      !bounded && 'MinCapacity and MaxCapacity are not both set',
      odd.length > 0 && `${odd.join(' and ')} ACU; allowed: multiples of ${STEP}`,
      bounded && smallest > largest && `MinCapacity ${smallest} is above MaxCapacity ${largest}`,
      bounded && smallest < 0 && `MinCapacity is ${smallest}; allowed: 0, or ${STEP} and more`,
      bounded &&
        (largest > LARGEST || largest < SMALLEST_MAXIMUM) &&
        `MaxCapacity is ${largest}; allowed: ${SMALLEST_MAXIMUM} to ${LARGEST}`,
      smallest === 0 &&
        inventory.strict &&
        `MinCapacity is 0: the first request after a pause waits some 15 s; allowed: ${STEP} or more`,
      smallest === 0 &&
        proxyTargetsOf(cluster, inventory).length > 0 &&
        `MinCapacity is 0 behind a proxy, whose connections keep it awake; allowed: ${STEP} or more, or no proxy`,
    ]);
  },
};
