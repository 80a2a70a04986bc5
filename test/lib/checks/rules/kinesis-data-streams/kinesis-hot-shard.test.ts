import { kinesisHotShard } from '../../../../../lib/checks/rules/kinesis-data-streams/kinesis-hot-shard';
import { alarm, cases, type Literals, PARAMETER, ref } from '../../literal-fixture';

const stream: Literals = {
  Stream: ['AWS::Kinesis::Stream', { DesiredShardLevelMetrics: ['IncomingBytes'] }],
  Alarm: alarm('AWS/Kinesis', 'WriteProvisionedThroughputExceeded', ref('Stream')),
};

cases(kinesisHotShard, stream, [
  ['compliant', 'a hot shard shows'],
  ['violation', 'no shard has a name', { 'Stream.DesiredShardLevelMetrics': [] }, 'DesiredShardLevelMetrics is empty'],
  [
    'violation',
    'nothing is said',
    { 'Stream.DesiredShardLevelMetrics': undefined },
    'DesiredShardLevelMetrics is empty',
  ],
  ['violation', 'nothing is watched', { Alarm: undefined }, 'no alarm on WriteProvisionedThroughputExceeded'],
  ['violation', 'another stream is', { 'Alarm.Dimensions.0.Value': 'other' }, 'no alarm on'],
  ['cannot-tell', 'a parameter says it', { 'Stream.DesiredShardLevelMetrics': PARAMETER }],
]);
