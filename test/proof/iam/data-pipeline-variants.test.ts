import { join } from 'node:path';
import { type App, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { RecordedCall } from '../../../local/aws/wire';
import { type PipelineVariant, recordPipeline, resolvedPipeline } from './data-pipeline-run';
import { Encryption } from './encryption';
import { requestsOfCall } from './handler-requests';
import { expectAllowed, expectDenied, find, TABLE_KEY_REASONS, unusedGrants } from './harness';
import type { AccessRequest } from './policies';
import { ServiceRequests } from './service-requests';
import { trustRequests } from './trust-requests';

/** A handler that calls nobody; it is bundled and not run. */
const ENTRY = join(__dirname, '../../package/fresh-app/loyalty.ts');

/** What the pattern's handlers call is the same in every variant. */
let calls: readonly RecordedCall[];

beforeAll(async () => {
  ({ calls } = await recordPipeline());
});

/** What is done in a variant, by handlers and services. */
function requestsOf(template: ResolvedTemplate, encryption = new Encryption(template)): AccessRequest[] {
  return [
    ...calls.flatMap((call) => requestsOfCall(call, template, encryption)),
    ...new ServiceRequests(template, encryption).all(),
  ];
}

const roleIn = (template: ResolvedTemplate, part: string) => find(template, 'AWS::IAM::Role', part).arn;

async function expectExact(variant: PipelineVariant): Promise<{ template: ResolvedTemplate; used: AccessRequest[] }> {
  const template = await resolvedPipeline(variant);
  const used = requestsOf(template);
  await expectAllowed(template, [...used, ...trustRequests(template)]);
  expect(unusedGrants(template, used, TABLE_KEY_REASONS).unstated).toEqual([]);
  return { template, used };
}

describe('a pipeline with consumers of its own', () => {
  it('lets each read alone, and by its own registration only', async () => {
    const { template, used } = await expectExact({
      extend: (pipeline) => {
        for (const name of ['fraud', 'search']) pipeline.addConsumer(name, { entry: ENTRY });
      },
    });
    const [fraud, search] = [roleIn(template, 'FraudHandlerRole'), roleIn(template, 'SearchHandlerRole')];
    const subscriptions = used.filter(({ action }) => action === 'kinesis:SubscribeToShard');
    expect(subscriptions.map(({ principal }) => principal)).toEqual([fraud, search]);
    await expectDenied(
      template,
      subscriptions.map((request) => ({ ...request, principal: request.principal === fraud ? search : fraud })),
    );
  });
});

describe('a pipeline with a table of its own', () => {
  it('keeps each delivery to its folder and its transform, and lets the aggregator read alone', async () => {
    const { template, used } = await expectExact({
      extend: (pipeline) => {
        pipeline.addTable('orders', { entry: ENTRY, columns: [{ name: 'order_id', type: 'string' }] });
      },
    });
    const aggregator = roleIn(template, 'AggregatorRole');
    const subscriptions = used.filter(({ action }) => action === 'kinesis:SubscribeToShard');
    expect(subscriptions.map(({ principal }) => principal)).toEqual([aggregator]);

    const events = roleIn(template, 'EventsTableDeliveryRole');
    const orders = roleIn(template, 'OrdersTableDeliveryRole');
    const ofOrders = used.filter(
      ({ principal, action, resource }) =>
        principal === orders &&
        (action === 'lambda:InvokeFunction' ||
          action === 'logs:PutLogEvents' ||
          (action === 'glue:GetTable' && resource.includes(':table/')) ||
          (action === 's3:PutObject' && resource.includes('/orders/'))),
    );
    expect(ofOrders).toHaveLength(4);
    await expectDenied(
      template,
      ofOrders.map((request) => ({ ...request, principal: events })),
    );
  });
});

describe('a pipeline that others send to', () => {
  it('lets a role in by HTTP, or into the stream, and nowhere else', async () => {
    const template = await resolvedPipeline({
      props: () => ({ api: { authorizer: 'iam' } }),
      extend: (pipeline) => {
        const sender = (id: string) =>
          new Role(Stack.of(pipeline), id, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
        pipeline.api?.grantSend(sender('ByHttp'));
        pipeline.stream.grantWrite(sender('BackEnd'));
      },
    });
    const [byHttp, backEnd] = [roleIn(template, 'ByHttp'), roleIn(template, 'BackEnd')];
    const { account, region } = template.deployment;
    const [api] = template.ofType('AWS::ApiGatewayV2::Api');
    const post = `arn:aws:execute-api:${region}:${account}:${api?.name}/$default/POST/events`;
    const stream = find(template, 'AWS::Kinesis::Stream').arn;
    const sends = [
      { principal: byHttp, action: 'execute-api:Invoke', resource: post },
      { principal: backEnd, action: 'kinesis:PutRecord', resource: stream },
      { principal: backEnd, action: 'kinesis:PutRecords', resource: stream },
      ...new Encryption(template).via('kinesis', backEnd, ['kms:GenerateDataKey'], stream),
    ];
    const used = [...requestsOf(template), ...sends];
    await expectAllowed(template, used);
    expect(unusedGrants(template, used, TABLE_KEY_REASONS).unstated).toEqual([]);
    await expectDenied(template, [
      ...sends.map((request) => ({ ...request, principal: request.principal === byHttp ? backEnd : byHttp })),
      { principal: byHttp, action: 'execute-api:Invoke', resource: post.replace('POST/events', 'GET/events') },
      { principal: backEnd, action: 'kinesis:GetRecords', resource: stream },
    ]);
  });
});

describe('a pipeline with resources of the user', () => {
  const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111111111111:${resource}`;
  const keys = { pattern: arn('kms', 'key/1'), stream: arn('kms', 'key/2'), lake: arn('kms', 'key/3') };
  const topicKey = arn('kms', 'key/4');
  const stream = arn('kinesis', 'stream/theirs');
  const lake = 'arn:aws:s3:::theirs';
  const topic = arn('sns', 'theirs');

  const existing = (app: App) => {
    const theirs = new Stack(app, 'Theirs');
    const keyOf = (id: string, keyArn: string) => Key.fromKeyArn(theirs, id, keyArn);
    return {
      encryptionKey: keyOf('Key', keys.pattern),
      stream: Stream.fromStreamAttributes(theirs, 'Stream', {
        streamArn: stream,
        encryptionKey: keyOf('StreamKey', keys.stream),
      }),
      lake: Bucket.fromBucketAttributes(theirs, 'Lake', {
        bucketArn: lake,
        encryptionKey: keyOf('LakeKey', keys.lake),
      }),
      alarmTopic: Topic.fromTopicAttributes(theirs, 'Topic', { topicArn: topic, keyArn: topicKey }),
      databaseName: 'theirs',
    };
  };

  it('lets each role use what it works on, with the key of that, and no other', async () => {
    const template = await resolvedPipeline({
      props: (app) => ({ existing: existing(app) }),
      extend: ({ dataKey }) => {
        const reason = "The key's policy is the user's.";
        Validations.of(dataKey).acknowledge({ id: 'Annotation::groundplan:kms-fanout-key-policy', reason });
      },
    });
    const encryption = new Encryption(template, { [stream]: keys.stream, [lake]: keys.lake, [topic]: topicKey });
    const used = calls
      .map((call) => (call.service === 'sns' ? { ...call, input: { ...call.input, TopicArn: topic } } : call))
      .map((call) => (call.service === 'kinesis' ? { ...call, input: { ...call.input, StreamName: 'theirs' } } : call))
      .flatMap((call) => requestsOfCall(call, template, encryption))
      .concat(new ServiceRequests(template, encryption).all())
      // What a service does on its own, the policies of the user's resources have to allow.
      .filter(({ principal }) => principal.startsWith('arn:'));
    await expectAllowed(template, used);
    expect(unusedGrants(template, used, TABLE_KEY_REASONS).unstated).toEqual([]);

    const role = (part: string) => roleIn(template, part);
    const keysOf = (principal: string) =>
      new Set(
        used.flatMap((each) => (each.principal === principal && each.action.startsWith('kms:') ? [each.resource] : [])),
      );
    const [aggregator, firehose, postEvent] = [role('AggregatorRole'), role('DeliveryRole'), role('PostEventRole')];
    expect(keysOf(postEvent)).toEqual(new Set([keys.stream]));
    expect(keysOf(firehose)).toEqual(new Set([keys.stream, keys.lake]));
    expect(keysOf(aggregator)).toEqual(new Set([keys.pattern, keys.stream, topicKey]));
    await expectDenied(template, [
      { principal: firehose, action: 'kms:GenerateDataKey', resource: keys.pattern },
      { principal: firehose, action: 'kms:GenerateDataKey', resource: keys.stream },
      { principal: postEvent, action: 'kms:GenerateDataKey', resource: keys.pattern },
      { principal: aggregator, action: 'kms:GenerateDataKey', resource: keys.stream },
      { principal: aggregator, action: 'kms:Decrypt', resource: keys.lake },
    ]);
  });
});
