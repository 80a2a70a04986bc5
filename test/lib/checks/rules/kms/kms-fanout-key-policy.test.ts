import { kmsFanoutKeyPolicy } from '../../../../../lib/checks/rules/kms/kms-fanout-key-policy';
import { att, cases, type Literal, PARAMETER, ref } from '../../literal-fixture';

const statement = (service: string, more: object = {}) => ({
  Effect: 'Allow',
  Principal: { Service: service },
  Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
  ...more,
});
const key = (...Statement: object[]): Literal => ['AWS::KMS::Key', { KeyPolicy: { Statement } }];
const queue: Literal = ['AWS::SQS::Queue', { KmsMasterKeyId: att('Key') }];

for (const [type, service, properties, path] of [
  ['AWS::SNS::Subscription', 'sns', { Endpoint: att('Queue') }, 'Endpoint'],
  ['AWS::Events::Rule', 'events', { Targets: [{ Arn: att('Queue') }] }, 'Targets.0.Arn'],
  ['AWS::CloudWatch::Alarm', 'cloudwatch', { AlarmActions: [ref('Queue')] }, 'AlarmActions.0'],
] as const) {
  const principal = `${service}.amazonaws.com`;
  const shut = `the key of Queue does not let ${principal} in, so nothing arrives`;
  const lets = (more: object = {}) => ({ Key: key(statement('logs.amazonaws.com'), statement(principal, more)) });
  cases(kmsFanoutKeyPolicy, { Sender: [type, properties], Queue: queue, ...lets() }, [
    ['compliant', 'its service is let in'],
    ['violation', 'another is', { Key: key(statement('logs.amazonaws.com')) }, shut],
    ['violation', 'its service is kept out', lets({ Effect: 'Deny' }), shut],
    ['violation', 'its service may not encrypt', lets({ Action: 'kms:Decrypt' }), shut],
    ['violation', 'its service may not decrypt', lets({ Action: ['kms:GenerateDataKey'] }), shut],
    ['compliant', 'it may do all', lets({ Action: 'kms:*' })],
    ['compliant', 'it may encrypt by a pattern', lets({ Action: ['kms:Generate*', 'kms:Decrypt'] })],
    [
      'violation',
      'it may get no data key that it can use',
      lets({ Action: ['kms:GenerateDataKeyPair', 'kms:Decrypt'] }),
      shut,
    ],
    [
      'compliant',
      'two statements say it',
      {
        Key: key(
          statement(principal, { Action: 'kms:Decrypt' }),
          statement(principal, { Action: 'kms:GenerateDataKey*' }),
        ),
      },
    ],
    [
      'violation',
      'one of the two is of another',
      {
        Key: key(
          statement(principal, { Action: 'kms:Decrypt' }),
          statement('logs.amazonaws.com', { Action: 'kms:GenerateDataKey*' }),
        ),
      },
      shut,
    ],
    ['compliant', 'several are let in', lets({ Principal: { Service: ['s3.amazonaws.com', principal] } })],
    ['violation', 'nobody is', lets({ Principal: undefined }), shut],
    ['compliant', 'there is no key', { 'Queue.KmsMasterKeyId': undefined }],
    [
      'violation',
      'the key is AWS’s',
      { 'Queue.KmsMasterKeyId': 'alias/aws/sqs' },
      'Queue uses alias/aws/sqs, which lets no other service in',
    ],
    ['compliant', 'the key is somebody’s, and not to be seen', { 'Queue.KmsMasterKeyId': 'alias/theirs' }],
    ['cannot-tell', 'the key is elsewhere', { 'Queue.KmsMasterKeyId': PARAMETER }],
    ['cannot-tell', 'what makes the key is', { Key: ['Custom::Key', {}] }],
    ['not-applicable', 'it sends to a function', { Queue: ['AWS::Lambda::Function', {}] }],
    ['not-applicable', 'it sends elsewhere', { [`Sender.${path}`]: 'arn' }],
    [
      'violation',
      'it sends to a topic',
      { Queue: ['AWS::SNS::Topic', { KmsMasterKeyId: ref('Key') }], Key: key() },
      shut,
    ],
  ]);
}
cases(
  kmsFanoutKeyPolicy,
  {
    Sender: ['AWS::SNS::Subscription', { RedrivePolicy: { deadLetterTargetArn: att('Queue') } }],
    Queue: queue,
    Key: key(),
  },
  [['violation', 'its dead letters do not arrive', {}, 'does not let sns.amazonaws.com in']],
);
cases(
  kmsFanoutKeyPolicy,
  {
    Sender: ['AWS::Events::Rule', { Targets: [{ Arn: 'arn', DeadLetterConfig: { Arn: att('Queue') } }] }],
    Queue: queue,
    Key: key(),
  },
  [['violation', 'its dead letters do not arrive', {}, 'does not let events.amazonaws.com in']],
);
