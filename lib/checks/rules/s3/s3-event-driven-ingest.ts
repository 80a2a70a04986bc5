import { textOf } from '../../../template/literal-text';
import { listOf } from '../../../template/policy-statements';
import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { notApplicable, type Rule, verdict } from '../../rule';

type Named = Readonly<Record<string, unknown>>;

/** Where a bucket names what hears of its objects, in CloudFormation's words and in those of the API, which CDK's resource takes. */
const RECEIVERS: Readonly<Record<string, readonly string[]>> = {
  QueueConfigurations: ['Queue', 'QueueArn'],
  TopicConfigurations: ['Topic', 'TopicArn'],
  LambdaConfigurations: ['Function'],
  LambdaFunctionConfigurations: ['LambdaFunctionArn'],
};

/** Events that a bucket sends of its objects: by a property of its own, or by CDK's custom resource. */
function notificationsOf(bucket: TemplateResource, inventory: Inventory): readonly [TemplateResource, Named][] {
  const custom = inventory.referrers('Custom::S3BucketNotifications', 'BucketName', bucket);
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

export const s3EventDrivenIngest: Rule = {
  id: 's3-event-driven-ingest',
  title: 'Events of a bucket go to a queue with dead letters, or to a function that keeps its failures',
  why: 'S3 reports each new file once. When the function fails and nothing keeps the event, the file stays in the bucket and is never processed.',
  fix: 'Send the events to an SQS queue with a RedrivePolicy, or give the function an OnFailure destination. For files of a knowledge base, set EventBridgeConfiguration and add a rule.',
  severity: 'error',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html',
  example: {
    fixed: {
      Documents: {
        Type: 'AWS::S3::Bucket',
        Properties: { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: {
            source: ['aws.s3'],
            'detail-type': ['Object Created'],
            detail: { bucket: { name: [{ Ref: 'Documents' }] } },
          },
          Targets: [{ Id: 'Queue', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
        },
      },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] }, maxReceiveCount: 5 },
        },
      },
      DeadLetterQueue: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1209600 } },
      Images: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          NotificationConfiguration: {
            LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: { 'Fn::GetAtt': ['Resize', 'Arn'] } }],
          },
        },
      },
      Resize: {
        Type: 'AWS::Lambda::Function',
        Properties: { DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] } } },
      },
    },
    broken: [{ 'Queue.Properties.RedrivePolicy': null }, { 'Resize.Properties.DeadLetterConfig': null }],
  },
  types: ['AWS::S3::Bucket'],
  check: (bucket, inventory) => {
    const feeds = inventory.ofType('AWS::Bedrock::DataSource').some((each) => isRead(bucket, each, inventory));
    const direct = notificationsOf(bucket, inventory).flatMap(([from, value]) =>
      Object.entries(RECEIVERS).flatMap(([kind, names]) =>
        (listOf(value[kind]) as Named[]).flatMap((each) =>
          names.filter((name) => each[name] !== undefined).map((name) => inventory.referent(from, each[name])),
        ),
      ),
    );
    const byBus = notificationsOf(bucket, inventory).some(
      ([, value]) => value['EventBridgeConfiguration'] !== undefined,
    );
    const heard = (byBus ? rulesFor(bucket, inventory) : []).flatMap((rule) =>
      rule.maps<{ Arn?: unknown }>('Targets').map(({ Arn }) => inventory.referent(rule, Arn)),
    );
    const targets = [...direct, ...heard];
    if (targets.length > 0) return verdict([...new Set(targets.map((each) => objection(each, inventory)))]);
    if (!feeds) return notApplicable;
    return verdict(['it feeds a knowledge base, and no consumer receives its events; allowed: EventBridge or a queue']);
  },
};
