import { cwQueueAgeAlarm } from '../../../../../lib/checks/rules/observability/cw-queue-age-alarm';
import { alarm, att, bounds, cases, type Literals, ref } from '../../literal-fixture';

const says = 'no alarm when the oldest message is more than 5 minutes old';
const queue: Literals = {
  Queue: ['AWS::SQS::Queue', {}],
  Alarm: alarm('AWS/SQS', 'ApproximateAgeOfOldestMessage', att('Queue', 'QueueName'), { Threshold: 300 }),
};

bounds(cwQueueAgeAlarm, queue, 'Alarm.Threshold', { max: 300, unset: 'compliant', says, named: false });
cases(cwQueueAgeAlarm, queue, [
  ['violation', 'nothing is watched', { Alarm: undefined }, says],
  ['violation', 'another queue is', { 'Alarm.Dimensions.0.Value': 'other' }, says],
  [
    'compliant',
    'one of two alarms is early',
    { Late: alarm('AWS/SQS', 'ApproximateAgeOfOldestMessage', ref('Queue'), { Threshold: 900 }) },
  ],
  [
    'not-applicable',
    'it keeps dead letters',
    { Alarm: undefined, Of: ['AWS::SQS::Queue', { RedrivePolicy: { deadLetterTargetArn: att('Queue') } }] },
  ],
]);
