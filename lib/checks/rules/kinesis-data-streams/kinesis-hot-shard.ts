import { type Rule, verdict } from '../../rule';

/** A skewed partition key overloads one shard, which the stream's own metrics do not show. */
export const kinesisHotShard: Rule = {
  id: 'kinesis-hot-shard',
  types: ['AWS::Kinesis::Stream'],
  check: (stream, inventory) =>
    verdict([
      stream.list('DesiredShardLevelMetrics').length === 0 &&
        'DesiredShardLevelMetrics is empty, so no shard has a name',
      inventory.alarmsOn('AWS/Kinesis', 'WriteProvisionedThroughputExceeded', stream).length === 0 &&
        'no alarm on WriteProvisionedThroughputExceeded',
    ]),
};
