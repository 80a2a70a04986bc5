import type { resourcesOf, TemplateResource } from '../synthesize';

/** The resources of a template, by logical id. */
export type Resources = ReturnType<typeof resourcesOf>;

/** Any value: for a graph that searches, because what it shows comes and goes. */
export const ANY = '*';

/**
 * What a service emits, from AWS's lists of metrics and dimensions. CloudWatch takes each set of dimensions for a metric of its
 * own, and a metric that the resource is not set to emit is none: an alarm on either stays silent for ever.
 */
export interface Emitted {
  readonly metrics: readonly string[];
  /** Dimension name to the resource type that its value must name; a literal in quotes; or {@link ANY}. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Those that tell something. @default - any */
  readonly statistics?: readonly string[];
  /** Whether the named resources are set so that they emit it, where that is a choice. @param named by dimension */
  readonly when?: (named: Readonly<Record<string, TemplateResource>>, metric: string, all: Resources) => boolean;
}

/** A property of a resource, by path. */
export function property(resource: TemplateResource | undefined, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }, resource?.Properties);
}

const includes = (list: unknown, value: string) => Array.isArray(list) && list.includes(value);
const FIREHOSE_S3 = 'ExtendedS3DestinationConfiguration';
const CLUSTER = 'AWS::RDS::DBCluster';
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

/** Whether a mapping reads a stream: only those begin somewhere. */
const readsStream = (mapping: TemplateResource) => mapping.Properties['StartingPosition'] !== undefined;

/** How many resources of a type refer to another by a property. */
function referring(all: Resources, type: string, path: string, to: TemplateResource | undefined): number {
  return Object.values(all).filter((resource) => {
    const { Ref } = (property(resource, path) ?? {}) as { Ref?: string };
    return resource.Type === type && Ref !== undefined && all[Ref] === to;
  }).length;
}

/** Whether a resource refers to another by a property. */
function isOf(
  resource: TemplateResource | undefined,
  path: string,
  to: TemplateResource | undefined,
  all: Resources,
): boolean {
  const { Ref = '' } = (property(resource, path) ?? {}) as { Ref?: string };
  return to !== undefined && all[Ref] === to;
}

/** Whether a load balancer passes something on to a target group. */
function forwards(
  balancer: TemplateResource | undefined,
  group: TemplateResource | undefined,
  all: Resources,
): boolean {
  return Object.values(all).some((listener) => {
    if (listener.Type !== 'AWS::ElasticLoadBalancingV2::Listener') return false;
    const { Ref: of } = listener.Properties['LoadBalancerArn'] as { Ref: string };
    const actions = listener.Properties['DefaultActions'] as { TargetGroupArn?: { Ref: string } }[];
    return all[of] === balancer && actions.some(({ TargetGroupArn }) => all[TargetGroupArn?.Ref ?? ''] === group);
  });
}

/** Whether a function is fed from a stream. */
function isFedByStream(fn: TemplateResource | undefined, all: Resources): boolean {
  return Object.values(all).some(({ Type, Properties }) => {
    if (Type !== 'AWS::Lambda::EventSourceMapping' || Properties['StartingPosition'] === undefined) return false;
    const { Ref } = Properties['FunctionName'] as { Ref?: string };
    return Ref !== undefined && all[Ref] === fn;
  });
}

