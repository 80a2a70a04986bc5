import { type Rule, verdict } from '../../rule';

export const kinesisRetentionForReplay: Rule = {
  id: 'kinesis-retention-for-replay',
  title: 'A stream keeps its records for three days or longer',
  why: 'The default is 24 hours: an error in a consumer that is found after a weekend cannot be undone any more by reading the records again.',
  fix: 'Set RetentionPeriodHours to 72 or more. The most is 8760, which is 365 days.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html',
  example: {
    fixed: {
      Clicks: { Type: 'AWS::Kinesis::Stream', Properties: { RetentionPeriodHours: 72 } },
      Payments: { Type: 'AWS::Kinesis::Stream', Properties: { RetentionPeriodHours: 8760 } },
    },
    broken: [
      { 'Clicks.Properties.RetentionPeriodHours': 71 },
      { 'Clicks.Properties.RetentionPeriodHours': null },
      { 'Payments.Properties.RetentionPeriodHours': 8761 },
    ],
  },
  types: ['AWS::Kinesis::Stream'],
  check: (stream) => {
    const hours = stream.number('RetentionPeriodHours') ?? 24;
    return verdict([(hours < 72 || hours > 8760) && `RetentionPeriodHours is ${hours}; allowed: 72 to 8760`]);
  },
};
