import { type Inventory, listOf } from '../inventory';
import { textOf } from '../literal-text';
import { notApplicable, type Rule, verdict } from '../rule';
import type { TemplateResource } from '../template-resource';

type Named = Readonly<Record<string, unknown>>;

/** Events that a bucket sends of its objects: by a property of its own, or by CDK's custom resource. */
function notificationsOf(bucket: TemplateResource, inventory: Inventory): readonly [TemplateResource, Named][] {
  const custom = inventory
    .ofType('Custom::S3BucketNotifications')
    .filter((each) => inventory.names(each, each.get('BucketName'), bucket));
  return [bucket, ...custom].flatMap((each) => {
    const value = each.literal('NotificationConfiguration');
    return value === undefined ? [] : [[each, value as Named] as [TemplateResource, Named]];
  });
}

/** Whether a data source reads a bucket: by reference, or by a name that both make of the same parts. */
function isRead(bucket: TemplateResource, source: TemplateResource, inventory: Inventory): boolean {
  const arn = source.get('DataSourceConfiguration.S3Configuration.BucketArn');
  const name = textOf(bucket.get('BucketName'));
  return inventory.names(source, arn, bucket) || (/[a-z]/.test(name) && textOf(arn).endsWith(`:${name}`));
}

/** Rules that hear of a bucket's objects. */
function rulesFor(bucket: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  return inventory.ofType('AWS::Events::Rule').filter((rule) => {
    const pattern = rule.properties['EventPattern'];
    if (!JSON.stringify(pattern ?? '').includes('"aws.s3"')) return false;
    const names = rule.get('EventPattern.detail.bucket.name');
    return names === undefined || inventory.mentions(rule, names, bucket);
  });
}

/** What is wrong with where events end: a queue without a dead-letter queue, or a function that forgets what it fails at. */
function objection(target: TemplateResource | undefined, inventory: Inventory): string | undefined {
  if (target?.type === 'AWS::SQS::Queue') {
    return target.has('RedrivePolicy')
      ? undefined
      : `${target.logicalId} has no dead-letter queue for objects that cannot be ingested; allowed: RedrivePolicy`;
  }
  if (target?.type !== 'AWS::Lambda::Function' && target?.type !== 'AWS::Lambda::Alias') return undefined;
  const fn = inventory.functionBehind(target, { Ref: target.logicalId });
  const kept =
    fn.has('DeadLetterConfig.TargetArn') ||
    inventory
      .ofType('AWS::Lambda::EventInvokeConfig')
      .some(
        (each) =>
          inventory.names(each, each.get('FunctionName'), fn) && each.has('DestinationConfig.OnFailure.Destination'),
      );
  return kept
    ? undefined
    : `events go straight to ${fn.logicalId}, and are gone when it fails; allowed: a queue, or a failure destination`;
}

/** Events of objects drive pipelines through a queue, and none is lost. */
export const s3EventDrivenIngest: Rule = {
  id: 's3-event-driven-ingest',
  types: ['AWS::S3::Bucket'],
  check: (bucket, inventory) => {
    const feeds = inventory.ofType('AWS::Bedrock::DataSource').some((each) => isRead(bucket, each, inventory));
    const direct = notificationsOf(bucket, inventory).flatMap(([from, value]) =>
      ['QueueConfigurations', 'LambdaConfigurations', 'LambdaFunctionConfigurations'].flatMap((kind) =>
        (listOf(value[kind]) as Named[]).map((each) =>
          inventory.referent(from, each['Queue'] ?? each['QueueArn'] ?? each['Function'] ?? each['LambdaFunctionArn']),
        ),
      ),
    );
    const byBus = notificationsOf(bucket, inventory).some(
      ([, value]) => value['EventBridgeConfiguration'] !== undefined,
    );
    const heard = (byBus ? rulesFor(bucket, inventory) : []).flatMap((rule) =>
      (rule.list('Targets') as { Arn?: unknown }[]).map(({ Arn }) => inventory.referent(rule, Arn)),
    );
    const targets = [...direct, ...heard];
    if (targets.length > 0) return verdict([...new Set(targets.map((each) => objection(each, inventory)))]);
    if (!feeds) return notApplicable;
    return verdict(['it feeds a knowledge base, and no consumer receives its events; allowed: EventBridge or a queue']);
  },
};
