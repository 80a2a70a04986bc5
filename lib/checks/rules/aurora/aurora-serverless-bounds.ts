import { isServerless, proxyTargetsOf } from '../../relational-database';
import { notApplicable, type Rule, verdict } from '../../rule';

/** AWS: Aurora Serverless v2, capacity. */
const STEP = 0.5;
const LARGEST = 256;
const SMALLEST_MAXIMUM = 1;

/** Serverless v2 scales between set ACU bounds in 0.5 steps up to 256. */
export const auroraServerlessBounds: Rule = {
  id: 'aurora-serverless-bounds',
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
