import { Duration } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { AttributeType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnServerlessCache } from 'aws-cdk-lib/aws-elasticache';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
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
import type { Construct } from 'constructs';
import {
  EventCatalog,
  EventStream,
  FargateApi,
  HandlerCode,
  HandlerFunction,
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
import { CONTAINER } from '../lib/compute/fargate-fixture';

const ENGINE = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_17_9 });

/** One of each kind, as people add it beside a pattern: CDK's own constructs and our blocks. */
export function oneOfEach(scope: Construct, encryptionKey: IKey) {
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
  const table = catalog.addTable('a', {
    bucket: lake.bucket,
    prefix: 'a/',
    columns: [...columns],
    since: '2026-01-01',
  });
  const { databaseName } = catalog;
  const transform = handler('Transform');
  new ParquetDelivery(scope, 'Files', {
    ...common,
    stream,
    bucket: lake,
    prefix: 'a/',
    table,
    databaseName,
    transform,
  });
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
