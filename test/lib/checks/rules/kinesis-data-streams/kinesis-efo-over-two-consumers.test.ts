import { kinesisEfoOverTwoConsumers } from '../../../../../lib/checks/rules/kinesis-data-streams/kinesis-efo-over-two-consumers';
import { att, cases, type Literal, ref } from '../../literal-fixture';

const mapping: Literal = ['AWS::Lambda::EventSourceMapping', { EventSourceArn: att('Stream') }];
const delivery: Literal = [
  'AWS::KinesisFirehose::DeliveryStream',
  { KinesisStreamSourceConfiguration: { KinesisStreamARN: att('Stream') } },
];
const says = '3 readers poll the stream; allowed: 2, and further ones by AWS::Kinesis::StreamConsumer';

cases(kinesisEfoOverTwoConsumers, { Stream: ['AWS::Kinesis::Stream', {}], One: mapping, Two: delivery }, [
  ['compliant', 'two read it'],
  ['compliant', 'none does', { One: undefined, Two: undefined }],
  ['violation', 'three functions do', { Three: mapping }, says],
  ['violation', 'two deliveries and a function do', { Three: delivery }, says],
  ['compliant', 'the third reads another', { Three: [mapping[0], { EventSourceArn: 'other' }] }],
  ['compliant', 'the third delivers from another', { Three: [delivery[0], {}] }],
  [
    'compliant',
    'the third has a way of its own',
    {
      Three: [mapping[0], { EventSourceArn: ref('Own') }],
      Own: ['AWS::Kinesis::StreamConsumer', { StreamARN: att('Stream') }],
    },
  ],
]);
