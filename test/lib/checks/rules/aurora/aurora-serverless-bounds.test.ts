import { auroraServerlessBounds } from '../../../../../lib/checks/rules/aurora/aurora-serverless-bounds';
import { bounds, cases, type Literals, PARAMETER, ref } from '../../literal-fixture';

const CAPACITY = 'Cluster.ServerlessV2ScalingConfiguration';
const capacity = (MinCapacity: unknown, MaxCapacity: unknown): Literals => ({
  Cluster: ['AWS::RDS::DBCluster', { ServerlessV2ScalingConfiguration: { MinCapacity, MaxCapacity } }],
});
const proxy = { Pool: ['AWS::RDS::DBProxyTargetGroup', { DBClusterIdentifiers: [ref('Cluster')] }] };
const pauses = 'the first request after a pause waits some 15 s; allowed: 0.5 or more';

bounds(auroraServerlessBounds, capacity(0.5, 256), `${CAPACITY}.MaxCapacity`, {
  min: 1,
  max: 256,
  step: 0.5,
  unset: 'violation',
  says: 'allowed: 1 to 256',
});
cases(auroraServerlessBounds, capacity(0.5, 4), [
  ['compliant', 'it scales between two bounds'],
  ['compliant', 'both are one', { [`${CAPACITY}.MinCapacity`]: 4 }],
  [
    'violation',
    'they are the wrong way round',
    { [`${CAPACITY}.MinCapacity`]: 4.5 },
    'MinCapacity 4.5 is above MaxCapacity 4',
  ],
  [
    'violation',
    'the most is too much',
    { [`${CAPACITY}.MaxCapacity`]: 256.5 },
    'MaxCapacity is 256.5; allowed: 1 to 256',
  ],
  [
    'violation',
    'the most is too little',
    { [`${CAPACITY}.MaxCapacity`]: 0.5 },
    'MaxCapacity is 0.5; allowed: 1 to 256',
  ],
  ['violation', 'the least is below nothing', { [`${CAPACITY}.MinCapacity`]: -0.5 }, 'MinCapacity is -0.5; allowed: 0'],
  ['violation', 'there is no such size', { [`${CAPACITY}.MinCapacity`]: 0.7 }, '0.7 ACU; allowed: multiples of 0.5'],
  [
    'violation',
    'there are no such sizes',
    { [`${CAPACITY}.MinCapacity`]: 0.7, [`${CAPACITY}.MaxCapacity`]: 4.2 },
    '0.7 and 4.2 ACU',
  ],
  ['violation', 'no least is set', { [`${CAPACITY}.MinCapacity`]: undefined }, 'not both set'],
  ['violation', 'no most is set', { [`${CAPACITY}.MaxCapacity`]: undefined }, 'not both set'],
  ['violation', 'it pauses', { [`${CAPACITY}.MinCapacity`]: 0 }, pauses],
  ['compliant', 'it pauses in development', { [`${CAPACITY}.MinCapacity`]: 0 }, { strict: false }],
  [
    'violation',
    'a proxy keeps it awake',
    { [`${CAPACITY}.MinCapacity`]: 0, ...proxy },
    'behind a proxy',
    { strict: false },
  ],
  ['compliant', 'it does not pause, behind a proxy', proxy],
  ['not-applicable', 'it does not scale', { [CAPACITY]: undefined }],
  ['cannot-tell', 'a parameter says it', { [`${CAPACITY}.MinCapacity`]: PARAMETER }],
]);
