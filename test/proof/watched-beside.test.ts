import { Duration } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { AttributeType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnServerlessCache } from 'aws-cdk-lib/aws-elasticache';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
} from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { expect, it } from 'vitest';
import {
  EventCatalog,
  EventStream,
  FargateApi,
  HandlerCode,
  HandlerFunction,
  leaveUnwatched,
  ParquetDelivery,
  PostgresCluster,
  PostgresProxy,
  PrivateBucket,
  QueryWorkgroup,
  StreamConsumer,
  stages,
  ValkeyCache,
  WorkQueue,
} from '../../lib';
import { containerFrom } from '../../lib/compute/prebuilt-container';
import { DataClients } from '../../lib/database/data-clients';
import { foundAs, WATCHED_KINDS } from '../../lib/monitoring/watched-kinds';
import { CONTAINER } from '../lib/compute/fargate-fixture';
import { eventDrivenStack, resourcesOf, type TemplateResource, testApp } from '../synthesize';
import type { Resources } from './live-alarms-emitted';
import { graphsOf, isEmitted, metricsOf, named, type WatchedMetric } from './live-alarms-template';

const ENGINE = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_17_9 });
const WATCHED_TYPES = WATCHED_KINDS.flatMap(({ types }) => types);
/** What has alarms of its own, but is no row's resource: it is an instance, a group or a mapping of another, or is paid by the hour. */
const WITHOUT_A_ROW = ['AWS::EC2::NatGateway', 'AWS::RDS::DBInstance'];

