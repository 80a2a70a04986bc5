import { GatewayVpcEndpointAwsService, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Cluster, ContainerImage, FargateService, FargateTaskDefinition, LogDrivers } from 'aws-cdk-lib/aws-ecs';
import { CfnServerlessCache } from 'aws-cdk-lib/aws-elasticache';
import { ApplicationLoadBalancer, ListenerAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { template } from './rule-table-fixture';

export const ZONES = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];

/** Three tiers over three zones with NAT, a function and a task that hold the address of a cache, and a load balancer. */
export const network = template((stack) => {
  const vpc = new Vpc(stack, 'Vpc', {
    availabilityZones: ZONES,
    subnetConfiguration: [
      { name: 'Public', subnetType: SubnetType.PUBLIC },
      { name: 'App', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'Data', subnetType: SubnetType.PRIVATE_ISOLATED },
    ],
    gatewayEndpoints: {
      S3: { service: GatewayVpcEndpointAwsService.S3 },
      DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
    },
  });
  const clients = new SecurityGroup(stack, 'Clients', { vpc });
  const letsIn = new SecurityGroup(stack, 'Cached', { vpc });
  letsIn.addIngressRule(clients, Port.tcp(6379));
  const cache = new CfnServerlessCache(stack, 'Cache', {
    engine: 'valkey',
    serverlessCacheName: 'mine',
    subnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
    securityGroupIds: [letsIn.securityGroupId],
  });
  const environment = { CACHE: cache.attrEndpointAddress };
  new LambdaFunction(stack, 'Api', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    vpc,
    vpcSubnets: { subnetGroupName: 'App' },
    securityGroups: [clients],
    environment,
  });
  const taskDefinition = new FargateTaskDefinition(stack, 'Task');
  taskDefinition.addContainer('api', {
    image: ContainerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Images', 'api')),
    logging: LogDrivers.awsLogs({ streamPrefix: 'api' }),
    environment,
  });
  new FargateService(stack, 'Service', {
    cluster: new Cluster(stack, 'Cluster', { vpc }),
    taskDefinition,
    securityGroups: [clients],
    minHealthyPercent: 100,
    circuitBreaker: { rollback: true },
  });
  const balancer = new ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
  balancer.addListener('Https', {
    port: 443,
    certificates: [{ certificateArn: 'arn:aws:acm:::certificate/1' }],
    defaultAction: ListenerAction.fixedResponse(404),
  });
});
