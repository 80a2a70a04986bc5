import { listOf } from '../../../template/policy-statements';
import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { matches } from '../../policy-holder';
import { notApplicable, type Rule, verdict } from '../../rule';

/** Encrypted queues and topics that a subscription, rule or alarm sends to. */
function receiversOf(sender: TemplateResource, inventory: Inventory): TemplateResource[] {
  const targets =
    sender.type === 'AWS::SNS::Subscription'
      ? [sender.get('Endpoint'), sender.get('RedrivePolicy')]
      : sender.type === 'AWS::Events::Rule'
        ? sender
            .maps<{ Arn?: unknown; DeadLetterConfig?: unknown }>('Targets')
            .flatMap(({ Arn, DeadLetterConfig }) => [Arn, DeadLetterConfig])
        : sender.list('AlarmActions');
  return targets.flatMap((target) => {
    const found = inventory.referent(sender, target);
    return found?.type === 'AWS::SQS::Queue' || found?.type === 'AWS::SNS::Topic' ? [found] : [];
  });
}

function letsIn(key: TemplateResource, principal: string): boolean {
  const allowed = (listOf(key.get('KeyPolicy.Statement')) as Record<string, unknown>[])
    .filter(({ Effect, Principal }) => {
      const services = listOf((Principal as { Service?: unknown } | undefined)?.Service);
      return Effect === 'Allow' && services.includes(principal);
    })
    .flatMap(({ Action }) => listOf(Action).map(String));
  return ['kms:GenerateDataKey', 'kms:Decrypt'].every((action) => allowed.some((pattern) => matches(pattern, action)));
}

export const kmsFanoutKeyPolicy: Rule = {
  id: 'kms-fanout-key-policy',
  title: 'The key of an encrypted queue or topic lets the services in that send to it',
  why: 'SNS, EventBridge and CloudWatch need the key to deliver a message. Without it nothing arrives, and neither sender nor receiver gets an error.',
  fix: 'Allow kms:GenerateDataKey* and kms:Decrypt in KeyPolicy, to sns.amazonaws.com, events.amazonaws.com or cloudwatch.amazonaws.com. The keys alias/aws/sqs and alias/aws/sns let none of them in.',
  severity: 'error',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html',
  example: {
    fixed: {
      Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: { Ref: 'Key' } } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: { Ref: 'Key' } } },
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'sqs', Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { source: ['shop.orders'] },
          Targets: [{ Id: 'Queue', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
        },
      },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Lambda',
          MetricName: 'Errors',
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          AlarmActions: [{ Ref: 'Topic' }],
        },
      },
      Key: {
        Type: 'AWS::KMS::Key',
        Properties: {
          KeyPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: ['sns.amazonaws.com', 'events.amazonaws.com', 'cloudwatch.amazonaws.com'] },
                Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
                Resource: '*',
              },
            ],
          },
        },
      },
    },
    broken: [
      {
        'Key.Properties.KeyPolicy.Statement.0.Principal.Service': ['events.amazonaws.com', 'cloudwatch.amazonaws.com'],
      },
      { 'Key.Properties.KeyPolicy.Statement.0.Principal.Service': ['sns.amazonaws.com', 'cloudwatch.amazonaws.com'] },
      { 'Key.Properties.KeyPolicy.Statement.0.Principal.Service': ['sns.amazonaws.com', 'events.amazonaws.com'] },
      { 'Key.Properties.KeyPolicy.Statement.0.Action': 'kms:Decrypt' },
      { 'Key.Properties.KeyPolicy.Statement.0.Action': 'kms:GenerateDataKey*' },
      { 'Queue.Properties.KmsMasterKeyId': 'alias/aws/sqs' },
    ],
  },
  types: ['AWS::SNS::Subscription', 'AWS::Events::Rule', 'AWS::CloudWatch::Alarm'],
  check: (sender, inventory) => {
    const service = { 'AWS::SNS::Subscription': 'sns', 'AWS::Events::Rule': 'events' }[sender.type] ?? 'cloudwatch';
    const receivers = receiversOf(sender, inventory);
    if (receivers.length === 0) return notApplicable;
    return verdict(
      receivers.map((receiver) => {
        const key = receiver.properties['KmsMasterKeyId'];
        if (key === undefined) return false;
        if (typeof key === 'string')
          return key.startsWith('alias/aws/') && `${receiver.logicalId} uses ${key}, which lets no other service in`;
        const resource = inventory.mustFind(receiver, key, `the key of ${receiver.logicalId}`);
        if (resource.type !== 'AWS::KMS::Key') throw new CannotTell(`${receiver.logicalId} has a key from elsewhere`);
        return (
          !letsIn(resource, `${service}.amazonaws.com`) &&
          `the key of ${receiver.logicalId} does not let ${service}.amazonaws.com in, so nothing arrives`
        );
      }),
    );
  },
};
