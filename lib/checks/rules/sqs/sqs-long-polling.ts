import { mustHold, type Rule } from '../../rule';

export const sqsLongPolling: Rule = {
  id: 'sqs-long-polling',
  title: 'A receiver waits 20 seconds for messages of a queue',
  why: 'By default SQS answers at once, even with nothing, and from some of its servers alone. A consumer then asks many times a second, and pays for each empty answer.',
  fix: 'Set ReceiveMessageWaitTimeSeconds to 20. In the CDK, receiveMessageWaitTime: Duration.seconds(20).',
  severity: 'advice',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html',
  example: {
    fixed: { Queue: { Type: 'AWS::SQS::Queue', Properties: { ReceiveMessageWaitTimeSeconds: 20 } } },
    broken: [
      { 'Queue.Properties.ReceiveMessageWaitTimeSeconds': 19 },
      { 'Queue.Properties.ReceiveMessageWaitTimeSeconds': null },
    ],
  },
  types: ['AWS::SQS::Queue'],
  check: (queue) => {
    const wait = queue.number('ReceiveMessageWaitTimeSeconds') ?? 0;
    return mustHold(wait === 20, `ReceiveMessageWaitTimeSeconds is ${wait}; allowed: 20`);
  },
};
