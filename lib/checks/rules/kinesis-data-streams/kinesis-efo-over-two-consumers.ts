import { mustHold, type Rule } from '../../rule';

const SHARED_READERS = 2;

export const kinesisEfoOverTwoConsumers: Rule = {
  id: 'kinesis-efo-over-two-consumers',
  title: 'At most two consumers poll a stream, and further ones use enhanced fan-out',
  why: 'All consumers that poll a shard share 2 MB and 5 reads a second. A third one is throttled, falls behind, and slows the other two.',
  fix: 'Make an AWS::Kinesis::StreamConsumer for each further consumer, and name its ARN in EventSourceArn of the mapping.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html',
  example: {
    fixed: {
      Stream: { Type: 'AWS::Kinesis::Stream', Properties: { StreamModeDetails: { StreamMode: 'ON_DEMAND' } } },
      Totals: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Stream', 'Arn'] },
          FunctionName: { Ref: 'TotalsFunction' },
          StartingPosition: 'TRIM_HORIZON',
        },
      },
      Lake: {
        Type: 'AWS::KinesisFirehose::DeliveryStream',
        Properties: {
          DeliveryStreamType: 'KinesisStreamAsSource',
          KinesisStreamSourceConfiguration: {
            KinesisStreamARN: { 'Fn::GetAtt': ['Stream', 'Arn'] },
            RoleARN: { 'Fn::GetAtt': ['LakeRole', 'Arn'] },
          },
        },
      },
      Consumer: {
        Type: 'AWS::Kinesis::StreamConsumer',
        Properties: { ConsumerName: 'fraud', StreamARN: { 'Fn::GetAtt': ['Stream', 'Arn'] } },
      },
      Fraud: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { Ref: 'Consumer' },
          FunctionName: { Ref: 'FraudFunction' },
          StartingPosition: 'TRIM_HORIZON',
        },
      },
    },
    broken: [{ 'Fraud.Properties.EventSourceArn': { 'Fn::GetAtt': ['Stream', 'Arn'] } }],
  },
  types: ['AWS::Kinesis::Stream'],
  check: (stream, inventory) => {
    const mappings = inventory.referrers('AWS::Lambda::EventSourceMapping', 'EventSourceArn', stream);
    const deliveries = inventory.referrers(
      'AWS::KinesisFirehose::DeliveryStream',
      'KinesisStreamSourceConfiguration.KinesisStreamARN',
      stream,
    );
    const shared = mappings.length + deliveries.length;
    return mustHold(
      shared <= SHARED_READERS,
      `${shared} readers poll the stream; allowed: ${SHARED_READERS}, and further ones by AWS::Kinesis::StreamConsumer`,
    );
  },
};
