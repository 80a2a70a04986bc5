import { Size, Stack } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { CfnNatGateway } from 'aws-cdk-lib/aws-ec2';
import { CfnServerlessCache } from 'aws-cdk-lib/aws-elasticache';
import { type CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { type CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { type CfnDBCluster, DatabaseCluster, DatabaseProxy } from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';
import { QueryWorkgroup } from '../analytics/query-workgroup';
import { FargateApi } from '../compute/fargate-api';
import { HandlerFunction } from '../compute/handler-function';
import { cacheMetric, clusterMetric, proxyMetric } from '../database/database-metrics';
import { maxConnections } from '../facts/postgres-connections';
import { DeadLetterQueue } from '../messaging/dead-letter-queue';
import { pipeMetric } from '../messaging/stream-pipe';
import { ParquetDelivery } from '../streaming/parquet-delivery';
import { StreamConsumer } from '../streaming/stream-consumer';
import { deliveryMetric, mappingMetric, streamMetric } from '../streaming/stream-metrics';
import type { Alarms } from './alarms';
import { watchCache, watchCluster, watchNat, watchProxy } from './database-alarms';
import { watchDistribution } from './distribution-alarms';
import { distributionMetric } from './distribution-metric';
import { watchLoadBalancer } from './load-balancer-alarms';
import { ruleMetric } from './rule-metric';
import { watchDelivery, watchScans, watchStream, watchStreamConsumer, watchTransform } from './stream-alarms';

/** A construct that is to be watched. */
export interface Found {
  /** What is watched or left: the L2, or the L1 where there is none. */
  readonly resource: IConstruct;
  /** Adds the usual alarms, for what no pattern watches by a name of its own. */
  readonly watch: (alarms: Alarms, id: string) => void;
  /** Counts the ERROR lines of its log, unless a pattern does. @default - its kind writes no log of ours */
  readonly watchLines?: (alarms: Alarms, id: string) => void;
  /** Its lines in the row of its kind. @default - its kind has no row */
  readonly row?: FoundRow;
}

/** The row of a kind of resources that no row of the pattern shows. */
export interface FoundRow {
  readonly title: string;
  /** What metrics call the resource: the value of a dimension. */
  readonly name: string;
  /** The resource's metric of each graph. */
  readonly graphs: Readonly<Record<string, Metric>>;
}

/** A kind of resource that patterns watch. */
interface WatchedKind {
  /** Resource types of CloudFormation that it covers. */
  readonly types: readonly string[];
  /** What a construct is found as; undefined for one of another kind. */
  readonly find: (node: IConstruct) => Found | undefined;
}

const sum = { statistic: Stats.SUM };
const most = { statistic: Stats.MAXIMUM };
const average = { statistic: Stats.AVERAGE };
const p99 = { statistic: 'p99' };

/** Functions of CDK, which run at deployments alone: its provider framework, bucket deployments, and calls of the SDK. */
const OF_CDK = /^(framework-(onEvent|isComplete|onTimeout)$|Custom::|AWS[0-9a-f]{32}$)/;

/** The lines of a function's log. The filter reads `level`, which is in JSON alone. */
function watchLinesOf(alarms: Alarms, id: string, fn: LambdaFunction): void {
  const { logFormat, logGroup } = ((fn.node.defaultChild as CfnFunction).loggingConfig ??
    {}) as CfnFunction.LoggingConfigProperty;
  // CDK makes a custom resource for whoever asks for a log group that was not passed.
  if (logFormat !== 'JSON' || logGroup === undefined || alarms.isDecided(fn.logGroup)) return;
  const { scope } = fn.node;
  const path = scope instanceof HandlerFunction ? scope.node.path : fn.node.path;
  alarms.watchErrorLines(alarms.nameOf(fn) ?? id, fn.logGroup, path);
}

const functions: WatchedKind = {
  types: ['AWS::Lambda::Function'],
  find: (fn) => {
    if (!(fn instanceof LambdaFunction) || OF_CDK.test(fn.node.id)) return undefined;
    return {
      resource: fn,
      watch: (alarms, id) => alarms.watchFunction(id, fn),
      watchLines: (alarms, id) => watchLinesOf(alarms, id, fn),
      row: {
        title: 'Other functions',
        name: fn.functionName,
        graphs: { Errors: fn.metricErrors(), Throttles: fn.metricThrottles(), Duration: fn.metricDuration(p99) },
      },
    };
  },
};

const queues: WatchedKind = {
  types: ['AWS::SQS::Queue'],
  find: (queue) => {
    if (!(queue instanceof Queue)) return undefined;
    const messages = queue.metricApproximateNumberOfMessagesVisible();
    if (queue instanceof DeadLetterQueue) {
      const row = { title: 'Other dead-letter queues', name: queue.queueName, graphs: { 'Dead letters': messages } };
      return { resource: queue, watch: (alarms, id) => alarms.watchDeadLetters(id, queue), row };
    }
    const age = queue.metricApproximateAgeOfOldestMessage();
    const graphs = { 'Queue depth': messages, 'Age of the oldest message': age };
    return {
      resource: queue,
      watch: (alarms, id) => alarms.watchQueue(id, queue),
      row: { title: 'Other queues', name: queue.queueName, graphs },
    };
  },
};

const tables: WatchedKind = {
  types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
  find: (table) => {
    if (!(table instanceof Table || table instanceof TableV2)) return undefined;
    return {
      resource: table,
      watch: (alarms, id) => alarms.watchTable(id, table),
      row: {
        title: 'Other tables',
        name: table.tableName,
        graphs: {
          'Consumed read units': table.metricConsumedReadCapacityUnits(),
          'Consumed write units': table.metricConsumedWriteCapacityUnits(),
          'Throttled reads': table.metric('ReadThrottleEvents', sum),
          'Throttled writes': table.metric('WriteThrottleEvents', sum),
        },
      },
    };
  },
};

const topics: WatchedKind = {
  types: ['AWS::SNS::Topic'],
  find: (topic) => {
    if (!(topic instanceof Topic)) return undefined;
    return {
      resource: topic,
      watch: (alarms, id) => alarms.watchTopic(id, topic),
      row: {
        title: 'Other topics',
        name: topic.topicName,
        graphs: {
          'Published messages': topic.metricNumberOfMessagesPublished(),
          'Failed notifications': topic.metricNumberOfNotificationsFailed(),
        },
      },
    };
  },
};

const rules: WatchedKind = {
  types: ['AWS::Events::Rule'],
  find: (rule) => {
    if (!(rule instanceof Rule)) return undefined;
    const bus = busOf(rule);
    return {
      resource: rule,
      watch: (alarms, id) => alarms.watchRule(id, rule, bus),
      row: {
        title: 'Rules',
        name: rule.ruleName,
        graphs: {
          'Failed invocations': ruleMetric(rule, 'FailedInvocations', bus),
          'Sent to the dead-letter queue': ruleMetric(rule, 'InvocationsSentToDlq', bus),
        },
      },
    };
  },
};

/** The bus of a rule, by its name or ARN as the rule has it; undefined for the account's default bus. */
function busOf(rule: Rule): { readonly eventBusName: string } | undefined {
  const { eventBusName } = rule.node.defaultChild as CfnRule;
  return eventBusName === undefined || eventBusName === 'default' ? undefined : { eventBusName };
}

const pipes: WatchedKind = {
  types: ['AWS::Pipes::Pipe'],
  find: (pipe) => {
    if (!CfnPipe.isCfnPipe(pipe)) return undefined;
    return {
      resource: pipe,
      watch: (alarms, id) => alarms.watchPipe(id, pipe),
      row: {
        title: 'Pipes',
        name: pipe.ref,
        graphs: {
          'Failed executions': pipeMetric(pipe, 'ExecutionFailed', sum),
          'Throttled executions': pipeMetric(pipe, 'ExecutionThrottled', sum),
          Duration: pipeMetric(pipe, 'Duration', p99),
        },
      },
    };
  },
};

const workflows: WatchedKind = {
  types: ['AWS::StepFunctions::StateMachine'],
  find: (machine) => {
    if (!(machine instanceof StateMachine)) return undefined;
    return {
      resource: machine,
      watch: (alarms, id) => alarms.watchWorkflow(id, machine),
      row: {
        title: 'Other workflows',
        name: machine.stateMachineArn,
        graphs: {
          'Started executions': machine.metricStarted(),
          'Failed executions': machine.metricFailed(),
          'Timed-out executions': machine.metricTimedOut(),
          Duration: machine.metricTime(),
        },
      },
    };
  },
};

/** An API without a stage of its own answers no one yet. */
const apis: WatchedKind = {
  types: ['AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi'],
  find: (api) => {
    const title = 'Other APIs';
    if (api instanceof HttpApi && api.defaultStage !== undefined) {
      const graphs = {
        Requests: api.metricCount({ statistic: Stats.SAMPLE_COUNT }),
        'Client errors (4xx)': api.metricClientError(),
        'Server errors (5xx)': api.metricServerError(),
        'Latency p99': api.metricLatency(p99),
      };
      const watch = (alarms: Alarms, id: string) => alarms.watchHttpApi(api, undefined, id);
      return { resource: api, watch, row: { title, name: api.apiId, graphs } };
    }
    if (!(api instanceof RestApi) || api.deploymentStage === undefined) return undefined;
    const stage = api.deploymentStage;
    return {
      resource: api,
      watch: (alarms, id) => alarms.watchRestApi(api, undefined, undefined, id),
      row: {
        title,
        name: api.restApiName,
        graphs: {
          Requests: stage.metricCount(sum),
          'Client errors (4xx)': stage.metricClientError(),
          'Server errors (5xx)': stage.metricServerError(),
          'Latency p99': stage.metricLatency(p99),
        },
      },
    };
  },
};

const streams: WatchedKind = {
  types: ['AWS::Kinesis::Stream'],
  find: (stream) => {
    if (!(stream instanceof Stream)) return undefined;
    return {
      resource: stream,
      watch: (alarms, id) => watchStream(alarms, id, stream),
      row: {
        title: 'Other streams',
        name: stream.streamName,
        graphs: {
          'Incoming records': streamMetric(stream, 'IncomingRecords', Stats.SUM),
          'Iterator age': streamMetric(stream, 'GetRecords.IteratorAgeMilliseconds', Stats.MAXIMUM),
          'Write throttles': streamMetric(stream, 'WriteProvisionedThroughputExceeded', Stats.SUM),
          'Read throttles': streamMetric(stream, 'ReadProvisionedThroughputExceeded', Stats.SUM),
        },
      },
    };
  },
};

const streamConsumers: WatchedKind = {
  types: ['AWS::Lambda::EventSourceMapping'],
  find: (consumer) => {
    if (!(consumer instanceof StreamConsumer)) return undefined;
    const { mapping, handler, stream } = consumer;
    return {
      resource: mapping,
      watch: (alarms, id) => watchStreamConsumer(alarms, id, { fn: handler.function, mapping, stream: stream.stream }),
      row: {
        title: 'Other stream consumers',
        name: mapping.ref,
        graphs: {
          'Iterator age': handler.function.metric('IteratorAge', most),
          'Failed records': mappingMetric(mapping, 'OnFailureDestinationDeliveredEventCount'),
          'Dropped records': mappingMetric(mapping, 'DroppedEventCount'),
        },
      },
    };
  },
};

const deliveries: WatchedKind = {
  types: ['AWS::KinesisFirehose::DeliveryStream'],
  find: (block) => {
    if (!(block instanceof ParquetDelivery)) return undefined;
    const { delivery, stream, transform, interval } = block;
    return {
      resource: delivery,
      watch: (alarms, id) => {
        if (transform !== undefined) watchTransform(alarms, `${id}Transform`, transform.function);
        watchDelivery(alarms, id, { delivery, stream: stream.stream, interval });
      },
      row: {
        title: 'Other delivery streams',
        name: delivery.ref,
        graphs: {
          'Records written': deliveryMetric(delivery, 'DeliveryToS3.Records', Stats.SUM),
          Freshness: deliveryMetric(delivery, 'DeliveryToS3.DataFreshness', Stats.MAXIMUM),
          'Failed conversions': deliveryMetric(delivery, 'FailedConversion.Records', Stats.SUM),
        },
      },
    };
  },
};

const workgroups: WatchedKind = {
  types: ['AWS::Athena::WorkGroup'],
  find: (workgroup) => {
    if (!(workgroup instanceof QueryWorkgroup)) return undefined;
    return {
      resource: workgroup,
      watch: (alarms, id) => watchScans(alarms, id, workgroup),
      row: {
        title: 'Other workgroups',
        name: workgroup.workgroupName,
        graphs: { 'Bytes scanned': workgroup.metricScanned() },
      },
    };
  },
};

const clusters: WatchedKind = {
  types: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
  find: (cluster) => {
    if (!(cluster instanceof DatabaseCluster)) return undefined;
    const { serverlessV2ScalingConfiguration } = cluster.node.defaultChild as CfnDBCluster;
    // CDK knows it when all instances are known.
    const scaling: CfnDBCluster.ServerlessV2ScalingConfigurationProperty | undefined = Stack.of(cluster).resolve(
      serverlessV2ScalingConfiguration,
    );
    const { minCapacity, maxCapacity } = scaling ?? {};
    const serverless = scaling !== undefined;
    const isPostgres = cluster.engine?.engineType === 'aurora-postgresql';
    const connections =
      isPostgres && typeof minCapacity === 'number' && typeof maxCapacity === 'number'
        ? maxConnections(minCapacity, maxCapacity)
        : undefined;
    return {
      resource: cluster,
      watch: (alarms, id) => watchCluster(alarms, id, { cluster, maxConnections: connections, serverless }),
      row: {
        title: 'Other databases',
        name: cluster.clusterIdentifier,
        graphs: {
          'Capacity or CPU used (%)': clusterMetric(
            cluster.clusterIdentifier,
            serverless ? 'ACUUtilization' : 'CPUUtilization',
            most,
          ),
          Connections: clusterMetric(cluster.clusterIdentifier, 'DatabaseConnections', most),
          'Deadlocks per second': clusterMetric(cluster.clusterIdentifier, 'Deadlocks', sum),
        },
      },
    };
  },
};

const proxies: WatchedKind = {
  types: ['AWS::RDS::DBProxy'],
  find: (proxy) => {
    if (!(proxy instanceof DatabaseProxy)) return undefined;
    return {
      resource: proxy,
      watch: (alarms, id) => watchProxy(alarms, id, proxy),
      row: {
        title: 'Other proxies',
        name: proxy.dbProxyName,
        graphs: {
          'Client connections': proxyMetric(proxy.dbProxyName, 'ClientConnections', sum),
          'Database connections': proxyMetric(proxy.dbProxyName, 'DatabaseConnections', sum),
          'Connection borrow latency (µs)': proxyMetric(proxy.dbProxyName, 'DatabaseConnectionsBorrowLatency', average),
        },
      },
    };
  },
};

const caches: WatchedKind = {
  types: ['AWS::ElastiCache::ServerlessCache'],
  find: (cache) => {
    if (!(cache instanceof CfnServerlessCache)) return undefined;
    const { dataStorage } = (cache.cacheUsageLimits ?? {}) as CfnServerlessCache.CacheUsageLimitsProperty;
    const { maximum } = (dataStorage ?? {}) as CfnServerlessCache.DataStorageProperty;
    const largest = maximum === undefined ? undefined : Size.gibibytes(maximum);
    const name = cache.serverlessCacheName;
    return {
      resource: cache,
      watch: (alarms, id) => watchCache(alarms, id, { cache, largest }),
      row: {
        title: 'Other caches',
        name,
        graphs: {
          'Bytes used': cacheMetric(name, 'BytesUsedForCache', most),
          'Processing units': cacheMetric(name, 'ElastiCacheProcessingUnits', sum),
          Throttles: cacheMetric(name, 'ThrottledCmds', sum),
        },
      },
    };
  },
};

const distributions: WatchedKind = {
  types: ['AWS::CloudFront::Distribution'],
  find: (distribution) => {
    if (!(distribution instanceof Distribution)) return undefined;
    return {
      resource: distribution,
      watch: (alarms, id) => watchDistribution(alarms, id, distribution),
      row: {
        title: 'Distributions',
        name: distribution.distributionId,
        graphs: {
          Requests: distributionMetric(distribution, 'Requests'),
          'Client errors (4xx, %)': distributionMetric(distribution, '4xxErrorRate'),
          'Server errors (5xx, %)': distributionMetric(distribution, '5xxErrorRate'),
          'Bytes downloaded': distributionMetric(distribution, 'BytesDownloaded'),
        },
      },
    };
  },
};

const fargateApis: WatchedKind = {
  types: ['AWS::ECS::Service', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancingV2::TargetGroup'],
  find: (api) => {
    if (!(api instanceof FargateApi)) return undefined;
    const { service, task, metrics } = api;
    const { loadBalancer, targetGroup } = api.balancer;
    return {
      resource: service,
      watch: (alarms, id) => watchLoadBalancer(alarms, { loadBalancer, targetGroup, service }, id),
      watchLines: (alarms, id) => {
        if (!alarms.isDecided(task.logGroup)) alarms.watchErrorLines(id, task.logGroup, task.node.path);
      },
      row: {
        title: 'Other services',
        name: service.serviceName,
        graphs: {
          Requests: metrics.requests,
          'Server errors (5xx)': metrics.serverErrors,
          'Latency p99': metrics.latencyP99,
          CPU: metrics.cpu,
        },
      },
    };
  },
};

/** Its alarms are on its bill and its ports: there is nothing to see in a row. */
const natGateways: WatchedKind = {
  types: ['AWS::EC2::NatGateway'],
  find: (gateway) =>
    CfnNatGateway.isCfnNatGateway(gateway)
      ? { resource: gateway, watch: (alarms, id) => watchNat(alarms, id, gateway) }
      : undefined,
};

/** Everything that is found, by the resource types that it covers. */
export const WATCHED_KINDS: readonly WatchedKind[] = [
  ...[functions, queues, tables, topics, rules, pipes, workflows, apis, streams, streamConsumers, deliveries],
  ...[workgroups, clusters, proxies, caches, distributions, fargateApis, natGateways],
];

/** What a construct is found as; undefined for one that no kind watches. */
export function foundAs(node: IConstruct): Found | undefined {
  for (const { find } of WATCHED_KINDS) {
    const found = find(node);
    if (found !== undefined) return found;
  }
  return undefined;
}
