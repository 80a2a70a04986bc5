import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  ParameterGroup,
} from 'aws-cdk-lib/aws-rds';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { template } from './rule-table-fixture';

/** Aurora as CDK's own constructs write it, with everything that the rows ask for. */
export const aurora = template((stack) => {
  const zones = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];
  const vpc = new Vpc(stack, 'Vpc', { availabilityZones: zones, natGateways: 0 });
  const engine = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 });
  const cluster = new DatabaseCluster(stack, 'Database', {
    engine,
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    credentials: Credentials.fromGeneratedSecret('owner'),
    writer: ClusterInstance.serverlessV2('Writer'),
    readers: [ClusterInstance.serverlessV2('Reader', { scaleWithWriter: true })],
    serverlessV2MinCapacity: 1,
    serverlessV2MaxCapacity: 4,
    storageEncrypted: true,
    backup: { retention: Duration.days(7) },
    preferredMaintenanceWindow: 'sun:03:00-sun:04:00',
    parameterGroup: new ParameterGroup(stack, 'Parameters', { engine, parameters: { 'rds.force_ssl': '1' } }),
    cloudwatchLogsExports: ['postgresql'],
  });
  cluster.addRotationSingleUser();
  const { secret } = cluster;
  if (secret === undefined) throw new Error('CDK made no secret');
  const proxy = cluster.addProxy('Proxy', { vpc, secrets: [secret], requireTLS: true });
  const fn = new LambdaFunction(stack, 'Api', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    environment: { DATABASE: `${proxy.endpoint}:${cluster.clusterEndpoint.port}` },
  });
  fn.addEventSource(new SqsEventSource(new Queue(stack, 'Jobs'), { maxConcurrency: 5 }));
  for (const metricName of ['ClientConnections', 'DatabaseConnectionsBorrowLatency']) {
    new Metric({ namespace: 'AWS/RDS', metricName, dimensionsMap: { ProxyName: proxy.dbProxyName } }).createAlarm(
      stack,
      metricName,
      { threshold: 1000, evaluationPeriods: 1 },
    );
  }
  cluster.metricDatabaseConnections().createAlarm(stack, 'Connections', { threshold: 650, evaluationPeriods: 1 });
  cluster.metricACUUtilization().createAlarm(stack, 'Capacity', { threshold: 90, evaluationPeriods: 1 });
});
