import { mustHold, type Rule } from '../../rule';

const SHARED_READERS = 2;

/** More than two readers share a shard's 2 MB/s and 5 reads/s, and each falls behind. */
export const kinesisEfoOverTwoConsumers: Rule = {
  id: 'kinesis-efo-over-two-consumers',
  types: ['AWS::Kinesis::Stream'],
  check: (stream, inventory) => {
    const mappings = inventory
      .ofType('AWS::Lambda::EventSourceMapping')
      .filter((each) => inventory.names(each, each.get('EventSourceArn'), stream));
    const deliveries = inventory
      .ofType('AWS::KinesisFirehose::DeliveryStream')
      .filter((each) => inventory.names(each, each.get('KinesisStreamSourceConfiguration.KinesisStreamARN'), stream));
    const shared = mappings.length + deliveries.length;
    return mustHold(
      shared <= SHARED_READERS,
      `${shared} readers poll the stream; allowed: ${SHARED_READERS}, and further ones by AWS::Kinesis::StreamConsumer`,
    );
  },
};