/** One of each kind, as people add it beside a pattern: CDK's own constructs and our blocks. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: it is a list
function oneOfEach(scope: Construct, encryptionKey: ReturnType<typeof eventDrivenStack>['shop']['dataKey']['key']) {
  const common = { stage: stages.staging, encryptionKey };
  const handler = (id: string) =>
    new HandlerFunction(scope, id, {
      ...common,
      code: HandlerCode.prebuilt('event-driven', 'billing'),
      serviceName: id.toLowerCase(),
      timeout: Duration.seconds(5),
    });
  handler('Handler');
  const code = Code.fromInline('exports.handler = () => {}');
  new LambdaFunction(scope, 'Plain', { code, handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
  new Queue(scope, 'Queue');
  new WorkQueue(scope, 'Work', { ...common, consumerTimeout: Duration.seconds(5) });
  const partitionKey = { name: 'pk', type: AttributeType.STRING };
  new Table(scope, 'Table', { partitionKey });
  new TableV2(scope, 'TableV2', { partitionKey });
  const topic = new Topic(scope, 'Topic');
  new Rule(scope, 'Nightly', { schedule: Schedule.rate(Duration.days(1)) });
  new Rule(scope, 'OnBus', { eventBus: new EventBus(scope, 'Bus'), eventPattern: { source: ['a'] } });
  const arn = topic.topicArn;
  new CfnPipe(scope, 'Pipe', { roleArn: 'arn:aws:iam::111111111111:role/pipe', source: arn, target: arn });
  const definitionBody = DefinitionBody.fromChainable(new Pass(scope, 'Pass'));
  new StateMachine(scope, 'Flow', { definitionBody });
  new HttpApi(scope, 'HttpApi');
  new RestApi(scope, 'RestApi').root.addMethod('GET');
  new Stream(scope, 'PlainStream');
  new Distribution(scope, 'Distribution', { defaultBehavior: { origin: new HttpOrigin('example.com') } });

  const stream = new EventStream(scope, 'Events', common);
  const bucket = (id: string) => new PrivateBucket(scope, id, { ...common, objectsReason: 'A test.' });
  new StreamConsumer(scope, 'Reader', { stream, consumer: handler('ReaderHandler'), failures: bucket('Failures') });
  const lake = bucket('Lake');
  const catalog = new EventCatalog(scope, 'Catalog', {});
  const columns = [{ name: 'a', type: 'string' }] as const;
  const table = catalog.addTable('a', { bucket: lake.bucket, prefix: 'a/', columns: [...columns], since: '2026-01-01' });
  const { databaseName } = catalog;
  const transform = handler('Transform');
  new ParquetDelivery(scope, 'Files', { ...common, stream, bucket: lake, prefix: 'a/', table, databaseName, transform });
  new QueryWorkgroup(scope, 'Queries', { ...common, results: bucket('Results') });

  const vpc = new Vpc(scope, 'Vpc', {
    ipAddresses: IpAddresses.cidr('10.1.0.0/20'),
    natGateways: 1,
    subnetConfiguration: [
      { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 24 },
      { name: 'App', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
      { name: 'Data', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ],
  });
  const { securityGroup: clients } = new DataClients(scope, 'Clients', { vpc });
  const inside = { ...common, vpc, subnets: { subnetGroupName: 'Data' }, clients };
  const database = new PostgresCluster(scope, 'Database', { ...inside, databaseName: 'app' });
  new PostgresProxy(scope, 'Proxy', { ...inside, database, user: 'app' });
  new DatabaseCluster(scope, 'Sized', { engine: ENGINE, vpc, writer: ClusterInstance.provisioned('Writer') });
  new ValkeyCache(scope, 'Cache', { ...inside, keyPrefix: 'item:' });
  new CfnServerlessCache(scope, 'PlainCache', { engine: 'valkey', serverlessCacheName: 'plain-cache' });
  new FargateApi(scope, 'Service', {
    ...common,
    vpc,
    subnets: { subnetGroupName: 'App' },
    image: containerFrom(scope, CONTAINER),
    port: 8080,
    healthPath: '/health',
  });
}

/** The pattern's stack with one of each beside the pattern. */
function beside(then: (scope: Construct) => void = () => {}) {
  const stack = eventDrivenStack(testApp(), 'staging', { env: { region: 'us-east-1' } });
  const scope = new Construct(stack, 'Beside');
  oneOfEach(scope, stack.shop.dataKey.key);
  then(scope);
  const template = Template.fromStack(stack);
  const resources = resourcesOf(template);
  const added = Object.entries(resources).filter(
    ([id, { Type }]) => id.startsWith('Beside') && WATCHED_TYPES.includes(Type),
  );
  const alarms = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');
  const [dashboard] = Object.values(resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
  const graphs = dashboard === undefined ? new Map<string, WatchedMetric[]>() : graphsOf(dashboard);
  return { stack, resources, added, alarms, graphs };
}

/** Whether a metric is of a resource: a rule of a bus is a part of its own Ref. */
const isOf = (metric: WatchedMetric, resource: TemplateResource, resources: Resources) =>
  Object.values(metric.dimensions).some(
    (value) =>
      named(value, resources) === resource ||
      Object.keys(resources).some(
        (id) => resources[id] === resource && JSON.stringify(value).includes(`{"Ref":"${id}"}`),
      ),
  );

/** Alarms and graphs of a resource. */
function watching(resource: TemplateResource, { resources, alarms, graphs }: ReturnType<typeof beside>) {
  return {
    alarms: alarms.filter(([, alarm]) => metricsOf(alarm).some((metric) => isOf(metric, resource, resources))),
    graphs: [...graphs].filter(([, metrics]) => metrics.some((metric) => isOf(metric, resource, resources))),
  };
}

const built = beside();

it('finds each kind beside a pattern, in the stack of the pattern', () => {
  const types = new Set(built.added.map(([, { Type }]) => Type));
  expect([...types].sort()).toEqual([...WATCHED_TYPES].sort());
});

it.each(built.added.filter(([, { Type }]) => !Type.endsWith('DBInstance')))('%s has an alarm', (_, resource) => {
  const polls = resource.Type === 'AWS::Lambda::EventSourceMapping' && !('StartingPosition' in resource.Properties);
  if (!polls) expect(watching(resource, built).alarms).not.toEqual([]);
});

it.each(built.added.filter(([, { Type }]) => !WITHOUT_A_ROW.includes(Type)))('%s has a row', (_, resource) => {
  expect(watching(resource, built).graphs).not.toEqual([]);
});

/** The metrics of the alarms that patterns get by name, for the kinds that have several. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  BesideDatabase: ['ACUUtilization', 'DatabaseConnections'],
  BesideSized: ['CPUUtilization'],
  BesideProxy: ['DatabaseConnectionsBorrowLatency'],
  BesideCache: ['BytesUsedForCache', 'ThrottledCmds'],
  BesidePlainCache: ['ThrottledCmds'],
  BesidePlainStream: [
    'GetRecords.IteratorAgeMilliseconds',
    'ReadProvisionedThroughputExceeded',
    'WriteProvisionedThroughputExceeded',
  ],
  BesideReaderMapping: ['DroppedEventCount', 'OnFailureDestinationDeliveredEventCount'],
  BesideReaderHandler: ['Errors', 'Invocations', 'IteratorAge', 'Throttles'],
  BesideTransform: ['Errors', 'Throttles'],
  BesideFiles: ['DataReadFromKinesisStream.Records', 'DeliveryToS3.DataFreshness', 'FailedConversion.Records'],
  BesideQueries: ['ProcessedBytes'],
  BesideDistribution: ['5xxErrorRate', 'Requests'],
  BesideVpc: ['BytesOutToDestination', 'ErrorPortAllocation'],
};

it.each(Object.entries(USUAL))('%s has the usual alarms', (prefix, metrics) => {
  const [, resource] =
    built.added.find(([id, { Type }]) => id.startsWith(prefix) && !Type.endsWith('DBInstance')) ?? [];
  if (resource === undefined) throw new Error(`${prefix} is none`);
  const names = watching(resource, built).alarms.flatMap(([, alarm]) =>
    metricsOf(alarm).filter((metric) => isOf(metric, resource, built.resources)),
  );
  expect([...new Set(names.map(({ name }) => name))].sort()).toEqual(metrics);
});

it('counts the ERROR lines of each log in JSON', () => {
  const filters = Object.keys(built.resources).filter((id) => /^ShopAlarms.*ErrorLines/.test(id));
  const added = filters.filter((id) => /Alarms(Handler|ReaderHandler|Transform|Service)/.test(id.replace('Beside', '')));
  expect(added).toHaveLength(4);
});

it('looks at metrics that exist, in alarms and graphs', () => {
  const { resources, alarms, graphs, added } = built;
  const ids = added.map(([, resource]) => resource);
  const all = [...alarms.map(([id, alarm]) => [id, metricsOf(alarm)] as const), ...graphs];
  const ours = all.flatMap(([id, metrics]) =>
    metrics.filter((metric) => ids.some((each) => isOf(metric, each, resources))).map((metric) => [id, metric] as const),
  );
  expect(ours.length).toBeGreaterThan(80);
  for (const [id, metric] of ours) {
    expect(isEmitted(metric, resources, new Set()), `${id} ${JSON.stringify(metric)}`).toBe(true);
  }
});

it('leaves out of both what is left with a reason', () => {
  const left = beside((scope) => {
    for (const node of scope.node.findAll()) {
      const found = foundAs(node);
      if (found !== undefined) leaveUnwatched(found.resource, 'A test leaves it.');
    }
  });
  const watched = left.added.filter(([, resource]) => {
    const { alarms, graphs } = watching(resource, left);
    return alarms.length + graphs.length > 0;
  });
  expect(watched.map(([id]) => id)).toEqual([]);
});

it('warns of a distribution that no alarm of its region can watch', () => {
  const stack = eventDrivenStack(testApp(), 'staging', { env: { region: 'eu-west-1' } });
  const origin = new HttpOrigin('example.com');
  const distribution = new Distribution(stack, 'Mine', { defaultBehavior: { origin } });
  Annotations.fromStack(stack).hasWarning(
    `/${distribution.node.path}`,
    Match.stringLikeRegexp('publishes its metrics in us-east-1'),
  );
});