export const EMITTED: Readonly<Record<string, readonly Emitted[]>> = {
  // docs.aws.amazon.com/AWSSimpleQueueService: available CloudWatch metrics
  'AWS/SQS': [
    {
      metrics: ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'],
      dimensions: { QueueName: 'AWS::SQS::Queue' },
    },
  ],
  // docs.aws.amazon.com/lambda: types of metrics for Lambda functions; ConcurrentExecutions exists for the region too
  'AWS/Lambda': [
    {
      metrics: ['ConcurrentExecutions', 'Duration', 'Errors', 'Invocations', 'Throttles'],
      dimensions: { FunctionName: 'AWS::Lambda::Function' },
    },
    {
      metrics: ['IteratorAge'],
      dimensions: { FunctionName: 'AWS::Lambda::Function' },
      when: ({ FunctionName }, _, all) => isFedByStream(FunctionName, all),
    },
    {
      metrics: ['OnFailureDestinationDeliveredEventCount', 'DroppedEventCount'],
      dimensions: { EventSourceMappingUUID: 'AWS::Lambda::EventSourceMapping' },
      when: ({ EventSourceMappingUUID: mapping }) =>
        includes(property(mapping, 'MetricsConfig.Metrics'), 'EventCount') &&
        mapping !== undefined &&
        readsStream(mapping) &&
        property(mapping, 'DestinationConfig.OnFailure.Destination') !== undefined,
    },
    { metrics: ['ConcurrentExecutions'], dimensions: {} },
  ],
  // docs.aws.amazon.com/apigateway: metrics of HTTP APIs, and of REST APIs, which go by their name
  'AWS/ApiGateway': [
    { metrics: ['4xx', '5xx', 'Count', 'Latency'], dimensions: { ApiId: 'AWS::ApiGatewayV2::Api' } },
    {
      metrics: ['4xx', '5xx', 'Count', 'Latency'],
      dimensions: { ApiId: 'AWS::ApiGatewayV2::Api', Stage: "'$default'" },
    },
    {
      metrics: ['4XXError', '5XXError', 'Count', 'IntegrationLatency', 'Latency'],
      dimensions: { ApiName: 'AWS::ApiGateway::RestApi', Stage: 'AWS::ApiGateway::Stage' },
      when: ({ ApiName, Stage }, _, all) => isOf(Stage, 'RestApiId', ApiName, all),
    },
  ],
  // docs.aws.amazon.com/bedrock: monitoring-runtime-metrics; the model as whoever asks it names it, by its profile or by its own id
  'AWS/Bedrock': [
    {
      metrics: ['InputTokenCount', 'InvocationThrottles', 'OutputTokenCount'],
      dimensions: { ModelId: 'AWS::Lambda::Function' },
      statistics: ['Sum'],
    },
  ],
  // docs.aws.amazon.com/amazondynamodb: metrics and dimensions
  'AWS/DynamoDB': [
    {
      metrics: ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits', 'ReadThrottleEvents', 'WriteThrottleEvents'],
      dimensions: { TableName: 'AWS::DynamoDB::Table' },
    },
    {
      metrics: ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits', 'ReadThrottleEvents', 'WriteThrottleEvents'],
      dimensions: { TableName: 'AWS::DynamoDB::GlobalTable' },
    },
  ],
  // docs.aws.amazon.com/sns: monitoring topics with CloudWatch
  'AWS/SNS': [
    {
      metrics: ['NumberOfMessagesPublished', 'NumberOfNotificationsFailed'],
      dimensions: { TopicName: 'AWS::SNS::Topic' },
    },
  ],
  // docs.aws.amazon.com/AmazonCloudFront: monitoring with CloudWatch; rates are averages, and the dimension Region is always there
  'AWS/CloudFront': [
    {
      metrics: ['4xxErrorRate', '5xxErrorRate'],
      dimensions: { DistributionId: 'AWS::CloudFront::Distribution', Region: "'Global'" },
      statistics: ['Average'],
    },
    {
      metrics: ['BytesDownloaded', 'Requests'],
      dimensions: { DistributionId: 'AWS::CloudFront::Distribution', Region: "'Global'" },
      statistics: ['Sum'],
    },
  ],
  // docs.aws.amazon.com/eventbridge: a rule of a custom bus is named by bus and rule, one of the default bus by itself
  'AWS/Events': [
    {
      metrics: ['FailedInvocations', 'InvocationsSentToDlq'],
      dimensions: { EventBusName: 'AWS::Events::EventBus', RuleName: 'AWS::Events::Rule' },
    },
    {
      metrics: ['FailedInvocations', 'InvocationsSentToDlq'],
      dimensions: { RuleName: 'AWS::Events::Rule' },
      when: ({ RuleName }) => property(RuleName, 'EventBusName') === undefined,
    },
  ],
  // docs.aws.amazon.com/eventbridge: monitoring EventBridge Pipes
  'AWS/EventBridge/Pipes': [
    { metrics: ['Duration', 'ExecutionFailed', 'ExecutionThrottled'], dimensions: { PipeName: 'AWS::Pipes::Pipe' } },
  ],
  // docs.aws.amazon.com/step-functions: metrics
  'AWS/States': [
    {
      metrics: ['ExecutionsFailed', 'ExecutionsStarted', 'ExecutionsSucceeded', 'ExecutionsTimedOut', 'ExecutionTime'],
      dimensions: { StateMachineArn: 'AWS::StepFunctions::StateMachine' },
    },
  ],
  // docs.aws.amazon.com/streams: monitoring-with-cloudwatch; dimensions by docs.aws.amazon.com/AmazonCloudWatch:
  // SupportedMetricsForResourceTagsForTelemetry, as for all that follows
  'AWS/Kinesis': [
    {
      metrics: [
        'GetRecords.Bytes',
        'GetRecords.IteratorAgeMilliseconds',
        'GetRecords.Records',
        'IncomingBytes',
        'IncomingRecords',
        'ReadProvisionedThroughputExceeded',
        'WriteProvisionedThroughputExceeded',
      ],
      dimensions: { StreamName: 'AWS::Kinesis::Stream' },
    },
    {
      metrics: ['IncomingBytes', 'WriteProvisionedThroughputExceeded', 'IteratorAgeMilliseconds'],
      dimensions: { ShardId: ANY, StreamName: 'AWS::Kinesis::Stream' },
      when: ({ StreamName }, metric) => includes(property(StreamName, 'DesiredShardLevelMetrics'), metric),
    },
    {
      metrics: [
        'SubscribeToShardEvent.Bytes',
        'SubscribeToShardEvent.MillisBehindLatest',
        'SubscribeToShardEvent.Records',
      ],
      dimensions: { ConsumerName: ANY, StreamName: 'AWS::Kinesis::Stream' },
    },
  ],
  // docs.aws.amazon.com/firehose: monitoring-with-cloudwatch-metrics
  'AWS/Firehose': [
    {
      metrics: ['DeliveryToS3.Bytes', 'DeliveryToS3.DataFreshness', 'DeliveryToS3.Records'],
      dimensions: { DeliveryStreamName: 'AWS::KinesisFirehose::DeliveryStream' },
      when: ({ DeliveryStreamName }) => property(DeliveryStreamName, FIREHOSE_S3) !== undefined,
    },
    {
      metrics: ['FailedConversion.Records'],
      dimensions: { DeliveryStreamName: 'AWS::KinesisFirehose::DeliveryStream' },
      when: ({ DeliveryStreamName }) =>
        property(DeliveryStreamName, `${FIREHOSE_S3}.DataFormatConversionConfiguration.Enabled`) === true,
    },
    {
      metrics: [
        'DataReadFromKinesisStream.Bytes',
        'DataReadFromKinesisStream.Records',
        'KinesisMillisBehindLatest',
        'ThrottledGetRecords',
      ],
      dimensions: { DeliveryStreamName: 'AWS::KinesisFirehose::DeliveryStream' },
      when: ({ DeliveryStreamName }) => property(DeliveryStreamName, 'DeliveryStreamType') === 'KinesisStreamAsSource',
    },
  ],
  // docs.aws.amazon.com/athena: query-metrics-viewing; by workgroup alone, and by state and type as well
  'AWS/Athena': [
    {
      metrics: ['ProcessedBytes'],
      dimensions: { WorkGroup: 'AWS::Athena::WorkGroup' },
      when: ({ WorkGroup }) => property(WorkGroup, 'WorkGroupConfiguration.PublishCloudWatchMetricsEnabled') === true,
    },
  ],
  // docs.aws.amazon.com/AmazonRDS: Aurora CloudWatch metrics and dimensions; monitoring RDS Proxy, whose hosts each count their own
  'AWS/RDS': [
    { metrics: ['CPUUtilization', 'DatabaseConnections', 'Deadlocks'], dimensions: { DBClusterIdentifier: CLUSTER } },
    {
      metrics: ['ACUUtilization'],
      dimensions: { DBClusterIdentifier: CLUSTER },
      when: ({ DBClusterIdentifier }) =>
        property(DBClusterIdentifier, 'ServerlessV2ScalingConfiguration') !== undefined,
    },
    {
      metrics: ['AuroraReplicaLagMaximum'],
      dimensions: { DBClusterIdentifier: CLUSTER },
      when: ({ DBClusterIdentifier }, _, all) =>
        referring(all, 'AWS::RDS::DBInstance', 'DBClusterIdentifier', DBClusterIdentifier) > 1,
    },
    {
      metrics: ['ClientConnections', 'DatabaseConnections'],
      dimensions: { ProxyName: 'AWS::RDS::DBProxy' },
      statistics: ['Sum'],
    },
    {
      metrics: ['DatabaseConnectionsBorrowLatency'],
      dimensions: { ProxyName: 'AWS::RDS::DBProxy' },
      statistics: ['Average'],
    },
  ],
  // docs.aws.amazon.com/AmazonElastiCache: serverless metrics, which have no misses; by list-metrics in clusterId alone
  // (github.com/open-constructs/aws-cdk-library/pull/68)
  'AWS/ElastiCache': [
    {
      metrics: ['BytesUsedForCache', 'CacheHits', 'ElastiCacheProcessingUnits', 'ThrottledCmds'],
      dimensions: { clusterId: 'AWS::ElastiCache::ServerlessCache' },
    },
  ],
  // docs.aws.amazon.com/elasticloadbalancing: CloudWatch metrics for your Application Load Balancer
  'AWS/ApplicationELB': [
    {
      metrics: ['HTTPCode_ELB_5XX_Count', 'HTTPCode_Target_5XX_Count', 'RequestCount', 'TargetResponseTime'],
      dimensions: { LoadBalancer: BALANCER },
    },
    {
      metrics: ['HTTPCode_Target_5XX_Count', 'RequestCount', 'TargetResponseTime', 'UnHealthyHostCount'],
      dimensions: { LoadBalancer: BALANCER, TargetGroup: 'AWS::ElasticLoadBalancingV2::TargetGroup' },
      when: ({ LoadBalancer, TargetGroup }, _, all) => forwards(LoadBalancer, TargetGroup, all),
    },
  ],
  // docs.aws.amazon.com/AmazonECS: CloudWatch metrics
  'AWS/ECS': [
    {
      metrics: ['CPUUtilization', 'MemoryUtilization'],
      dimensions: { ClusterName: 'AWS::ECS::Cluster', ServiceName: 'AWS::ECS::Service' },
      when: ({ ClusterName, ServiceName }, _, all) => {
        const { Ref = '' } = property(ServiceName, 'Cluster') as { Ref?: string };
        return all[Ref] === ClusterName;
      },
    },
  ],
  // docs.aws.amazon.com/vpc: NAT gateway metrics and dimensions
  'AWS/NATGateway': [
    {
      metrics: ['BytesOutToDestination', 'ErrorPortAllocation'],
      dimensions: { NatGatewayId: 'AWS::EC2::NatGateway' },
      statistics: ['Sum'],
    },
  ],
  // docs.aws.amazon.com/waf: metrics and dimensions; there is a dimension Region for every scope but CloudFront's
  'AWS/WAFV2': [
    {
      metrics: ['BlockedRequests'],
      dimensions: { WebACL: 'AWS::WAFv2::WebACL', Rule: "'ALL'" },
      when: ({ WebACL }) =>
        property(WebACL, 'Scope') === 'CLOUDFRONT' &&
        property(WebACL, 'VisibilityConfig.CloudWatchMetricsEnabled') === true,
    },
  ],
};
