import { createHash } from 'node:crypto';
import { FIREHOSE_LIMITS } from '../limits/firehose';
import { KINESIS_LIMITS } from '../limits/kinesis';
import { LAMBDA_LIMITS } from '../limits/lambda';
import { S3_LIMITS } from '../limits/s3';
import type { Deployment } from './resolved-template';

/** What CloudFormation returns for a resource: its Ref, its Arn, and further attributes. */
export interface Identity {
  readonly ref: string;
  readonly arn?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

type Identify = (name: string, at: Deployment, properties: Readonly<Record<string, unknown>>) => Identity;

const arnOf =
  (service: string, separator: string): Identify =>
  (name, { account, region }) => ({ ref: name, arn: `arn:aws:${service}:${region}:${account}:${separator}${name}` });

/** The end of a generated name, which tells two resources apart. */
const TAIL = 13;

/** CloudFormation cuts the names that it generates to what the service takes, and keeps their end. */
function generated(name: string, { max }: { readonly max: number }): string {
  return name.length <= max ? name : `${name.slice(0, max - TAIL)}${name.slice(-TAIL)}`;
}

const named: Identify = (name) => ({ ref: name });

/** Return values by type, from the CloudFormation template reference. A type that is missing is refused by name. */
export const IDENTITIES: Readonly<Record<string, Identify>> = {
  'AWS::ApiGateway::Account': named,
  'AWS::ApiGateway::Authorizer': (name) => ({ ref: name, attributes: { AuthorizerId: name } }),
  'AWS::ApiGateway::Deployment': (name) => ({ ref: name, attributes: { DeploymentId: name } }),
  'AWS::ApiGateway::GatewayResponse': (name) => ({ ref: name, attributes: { Id: name } }),
  'AWS::ApiGateway::Method': named,
  'AWS::ApiGateway::Resource': (name) => ({ ref: name, attributes: { ResourceId: name } }),
  'AWS::ApiGateway::RestApi': (name) => ({
    ref: name,
    attributes: { RestApiId: name, RootResourceId: `${name}-root` },
  }),
  'AWS::ApiGateway::Stage': (_, __, { StageName }) => ({ ref: String(StageName) }),
  'AWS::ApiGatewayV2::Api': (name, { region }) => ({
    ref: name,
    attributes: { ApiEndpoint: `https://${name}.execute-api.${region}.amazonaws.com` },
  }),
  'AWS::ApiGatewayV2::Authorizer': named,
  'AWS::ApiGatewayV2::Integration': named,
  'AWS::ApiGatewayV2::Route': named,
  'AWS::ApiGatewayV2::Stage': (_, __, properties) => ({ ref: String(properties['StageName']) }),
  'AWS::ApplicationAutoScaling::ScalableTarget': (name) => ({ ref: `service/${name}|ecs:service:DesiredCount|ecs` }),
  'AWS::ApplicationAutoScaling::ScalingPolicy': named,
  'AWS::Bedrock::DataSource': (name, _, { KnowledgeBaseId }) => ({
    ref: `${String(KnowledgeBaseId)}|${bedrockId(name)}`,
    attributes: { DataSourceId: bedrockId(name) },
  }),
  'AWS::Bedrock::Guardrail': (name, { account, region }) => {
    const id = bedrockId(name).toLowerCase();
    const arn = `arn:aws:bedrock:${region}:${account}:guardrail/${id}`;
    return { ref: arn, arn, attributes: { GuardrailArn: arn, GuardrailId: id, Version: 'DRAFT' } };
  },
  'AWS::Bedrock::GuardrailVersion': (_, { account, region }, { GuardrailIdentifier }) => {
    const id = String(GuardrailIdentifier).split('/').pop() ?? '';
    return {
      ref: `${id}|1`,
      attributes: {
        GuardrailArn: `arn:aws:bedrock:${region}:${account}:guardrail/${id}`,
        GuardrailId: id,
        Version: '1',
      },
    };
  },
  'AWS::Bedrock::KnowledgeBase': (name, { account, region }) => {
    const id = bedrockId(name);
    const arn = `arn:aws:bedrock:${region}:${account}:knowledge-base/${id}`;
    return { ref: id, arn, attributes: { KnowledgeBaseArn: arn, KnowledgeBaseId: id } };
  },
  'AWS::CertificateManager::Certificate': (name, { account, region }) => ({
    ref: `arn:aws:acm:${region}:${account}:certificate/${name}`,
  }),
  'AWS::CloudFront::Distribution': (name, { account }) => {
    const id = cloudFrontId(name);
    return {
      ref: id,
      arn: `arn:aws:cloudfront::${account}:distribution/${id}`,
      attributes: { Id: id, DomainName: `${id.toLowerCase()}.cloudfront.net` },
    };
  },
  'AWS::CloudFront::Function': (name, { account }) => {
    const arn = `arn:aws:cloudfront::${account}:function/${name}`;
    return { ref: arn, arn, attributes: { FunctionARN: arn } };
  },
  'AWS::CloudFront::OriginAccessControl': (name) => ({ ref: name, attributes: { Id: name } }),
  'AWS::CloudFront::ResponseHeadersPolicy': (name) => ({ ref: name, attributes: { Id: name } }),
  'AWS::CloudFront::VpcOrigin': (name) => ({ ref: name, attributes: { Id: name } }),
  'AWS::CloudWatch::Alarm': arnOf('cloudwatch', 'alarm:'),
  'AWS::CloudWatch::Dashboard': named,
  'AWS::Cognito::ManagedLoginBranding': named,
  'AWS::Cognito::UserPool': (name, { account, region }) => {
    const ref = `${region}_${name.slice(-9)}`;
    return {
      ref,
      arn: `arn:aws:cognito-idp:${region}:${account}:userpool/${ref}`,
      attributes: { ProviderURL: `https://cognito-idp.${region}.amazonaws.com/${ref}` },
    };
  },
  'AWS::Cognito::UserPoolClient': named,
  'AWS::Cognito::UserPoolIdentityProvider': named,
  'AWS::Cognito::UserPoolDomain': (_, __, { Domain }) => ({ ref: String(Domain) }),
  'AWS::DynamoDB::Table': (name, at) => {
    const arn = `arn:aws:dynamodb:${at.region}:${at.account}:table/${name}`;
    return { ref: name, arn, attributes: { StreamArn: `${arn}/stream/2026-01-01T00:00:00.000` } };
  },
  'AWS::EC2::EIP': (name) => ({ ref: name, attributes: { AllocationId: `eipalloc-${name}` } }),
  'AWS::EC2::FlowLog': named,
  'AWS::EC2::InternetGateway': named,
  'AWS::EC2::NatGateway': (name) => ({ ref: name, attributes: { NatGatewayId: name } }),
  'AWS::EC2::Route': named,
  'AWS::EC2::RouteTable': named,
  'AWS::EC2::SecurityGroup': (name) => ({ ref: name, attributes: { GroupId: name } }),
  'AWS::EC2::SecurityGroupEgress': named,
  'AWS::EC2::SecurityGroupIngress': named,
  'AWS::EC2::Subnet': (name, { region }, { AvailabilityZone, AvailabilityZoneId }) => {
    // Which name an id has, each account decides for itself: here the first is the first.
    const letter = 'abcdef'[Number(/-az(\d)$/.exec(String(AvailabilityZoneId))?.[1] ?? 1) - 1] ?? 'a';
    const zone = typeof AvailabilityZone === 'string' ? AvailabilityZone : `${region}${letter}`;
    return { ref: name, attributes: { SubnetId: name, AvailabilityZone: zone } };
  },
  'AWS::EC2::SubnetRouteTableAssociation': named,
  'AWS::EC2::VPC': (name) => ({ ref: name, attributes: { DefaultSecurityGroup: `sg-${name}` } }),
  'AWS::EC2::VPCEndpoint': named,
  'AWS::EC2::VPCGatewayAttachment': named,
  'AWS::ECS::Cluster': arnOf('ecs', 'cluster/'),
  'AWS::ECS::Service': (name, { account, region }) => ({
    ref: `arn:aws:ecs:${region}:${account}:service/${name}`,
    attributes: { Name: name },
  }),
  'AWS::ECS::TaskDefinition': (name, { account, region }) => ({
    ref: `arn:aws:ecs:${region}:${account}:task-definition/${name}:1`,
  }),
  'AWS::ElastiCache::ServerlessCache': (_, { account, region }, { ServerlessCacheName: name }) => ({
    ref: String(name),
    attributes: {
      ARN: `arn:aws:elasticache:${region}:${account}:serverlesscache:${String(name)}`,
      'Endpoint.Address': `${String(name)}.serverless.${region}.cache.amazonaws.com`,
      'Endpoint.Port': '6379',
    },
  }),
  'AWS::ElastiCache::User': (_, { account, region }, { UserId: id }) => ({
    ref: String(id),
    arn: `arn:aws:elasticache:${region}:${account}:user:${String(id)}`,
  }),
  'AWS::ElastiCache::UserGroup': (_, __, { UserGroupId }) => ({ ref: String(UserGroupId) }),
  'AWS::ElasticLoadBalancingV2::Listener': (name, { account, region }) => ({
    ref: `arn:aws:elasticloadbalancing:${region}:${account}:listener/app/${name}/1/1`,
  }),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (name, { account, region }) => ({
    ref: `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/app/${name}/1`,
    attributes: {
      LoadBalancerFullName: `app/${name}/1`,
      DNSName: `internal-${name}.${region}.elb.amazonaws.com`.toLowerCase(),
    },
  }),
  'AWS::ElasticLoadBalancingV2::TargetGroup': (name, { account, region }) => ({
    ref: `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${name}/1`,
    attributes: { TargetGroupFullName: `targetgroup/${name}/1` },
  }),
  'AWS::Events::Archive': arnOf('events', 'archive/'),
  'AWS::Events::EventBus': (_, { account, region }, { Name }) => ({
    ref: String(Name),
    arn: `arn:aws:events:${region}:${account}:event-bus/${Name}`,
    attributes: { Name: String(Name) },
  }),
  // On a custom bus the Ref is `bus|rule`.
  'AWS::Events::Rule': (name, { account, region }, { EventBusName }) => ({
    ref: EventBusName === undefined ? name : `${EventBusName}|${name}`,
    arn: `arn:aws:events:${region}:${account}:rule/${EventBusName === undefined ? '' : `${EventBusName}/`}${name}`,
  }),
  'AWS::Athena::NamedQuery': named,
  'AWS::Athena::WorkGroup': (_, __, { Name }) => ({ ref: String(Name) }),
  'AWS::Glue::Database': named,
  'AWS::Glue::Table': named,
  'AWS::IAM::Policy': named,
  'AWS::IAM::Role': (name, { account }) => ({ ref: name, arn: `arn:aws:iam::${account}:role/${name}` }),
  'AWS::KMS::Key': arnOf('kms', 'key/'),
  'AWS::Kinesis::Stream': (name, at, { Name = generated(name, KINESIS_LIMITS.rows.streamName) }) =>
    arnOf('kinesis', 'stream/')(String(Name), at, {}),
  'AWS::Kinesis::StreamConsumer': (_, __, { ConsumerName, StreamARN }) => {
    const arn = `${StreamARN}/consumer/${ConsumerName}:1767225600`;
    return {
      ref: arn,
      arn,
      attributes: { ConsumerARN: arn, ConsumerName: String(ConsumerName), StreamARN: String(StreamARN) },
    };
  },
  'AWS::KinesisFirehose::DeliveryStream': (name, at) =>
    arnOf('firehose', 'deliverystream/')(generated(name, FIREHOSE_LIMITS.rows.name), at, {}),
  'AWS::Lambda::Alias': (_, __, { FunctionName, Name }) => ({ ref: `${functionArn(FunctionName)}:${Name}` }),
  'AWS::Lambda::EventInvokeConfig': named,
  'AWS::Lambda::EventSourceMapping': named,
  'AWS::Lambda::Function': (name, at, { FunctionName = generated(name, LAMBDA_LIMITS.rows.functionName) }) =>
    arnOf('lambda', 'function:')(String(FunctionName), at, {}),
  'AWS::Lambda::LayerVersion': named,
  'AWS::Lambda::Permission': named,
  'AWS::Lambda::Version': (_, __, { FunctionName }) => ({
    ref: `${functionArn(FunctionName)}:1`,
    attributes: { Version: '1' },
  }),
  'AWS::Logs::Delivery': (name) => ({ ref: name, attributes: { DeliveryId: name } }),
  'AWS::Logs::DeliveryDestination': arnOf('logs', 'delivery-destination:'),
  'AWS::Logs::DeliverySource': arnOf('logs', 'delivery-source:'),
  'AWS::Logs::LogGroup': (name, { account, region }) => ({
    ref: name,
    arn: `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
  }),
  'AWS::Logs::LogStream': named,
  'AWS::Logs::MetricFilter': named,
  'AWS::OpenSearchServerless::AccessPolicy': named,
  'AWS::OpenSearchServerless::Collection': (name, { account, region }) => {
    const id = bedrockId(name).toLowerCase();
    const arn = `arn:aws:aoss:${region}:${account}:collection/${id}`;
    const host = `https://${id}.${region}.aoss.amazonaws.com`;
    return {
      ref: id,
      arn,
      attributes: { Id: id, CollectionEndpoint: host, DashboardEndpoint: `${host}/_dashboards` },
    };
  },
  'AWS::OpenSearchServerless::CollectionGroup': (name, { account, region }) => ({
    ref: name,
    arn: `arn:aws:aoss:${region}:${account}:collection-group/${bedrockId(name).toLowerCase()}`,
    attributes: { Id: bedrockId(name).toLowerCase() },
  }),
  'AWS::OpenSearchServerless::CollectionIndex': named,
  'AWS::OpenSearchServerless::Index': named,
  'AWS::OpenSearchServerless::LifecyclePolicy': named,
  'AWS::OpenSearchServerless::SecurityPolicy': named,
  'AWS::OpenSearchServerless::VpcEndpoint': (name) => ({ ref: name, attributes: { Id: name } }),
  'AWS::Pipes::Pipe': arnOf('pipes', 'pipe/'),
  'AWS::RDS::DBCluster': (name, { account, region }) => {
    const cluster = name.toLowerCase();
    return {
      ref: cluster,
      arn: `arn:aws:rds:${region}:${account}:cluster:${cluster}`,
      attributes: {
        DBClusterArn: `arn:aws:rds:${region}:${account}:cluster:${cluster}`,
        DBClusterResourceId: `cluster-${cluster}`,
        'Endpoint.Address': `${cluster}.cluster-local.${region}.rds.amazonaws.com`,
        'Endpoint.Port': '5432',
        'ReadEndpoint.Address': `${cluster}.cluster-ro-local.${region}.rds.amazonaws.com`,
        'MasterUserSecret.SecretArn': `arn:aws:secretsmanager:${region}:${account}:secret:rds!cluster-${cluster}`,
      },
    };
  },
  'AWS::RDS::DBClusterParameterGroup': named,
  'AWS::RDS::DBInstance': named,
  'AWS::RDS::DBProxy': (_, { account, region }, { DBProxyName }) => {
    const name = String(DBProxyName);
    return {
      ref: name,
      attributes: {
        DBProxyArn: `arn:aws:rds:${region}:${account}:db-proxy:prx-${name}`,
        Endpoint: `${name}.proxy-local.${region}.rds.amazonaws.com`,
      },
    };
  },
  'AWS::RDS::DBProxyEndpoint': (_, { account, region }, { DBProxyEndpointName }) => {
    const name = String(DBProxyEndpointName);
    return {
      ref: name,
      attributes: {
        DBProxyEndpointArn: `arn:aws:rds:${region}:${account}:db-proxy-endpoint:prx-${name}`,
        Endpoint: `${name}.endpoint.proxy-local.${region}.rds.amazonaws.com`,
      },
    };
  },
  'AWS::RDS::DBProxyTargetGroup': named,
  'AWS::RDS::DBSubnetGroup': named,
  'AWS::RedshiftServerless::Namespace': (_, __, { NamespaceName }) => ({ ref: String(NamespaceName) }),
  'AWS::RedshiftServerless::Workgroup': (name, { account, region }, { WorkgroupName }) => ({
    ref: String(WorkgroupName),
    attributes: { 'Workgroup.WorkgroupArn': `arn:aws:redshift-serverless:${region}:${account}:workgroup/${name}` },
  }),
  'AWS::Route53::RecordSet': named,
  'AWS::S3::Bucket': (name, { region }, { BucketName }) => {
    const made = generated(name.toLowerCase(), S3_LIMITS.rows.bucketName);
    const bucket = BucketName === undefined ? made : String(BucketName);
    return {
      ref: bucket,
      arn: `arn:aws:s3:::${bucket}`,
      attributes: {
        DomainName: `${bucket}.s3.amazonaws.com`,
        RegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
      },
    };
  },
  'AWS::S3::BucketPolicy': named,
  'AWS::S3Vectors::Index': (name, { account, region }) => {
    const arn = `arn:aws:s3vectors:${region}:${account}:bucket/vectors/index/${name.toLowerCase()}`;
    return { ref: arn, arn, attributes: { IndexArn: arn } };
  },
  'AWS::S3Vectors::VectorBucket': (name, { account, region }) => {
    const arn = `arn:aws:s3vectors:${region}:${account}:bucket/${name.toLowerCase()}`;
    return { ref: arn, arn, attributes: { VectorBucketArn: arn } };
  },
  'AWS::S3Vectors::VectorBucketPolicy': named,
  'AWS::Scheduler::Schedule': arnOf('scheduler', 'schedule/default/'),
  'AWS::SNS::Subscription': named,
  'AWS::SNS::Topic': (name, { account, region }, { FifoTopic }) => {
    const topic = FifoTopic === true ? `${name}.fifo` : name;
    const arn = `arn:aws:sns:${region}:${account}:${topic}`;
    return { ref: arn, arn, attributes: { TopicArn: arn, TopicName: topic } };
  },
  'AWS::SNS::TopicPolicy': named,
  'AWS::SQS::Queue': (name, { account, region }, { FifoQueue }) => {
    const queue = FifoQueue === true ? `${name}.fifo` : name;
    return {
      ref: `https://sqs.${region}.amazonaws.com/${account}/${queue}`,
      arn: `arn:aws:sqs:${region}:${account}:${queue}`,
      attributes: { QueueName: queue },
    };
  },
  'AWS::SQS::QueuePolicy': named,
  'AWS::StepFunctions::StateMachine': (name, { account, region }) => {
    const arn = `arn:aws:states:${region}:${account}:stateMachine:${name}`;
    return { ref: arn, arn, attributes: { Name: name } };
  },
  'AWS::WAFv2::IPSet': (name, { account, region }) => ({
    ref: name,
    arn: `arn:aws:wafv2:${region}:${account}:global/ipset/${name}/1`,
  }),
  'AWS::WAFv2::LoggingConfiguration': named,
  'AWS::WAFv2::WebACL': (name, { account, region }) => ({
    ref: name,
    arn: `arn:aws:wafv2:${region}:${account}:global/webacl/${name}/1`,
  }),
  'Custom::BedrockInvocationLogs': (name) => ({ ref: name, attributes: { Applied: 'true' } }),
  'Custom::CDKBucketDeployment': named,
  'Custom::CloudFrontPrefixList': (name) => ({
    ref: name,
    attributes: { 'PrefixLists.0.PrefixListId': 'pl-cloudfront' },
  }),
  'Custom::DatabaseSchema': named,
  'Custom::ExternalSchema': named,
  'Custom::OriginSecret': (name, _, { generation }) => ({
    ref: name,
    attributes: {
      [`Value${String(generation)}`]: name,
      [`Verifiers${String(generation)}`]: createHash('sha256').update(name).digest('hex'),
    },
  }),
  'Custom::S3AutoDeleteObjects': named,
  'Custom::VpcRestrictDefaultSG': named,
};

/** An id of the shape that CloudFront gives, the same for a name each time. */
function cloudFrontId(name: string): string {
  return `E${createHash('sha256').update(name).digest('hex').slice(0, 13).toUpperCase()}`;
}

/** An id of the shape that Bedrock and OpenSearch Serverless give, the same for a name each time. */
function bedrockId(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 10).toUpperCase();
}

function functionArn(name: unknown): string {
  return String(name);
}
