import { kinesisIteratorAgeAlarm } from '../../../../../lib/checks/rules/kinesis-data-streams/kinesis-iterator-age-alarm';
import { alarm, att, bounds, cases, type Literals, ref } from '../../literal-fixture';

const says = 'no alarm when the IteratorAge of the function is five minutes or more';
const reader: Literals = {
  Reader: [
    'AWS::Lambda::EventSourceMapping',
    { EventSourceArn: att('Stream'), FunctionName: ref('Fn'), StartingPosition: 'LATEST' },
  ],
  Stream: ['AWS::Kinesis::Stream', {}],
  Fn: ['AWS::Lambda::Function', {}],
  Alarm: alarm('AWS/Lambda', 'IteratorAge', ref('Fn'), { Threshold: 300_000 }),
};

bounds(kinesisIteratorAgeAlarm, reader, 'Alarm.Threshold', { max: 300_000, unset: 'compliant', says, named: false });
cases(kinesisIteratorAgeAlarm, reader, [
  ['violation', 'nothing is watched', { Alarm: undefined }, says],
  ['not-applicable', 'it reads a queue', { Stream: ['AWS::SQS::Queue', {}], Alarm: undefined }],
  ['cannot-tell', 'the function is elsewhere', { 'Reader.FunctionName': 'theirs' }],
  ['cannot-tell', 'the stream is', { 'Reader.EventSourceArn': 'theirs' }],
]);
