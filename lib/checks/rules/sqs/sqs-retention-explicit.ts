import { mustHold, type Rule } from '../../rule';

/** A minute, and 14 days (Amazon SQS quotas). */
const SHORTEST = 60;
const LONGEST = 1_209_600;

export const sqsRetentionExplicit: Rule = {
  id: 'sqs-retention-explicit',
  title: 'A queue states how long it keeps messages, and its dead-letter queue keeps them for 14 days',
  why: 'SQS deletes messages after four days by default, and a dead letter keeps the age that it had: what failed on a Friday after three days is gone on Saturday.',
  fix: 'Set MessageRetentionPeriod: 1209600 seconds for the dead-letter queue, which is the most, and less for the queue itself.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
  example: {
    fixed: {
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          MessageRetentionPeriod: 1209599,
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] }, maxReceiveCount: 5 },
        },
      },
      DeadLetterQueue: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1209600 } },
    },
    broken: [
      { 'Queue.Properties.MessageRetentionPeriod': 1209600 },
      { 'Queue.Properties.MessageRetentionPeriod': 59 },
      { 'Queue.Properties.MessageRetentionPeriod': null },
      { 'DeadLetterQueue.Properties.MessageRetentionPeriod': 1209599 },
    ],
  },
  types: ['AWS::SQS::Queue'],
  check: (queue, inventory) => {
    const retention = queue.number('MessageRetentionPeriod');
    if (retention === undefined)
      return mustHold(false, 'MessageRetentionPeriod is the default, 4 days; allowed: any, stated');
    if (inventory.deadLetterQueues().has(queue)) {
      return mustHold(
        retention === LONGEST,
        `a dead-letter queue keeps messages ${retention} s; allowed: ${LONGEST} s, the longest there is`,
      );
    }
    return mustHold(
      retention >= SHORTEST && retention < LONGEST,
      `MessageRetentionPeriod is ${retention} s; allowed: ${SHORTEST} s or more, and less than the ${LONGEST} s of its dead-letter queue`,
    );
  },
};
