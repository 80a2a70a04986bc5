import { notApplicable, type Rule, verdict } from '../../rule';

export const lambdaSqsMaxReceiveCount: Rule = {
  id: 'lambda-sqs-max-receive-count',
  title: 'A queue gives a message to its function 3 to 10 times, and nothing consumes its dead letters',
  why: 'Without maxReceiveCount a message that fails comes back after each visibility timeout, for days, and each try costs. With 1 or 2, one throttled batch sends good messages to the dead-letter queue.',
  fix: 'Set RedrivePolicy.maxReceiveCount of the queue to 5, or to another number from 3 to 10. Let a person look at the dead-letter queue, and not a function.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
  example: {
    fixed: {
      OrdersMapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['Orders', 'Arn'] }, FunctionName: { Ref: 'OrdersFunction' } },
      },
      Orders: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] }, maxReceiveCount: 3 },
        },
      },
      MailMapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['Mail', 'Arn'] }, FunctionName: { Ref: 'MailFunction' } },
      },
      Mail: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] }, maxReceiveCount: 10 },
        },
      },
      DeadLetterQueue: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1209600 } },
    },
    broken: [
      { 'Orders.Properties.RedrivePolicy.maxReceiveCount': 2 },
      { 'Mail.Properties.RedrivePolicy.maxReceiveCount': 11 },
      { 'Orders.Properties.RedrivePolicy': null },
      {
        RetryMapping: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: {
            EventSourceArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] },
            FunctionName: { Ref: 'RetryFunction' },
          },
        },
      },
    ],
  },
  types: ['AWS::Lambda::EventSourceMapping'],
  check: (mapping, inventory) => {
    const queue = inventory.mustFind(mapping, mapping.get('EventSourceArn'), 'the event source');
    if (queue.type !== 'AWS::SQS::Queue') return notApplicable;
    const count = queue.number('RedrivePolicy.maxReceiveCount');
    const dead = inventory.referent(queue, queue.get('RedrivePolicy.deadLetterTargetArn'));
    const consumed =
      dead !== undefined && inventory.referrers('AWS::Lambda::EventSourceMapping', 'EventSourceArn', dead).length > 0;
    return verdict([
      (count === undefined || count < 3 || count > 10) && `maxReceiveCount is ${count ?? 'not set'}; allowed: 3 to 10`,
      consumed && 'a function consumes the dead-letter queue, so nothing stays there to be looked at',
    ]);
  },
};
