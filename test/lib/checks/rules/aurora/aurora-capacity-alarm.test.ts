import { auroraCapacityAlarm } from '../../../../../lib/checks/rules/aurora/aurora-capacity-alarm';
import { alarm, bounds, cases, type Literals, ref } from '../../literal-fixture';

const CLUSTER = 'AWS::RDS::DBCluster';
const database: Literals = {
  Cluster: [CLUSTER, { ServerlessV2ScalingConfiguration: { MaxCapacity: 4 } }],
  Writer: ['AWS::RDS::DBInstance', { DBClusterIdentifier: ref('Cluster') }],
  Alarm: alarm('AWS/RDS', 'ACUUtilization', ref('Cluster'), { Threshold: 80 }),
};
const says = 'no alarm on ACUUtilization; allowed: at 90% or below';

bounds(auroraCapacityAlarm, database, 'Alarm.Threshold', { max: 90, unset: 'violation', says, named: false });
cases(auroraCapacityAlarm, database, [
  ['compliant', 'the alarm is on an instance', { 'Alarm.Dimensions.0.Value': ref('Writer') }],
  ['violation', 'nothing is watched', { Alarm: undefined }, says],
  ['not-applicable', 'in development', { Alarm: undefined }, { strict: false }],
  ['not-applicable', 'it does not scale', { 'Cluster.ServerlessV2ScalingConfiguration': undefined }],
]);
