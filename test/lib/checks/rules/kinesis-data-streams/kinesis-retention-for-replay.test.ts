import { kinesisRetentionForReplay } from '../../../../../lib/checks/rules/kinesis-data-streams/kinesis-retention-for-replay';
import { bounds, cases } from '../../literal-fixture';

bounds(kinesisRetentionForReplay, { Stream: ['AWS::Kinesis::Stream', {}] }, 'Stream.RetentionPeriodHours', {
  min: 72,
  max: 8760,
  unset: 'violation',
  says: 'allowed: 72 to 8760',
});
cases(kinesisRetentionForReplay, { Stream: ['AWS::Kinesis::Stream', {}] }, [
  ['violation', 'it says nothing', {}, 'RetentionPeriodHours is 24; allowed: 72 to 8760'],
]);
