import { kinesisReadThrottleAlarm } from '../../../../../lib/checks/rules/kinesis-data-streams/kinesis-read-throttle-alarm';
import { alarm, bounds, cases, type Literals, ref } from '../../literal-fixture';

const late = 'no alarm when GetRecords.IteratorAgeMilliseconds is over a minute';
const stream: Literals = {
  Stream: ['AWS::Kinesis::Stream', {}],
  Throttled: alarm('AWS/Kinesis', 'ReadProvisionedThroughputExceeded', ref('Stream')),
  Late: alarm('AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', ref('Stream'), { Threshold: 60_000 }),
};

// The first millisecond after a minute, for an alarm that compares with "or equal".
bounds(kinesisReadThrottleAlarm, stream, 'Late.Threshold', {
  max: 60_001,
  unset: 'compliant',
  says: late,
  named: false,
});
cases(kinesisReadThrottleAlarm, stream, [
  ['violation', 'throttling is not seen', { Throttled: undefined }, 'no alarm on ReadProvisionedThroughputExceeded'],
  ['violation', 'delay is not', { Late: undefined }, late],
]);
