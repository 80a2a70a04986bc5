import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import { type Inventory, listOf } from '../../inventory';
import { notApplicable, type Rule, verdict } from '../../rule';

/** Encrypted queues and topics that a subscription, rule or alarm sends to. */
function receiversOf(sender: TemplateResource, inventory: Inventory): TemplateResource[] {
  const targets =
    sender.type === 'AWS::SNS::Subscription'
      ? [sender.get('Endpoint'), sender.get('RedrivePolicy')]
      : sender.type === 'AWS::Events::Rule'
        ? (sender.list('Targets') as { Arn?: unknown; DeadLetterConfig?: unknown }[]).flatMap(
            ({ Arn, DeadLetterConfig }) => [Arn, DeadLetterConfig],
          )
        : sender.list('AlarmActions');
  return targets.flatMap((target) => {
    const found = inventory.referent(sender, target);
    return found?.type === 'AWS::SQS::Queue' || found?.type === 'AWS::SNS::Topic' ? [found] : [];
  });
}

function letsIn(key: TemplateResource, principal: string): boolean {
  return (listOf(key.get('KeyPolicy.Statement')) as Record<string, unknown>[]).some((statement) => {
    const services = listOf((statement['Principal'] as { Service?: unknown } | undefined)?.Service);
    const actions = listOf(statement['Action']).map(String);
    return (
      statement['Effect'] === 'Allow' &&
      services.includes(principal) &&
      actions.some((action) => action.startsWith('kms:GenerateDataKey') || action === 'kms:*') &&
      actions.some((action) => action === 'kms:Decrypt' || action === 'kms:*')
    );
  });
}

/** An encrypted queue silently refuses SNS/EventBridge/S3 unless its key policy lets that service in. */
export const kmsFanoutKeyPolicy: Rule = {
  id: 'kms-fanout-key-policy',
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
