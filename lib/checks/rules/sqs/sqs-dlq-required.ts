import { mustHold, notApplicable, type Rule } from '../../rule';

export const sqsDlqRequired: Rule = {
  id: 'sqs-dlq-required',
  title: 'A queue has a dead-letter queue of its own kind, FIFO or standard',
  why: 'A message that always fails is tried again and again, holds up the others, and is deleted when the retention ends: after four days by default, without a trace.',
  fix: 'Set RedrivePolicy with deadLetterTargetArn and maxReceiveCount. In the CDK, deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 }.',
  severity: 'error',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
  example: {
    fixed: {
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] }, maxReceiveCount: 5 },
        },
      },
      DeadLetterQueue: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1209600 } },
    },
    broken: [
      { 'Queue.Properties.RedrivePolicy': null },
      { 'Queue.Properties.FifoQueue': true },
      { 'DeadLetterQueue.Properties.FifoQueue': true },
    ],
  },
  types: ['AWS::SQS::Queue'],
  check: (queue, inventory) => {
    if (inventory.deadLetterQueues().has(queue)) return notApplicable;
    if (!queue.has('RedrivePolicy.deadLetterTargetArn')) return mustHold(false, 'no dead-letter queue');
    const dead = inventory.mustFind(queue, queue.get('RedrivePolicy.deadLetterTargetArn'), 'the dead-letter queue');
    return mustHold(
      (queue.flag('FifoQueue') === true) === (dead.flag('FifoQueue') === true),
      'a FIFO queue needs a FIFO dead-letter queue, a standard queue a standard one',
    );
  },
};
