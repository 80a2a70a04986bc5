import { type Rule, verdict } from '../../rule';

/** After a day, which is the default, what a bug spoiled can no longer be replayed. */
export const kinesisRetentionForReplay: Rule = {
  id: 'kinesis-retention-for-replay',
  types: ['AWS::Kinesis::Stream'],
  check: (stream) => {
    const hours = stream.number('RetentionPeriodHours') ?? 24;
    return verdict([(hours < 72 || hours > 8760) && `RetentionPeriodHours is ${hours}; allowed: 72 to 8760`]);
  },
};
