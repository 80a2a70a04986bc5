import { lambdaDlqNotEmptyAlarm } from '../../../../../lib/checks/rules/lambda/lambda-dlq-not-empty-alarm';
import { alarm, att, cases, type Literals, ref } from '../../literal-fixture';

const dead: Literals = {
  Dead: ['AWS::SQS::Queue', {}],
  Jobs: ['AWS::SQS::Queue', { RedrivePolicy: { deadLetterTargetArn: att('Dead') } }],
  Alarm: alarm('AWS/SQS', 'ApproximateNumberOfMessagesVisible', att('Dead', 'QueueName')),
};
const says = 'no one is notified when a message arrives in this dead-letter queue';

cases(lambdaDlqNotEmptyAlarm, dead, [
  ['compliant', 'a person is notified'],
  ['violation', 'no one is', { Alarm: undefined }, says],
  ['violation', 'another queue is watched', { 'Alarm.Dimensions.0.Value': ref('Jobs') }, says],
  ['not-applicable', 'it keeps no dead letters', { Jobs: undefined, Alarm: undefined }],
]);
