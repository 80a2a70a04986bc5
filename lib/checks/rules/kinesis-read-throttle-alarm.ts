import { type Rule, verdict } from '../rule';

const MINUTE_MS = 60_000;

/** Too many reads fail quietly: readers fall behind and no one is told. */
export const kinesisReadThrottleAlarm: Rule = {
  id: 'kinesis-read-throttle-alarm',
  types: ['AWS::Kinesis::Stream'],
  check: (stream, inventory) => {
    const lag = inventory.alarmsOn('AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', stream);
    return verdict([
      inventory.alarmsOn('AWS/Kinesis', 'ReadProvisionedThroughputExceeded', stream).length === 0 &&
        'no alarm on ReadProvisionedThroughputExceeded',
      !lag.some((alarm) => (alarm.number('Threshold') ?? 0) <= MINUTE_MS + 1) &&
        'no alarm when GetRecords.IteratorAgeMilliseconds is over a minute',
    ]);
  },
};
